"""Duplicates in lists of unique values yield warnings, and change nothing else."""

import json
from typing import Any

import pytest
from generated import VALUES, schemas
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.schema.dialects import DIALECTS

URIS = {dialect.name: dialect.uri for dialect in DIALECTS}
TEXT: Any = {"type": "string"}


def doubled(schema: Any) -> Any:
    """The schema with each value of `enum`, `required` and the like twice."""
    if isinstance(schema, list):
        return [doubled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: [*part, *part]
        if keyword in ("enum", "required", "type") and isinstance(part, list)
        else part
        if keyword in ("const", "default", "enum")
        else doubled(part)
        for keyword, part in schema.items()
    }


@settings(max_examples=50, deadline=None)
@given(schemas(), st.lists(VALUES, max_size=3))
def test_verdicts_and_grammar_are_those_of_the_values_once(schema: Any, values: list[Any]) -> None:
    """Duplicates in a list change neither verdicts nor grammar, for any schema."""
    try:
        once = Schema.parse(schema)
    except InvalidSchema:  # crossed bounds and the like
        reject()
    twice = Schema.parse(doubled(schema))
    assert twice.grammar == once.grammar
    assert twice.report == once.report
    for value in values:
        assert bool(twice.violations(value)) == bool(once.violations(value))


@pytest.mark.parametrize("draft", URIS)
@pytest.mark.parametrize(
    ("keyword", "values", "at"),
    [
        ("enum", ["a", "b", "a"], "/enum"),
        ("enum", [1, 1.0, True, "1"], "/enum"),
        ("enum", [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}], "/enum"),
        ("enum", [None, None], "/enum"),
        ("required", ["a", "b", "a"], "/required"),
        ("type", ["string", "null", "string"], "/type"),
        ("dependencies", {"a": ["b", "b"]}, "/dependencies/a"),
        ("dependentRequired", {"a/b": ["b", "b"]}, "/dependentRequired/a~1b"),
    ],
    ids=str,
)
def test_each_is_a_warning_in_every_draft(draft: str, keyword: str, values: Any, at: str) -> None:
    """Every draft warns of a duplicate, with the pointer to its list."""
    schema = Schema.parse({"$schema": URIS[draft], keyword: values})
    assert [w.pointer for w in schema.warnings if w.code == "duplicate-value"] == [at]
    assert schema.definition[keyword] == values


@pytest.mark.parametrize(
    ("schema", "at"),
    [
        ({"required": ["a", 1, "a", 1]}, "/required/1"),
        ({"type": ["string", "strin", "string"]}, "/type/1"),
        ({"properties": {"a": {"required": [[], "a", "a"]}}}, "/properties/a/required/0"),
        ({"type": []}, "/type"),
        ({"enum": []}, "/enum"),
    ],
    ids=lambda case: case if isinstance(case, str) else json.dumps(case),
)
def test_what_is_wrong_besides_is_refused_at_its_place(schema: Any, at: str) -> None:
    """A schema with duplicates is refused for its other violations, each with its pointer."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse(schema)
    assert caught.value.violations[0].pointer == at


def test_draft_4_may_have_empty_lists_of_names() -> None:
    """Draft 4 accepts empty lists of names, which its meta-schema forbids and real schemas have."""
    schema = Schema.parse(
        {"$schema": URIS["draft4"], "required": [], "dependencies": {"a": []}, "properties": {"a": TEXT}}
    )
    assert schema.violations({"a": "b"}) == []
    assert schema.violations({"a": 1})


def test_what_is_required_and_forbidden_keeps_its_index() -> None:
    """The pointer to a contradictory name leads into the list as the caller wrote it."""
    with pytest.raises(InvalidSchema) as caught:
        Schema.parse({"type": "object", "required": ["a", "a", "b"], "properties": {"b": False}})
    assert caught.value.violations[0].pointer == "/required/2"
