"""A grammar loses only what its compiler refuses, and the report calls that validated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import Schema

pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
from llguidance import LLTokenizer

from structgen.engines.guidance import fit_grammar
from structgen.engines.guidance.grammar_cache import compile_grammar, grammar_refusal

TOKENIZER = LLTokenizer("byte")


def accepting(schema: Schema) -> Callable[[Any], bool]:
    """Whether the schema's grammar accepts the canonical text of a value."""
    pristine = compile_grammar(TOKENIZER, schema.grammar)

    def accepts(value: Any) -> bool:
        matcher = pristine.deep_copy()
        tokens = TOKENIZER.tokenize_str(json_text.dumps(schema.arrange(value)))
        return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())

    return accepts


def _deep(levels: int) -> Any:
    schema: Any = {"type": "string"}
    for _ in range(levels):
        schema = {"if": {"properties": {"a": schema}}, "then": {"required": ["b"]}}
    return {"properties": {"deep": schema, "n": {"type": "integer"}}}


def _many(count: int, **more: Any) -> Any:
    return {"type": "object", "properties": {f"p{i}": {"type": "string"} for i in range(count)}, **more}


TREES = {
    "t": {"type": "object", "properties": {"child": {"$ref": "#/$defs/t"}, "n": {"type": "integer"}}},
    "u": {"properties": {"child": {"$ref": "#/$defs/u"}, "x": {"type": "string"}}},
}
UNDECIDED = {"type": "string", "pattern": "(foo|bar)+baz", "minLength": 5, "maxLength": 500}
LONG = "^(?:" + "|".join(f"[a-z]{{{i}}}-{i}" for i in range(1, 400)) + ")$"
CASES = [
    pytest.param(
        {"properties": {"a": UNDECIDED, "n": {"type": "integer"}}}, [{"a": "foobaz", "n": 1}], [{"n": "x"}, {"a": "foobar"}],
        "/properties/a/maxLength", "determine if regex is empty", id="pattern-and-length-that-cannot-be-decided",
    ),
    pytest.param(
        {"$defs": TREES, "allOf": [{"$ref": "#/$defs/t"}, {"$ref": "#/$defs/u"}]},
        [{"child": {"child": {"n": 1, "x": "y"}}, "n": 2, "x": ""}, {}], [{"n": "x"}, {"x": 1}],
        "/$defs/t/properties/n/type", "intersection stack level", id="recursion-named-by-two-parts",
    ),
    pytest.param(
        _many(500), [{"p0": "a", "p250": "b", "p499": "c"}, {"p300": "a", "p299": "b"}], [{"p0": 1}],
        "/properties/p499/type", "Current row has", id="hundreds-of-optional-members",
    ),
    pytest.param(
        _many(700, additionalProperties=False), [{"p699": "a"}, {"p0": "a", "p1": "b"}], [{"other": 1}, {"p0": 1}],
        "/properties/p699/type", "Current row has", id="hundreds-of-members-of-a-closed-object",
    ),
    pytest.param(
        {"type": "object", "properties": {"a": {"type": "string"}, "x.y(z)": {}} | _many(600)["properties"],
         "additionalProperties": False},
        [{"a": "b", "x.y(z)": 1, "p9": "x", "p599": "y"}], [{"xzy(z)": 1}],
        "/properties/p599/type", "Current row has", id="names-with-marks",
    ),
    pytest.param(
        {"type": "object", "properties": {"a": {"type": "string"}, "inner": _many(500)}, "required": ["a"]},
        [{"a": "x", "inner": {"p0": "a", "p400": "b"}}], [{"a": 1}, {"a": "x", "inner": {"p0": 1}}],
        "/properties/inner/properties/p400/type", "Current row has", id="hundreds-of-members-further-inside",
    ),
    pytest.param(
        _deep(16), [{"deep": {"a": "x", "b": 1}, "n": 1}, {"deep": {}, "n": 1}], [{"n": "x"}],
        "/properties/deep/if", "recursion limit", id="deeper-than-the-reader-goes",
    ),
    pytest.param(
        {"properties": {"d": {"type": "string"}, "v": {"allOf": [{"type": "string"}, {"type": "integer"}]}},
         "required": ["v"], "type": "object"},
        [], [{"d": 1}], "/required", "Unsatisfiable", id="a-member-that-cannot-be",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "valid", "invalid", "at", "reason"), CASES)
def test_a_refused_schema_gets_a_wider_grammar(
    definition: Any, valid: list[Any], invalid: list[Any], at: str, reason: str
) -> None:
    """It accepts every valid value, still refuses what it knows, and names what is only validated."""
    given = Schema.parse(definition)
    assert reason in str(grammar_refusal(given.grammar))
    schema, refused = fit_grammar(given)
    assert refused is None
    accepts = accepting(schema)
    assert [value for value in valid if not accepts(value)] == []
    assert [value for value in invalid if accepts(value)] == []
    assert schema.report[at].by == "validated"
    assert reason in schema.report[at].reason
    assert schema.key != given.key
    assert schema.hash == given.hash


def test_only_the_culprit_is_left_out() -> None:
    """Of forty patterns beside lengths, only the two that are too large are left out."""
    sound = {"type": "string", "pattern": "^[a-z]+$", "maxLength": 20}
    properties = {f"p{i}": UNDECIDED if i in (7, 31) else sound for i in range(40)}
    schema, _ = fit_grammar(Schema.parse({"type": "object", "properties": properties}))
    assert sorted(schema.report.validated) == sorted(
        f"/properties/p{i}/{word}" for i in (7, 31) for word in ("minLength", "maxLength")
    )


def test_two_faults_of_different_kinds_are_both_found() -> None:
    """Widening removes a second fault of another kind after the first."""
    definition = {"properties": {"a": UNDECIDED, "many": _many(400), "n": {"type": "integer"}}}
    schema, _ = fit_grammar(Schema.parse(definition))
    assert schema.report["/properties/a/pattern"].by == "decoded"
    assert schema.report["/properties/many/properties/p0/type"].by == "decoded"
    assert schema.report["/properties/n/type"].by == "decoded"
    assert accepting(schema)({"a": "foobaz", "many": {"p399": "x"}, "n": 1})


def test_a_long_pattern_has_a_grammar() -> None:
    """A pattern as long as those of published schemas compiles."""
    assert len(LONG) > 3_676
    schema, refused = fit_grammar(Schema.parse({"properties": {"a": {"type": "string", "pattern": LONG}}}))
    assert refused is None
    assert accepting(schema)({"a": "abc-3"})


def test_escaped_angles_are_angles() -> None:
    """Escaped angle brackets match themselves and not the boundaries of a word."""
    schema, _ = fit_grammar(Schema.parse({"type": "string", "pattern": "^\\<[\\<\\>]b\\>$"}))
    assert schema.report["/pattern"].by == "decoded"
    assert accepting(schema)("<>b>")
    assert not accepting(schema)("b")


def test_a_schema_that_is_taken_stays_the_same() -> None:
    """An accepted schema is returned as the same object, and its grammar's key is its hash."""
    schema = Schema.parse({"type": "object", "properties": {"a": {"type": "string"}}})
    assert fit_grammar(schema) == (schema, None)
    assert fit_grammar(schema)[0] is schema
    assert schema.key == schema.hash


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(False, id="false"),
        pytest.param({"allOf": [False]}, id="false-among-all-parts"),
        pytest.param({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [False, {"allOf": [False]}]}}}, id="by-reference"),
    ],
)  # fmt: skip
def test_what_accepts_nothing_has_no_grammar(definition: Any) -> None:
    """An unsatisfiable schema has no grammar: a widened one would only accept invalid values."""
    schema, refused = fit_grammar(Schema.parse(definition))
    assert schema.definition == definition
    assert isinstance(refused, InvalidSchema)
    assert "no grammar can be built" in str(refused)


def test_a_backend_that_takes_nothing_is_told() -> None:
    """A compiler that refuses everything raises an error after a bounded number of checks."""
    asked = 0

    def check(grammar: Any) -> str:
        nonlocal asked
        asked += 1
        return "not today"

    with pytest.raises(InvalidSchema, match="no grammar can be built: not today"):
        Schema.parse({"type": "object", "properties": {"a": UNDECIDED}}).fitted(check, 10)
    assert asked <= 13


def test_a_named_schema_keeps_its_grammar() -> None:
    """A schema under another name keeps its widened grammar."""
    schema, _ = fit_grammar(Schema.parse(_many(500)))
    assert schema.named("x").key == schema.key
