"""Required members may be null in a relaxed schema, and are told where they are."""

from __future__ import annotations

from typing import Any

import pytest
from generated import VALUES, schemas
from hypothesis import assume, given
from hypothesis import strategies as st

from structgen.errors import InvalidSchema, SchemaLimit
from structgen.longdoc.absence import absent, relaxed
from structgen.longdoc.absent_members import MAX_ABSENT
from structgen.schema import Schema

MEMBERS: dict[str, Any] = {
    "type": {"type": "number"},
    "types": {"type": ["number", "string"]},
    "enum": {"enum": ["a", "b"]},
    "typed-enum": {"type": "string", "enum": ["a", "b"]},
    "const": {"const": 3},
    "format": {"type": "string", "format": "date"},
    "reference": {"$ref": "#/$defs/N"},
    "all-of": {"allOf": [{"type": "number"}, {"minimum": 3}]},
    "union": {"anyOf": [{"type": "number"}, {"type": "string"}]},
    "object": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}},
    "list": {"type": "array", "items": {"type": "number"}},
    "not": {"not": {"type": "null"}},
}


@pytest.mark.parametrize("member", MEMBERS.values(), ids=MEMBERS)
def test_a_required_member_may_be_null(member: Any) -> None:
    """Whatever its keywords are, at the root and in items of lists."""
    row = {"type": "object", "properties": {"a": member}, "required": ["a"]}
    schema = Schema.parse(
        {"properties": {"rows": {"type": "array", "items": row}}, "$defs": {"N": {"type": "number"}}}
    )
    value = {"rows": [{"a": None}]}
    assert schema.violations(value)
    wide = relaxed(schema)
    assert Schema.parse(wide.definition).violations(value) == []
    assert wide.violations({"rows": [{}]})
    assert absent(schema, value) == ("/rows/0/a",)


def test_members_that_are_not_required_stay_as_they_are() -> None:
    """An optional member is left out instead."""
    schema = Schema.parse({"properties": {"a": {"type": "number"}}})
    assert relaxed(schema).violations({"a": None})
    assert absent(schema, {"a": None}) == ()


def test_null_that_the_schema_allows_is_not_absent() -> None:
    """A nullable member that is null says what the document says."""
    schema = Schema.parse({"properties": {"a": {"type": ["number", "null"]}}, "required": ["a"]})
    assert absent(schema, {"a": None}) == ()


def test_names_that_another_part_requires_are_relaxed() -> None:
    """`required` may stand beside the properties in another schema of the same object."""
    schema = Schema.parse(
        {"allOf": [{"properties": {"a": {"type": "number"}}}, {"required": ["a"]}, {"$ref": "#/$defs/B"}],
         "$defs": {"B": {"properties": {"b": {"type": "string"}}, "required": ["b"]}}}
    )  # fmt: skip
    assert relaxed(schema).violations({"a": None, "b": None}) == []
    assert absent(schema, {"a": None, "b": None}) == ("/a", "/b")


def test_the_tag_of_a_union_stays() -> None:
    """The constant that tells branches apart is never null, the other members may be."""
    branches = [
        {"type": "object", "properties": {"k": {"const": kind}, "v": {"type": type_}}, "required": ["k", "v"]}
        for kind, type_ in (("a", "number"), ("b", "string"))
    ]
    schema = Schema.parse({"oneOf": branches})
    assert relaxed(schema).violations({"k": "b", "v": None}) == []
    assert relaxed(schema).violations({"k": None, "v": 3})
    assert absent(schema, {"k": "b", "v": None}) == ("/v",)


def test_schemas_that_refer_to_themselves_are_relaxed() -> None:
    """Each level of a tree may lack its members."""
    tree = {"type": "object", "properties": {"n": {"type": "number"}, "kids": {"type": "array", "items": {"$ref": "#"}}},
            "required": ["n"]}  # fmt: skip
    schema = Schema.parse(tree)
    value = {"n": 1, "kids": [{"n": None, "kids": [{"n": None}]}]}
    assert relaxed(schema).violations(value) == []
    assert absent(schema, value) == ("/kids/0/n", "/kids/0/kids/0/n")


def test_the_pointers_are_bounded() -> None:
    """A column that is missing in every row is not listed without end."""
    schema = Schema.parse(
        {"type": "array", "items": {"properties": {"a": {"type": "number"}}, "required": ["a"]}}
    )
    assert len(absent(schema, [{"a": None}] * (MAX_ABSENT + 5))) == MAX_ABSENT


@given(schemas(2), VALUES)
def test_a_relaxed_schema_takes_all_that_the_callers_takes(definition: Any, value: Any) -> None:
    """Nothing that was valid becomes invalid."""
    try:
        schema = Schema.parse(definition)
    except (InvalidSchema, SchemaLimit):
        assume(False)
        raise
    assume(not schema.violations(value))
    assert relaxed(schema).violations(value) == []
    assert absent(schema, value) == ()


@given(st.dictionaries(st.sampled_from("ab"), schemas(1)), st.sets(st.sampled_from("ab")))
def test_null_for_required_members_is_valid(properties: dict[str, Any], required: set[str]) -> None:
    """Any required member that has a schema takes null once it is relaxed."""
    definition = {"properties": properties, "required": sorted(required)}
    try:
        schema = Schema.parse(definition)
    except (InvalidSchema, SchemaLimit):
        assume(False)
        raise
    assume(not any(properties.get(name) is False for name in required))
    assert relaxed(schema).violations(dict.fromkeys(required)) == []
