"""A lowered schema has nothing that llguidance refuses, changes or crashes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from structgen.schema import Schema

llguidance = pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")

from structgen.engines.guidance.grammar_cache import check_grammar, compile_grammar  # noqa: E402

TOKENIZER = llguidance.LLTokenizer("byte")
D7 = "http://json-schema.org/draft-07/schema#"
LEAST = -(2**63)
CHAIN = {
    f"d{i}": {"properties": {"n": {"$ref": f"#/$defs/d{i + 1}"}, "m": {"$ref": f"#/$defs/d{max(0, i - 1)}"}}}
    for i in range(600)
}
SAME = {f"g{i}": {"$defs": {"same": {"type": "string"}}} for i in range(300)}
NEVER = {"never": {"not": {}}}


def accepts(grammar: Any, value: Any) -> bool:
    matcher = compile_grammar(TOKENIZER, grammar)
    tokens = TOKENIZER.tokenize_str(json.dumps(value, separators=(",", ":")))
    return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())


TAKEN = [
    pytest.param({"const": LEAST}, LEAST, id="least-integer"),
    pytest.param({"enum": [LEAST + 1, {"a": [-(10**22)]}]}, LEAST + 1, id="least-integers-in-values"),
    pytest.param({"type": "integer", "minimum": LEAST, "maximum": LEAST}, LEAST, id="least-bounds"),
    pytest.param({"const": 1234567890123456789}, 1234567890123456789, id="no-double"),
    pytest.param({"maximum": 2**53 + 1}, 2**53 + 1, id="no-double-for-a-bound"),
    pytest.param({"type": "number", "minimum": 0, "maximum": 2**63 - 1}, 5, id="largest-long"),
    pytest.param({"type": "integer", "minimum": 10**18}, 10**18 + 1, id="snowflakes"),
    pytest.param({"not": {"const": 10**18}}, 1, id="not-a-large-one"),
    pytest.param({"const": {"a": 1e-07}}, {"a": 1e-07}, id="exponents"),
    pytest.param({"type": "integer", "minimum": 0, "multipleOf": 2999999}, 2999999, id="large-divisor"),
    pytest.param({"allOf": [{"type": "number", "minimum": 0, "multipleOf": 9973}, {"multipleOf": 9967}]}, 0, id="two-divisors"),
    pytest.param({"allOf": [{"multipleOf": 1e8}, {"multipleOf": 0.5}]}, 100000000, id="two-divisors-of-any-sign"),
    pytest.param({"$defs": CHAIN | {"d600": {}}, "$ref": "#/$defs/d0"}, {"n": {"m": {}}}, id="many-circles"),
    pytest.param({"$defs": SAME, "properties": {n: {"$ref": f"#/$defs/{n}/$defs/same"} for n in SAME}}, {"g7": ""}, id="one-name-for-many"),
    pytest.param({"properties": {"card": {}}, "dependencies": {"card": ["addr"]}}, {"card": 1}, id="keyword-of-another-draft"),
    pytest.param({"$schema": D7, "contains": {"type": "integer"}, "minContains": 2}, [1], id="keyword-of-a-later-draft"),
    pytest.param({"if": {"not": {"type": "integer"}}, "then": {"type": "string"}, "else": {"minimum": 1}}, 5, id="if-not-integer"),
    pytest.param({"not": {"not": {"type": "integer"}}}, 5, id="not-not-integer"),
    pytest.param({"$schema": D7, "definitions": {"i": {"type": "integer"}}, "type": "integer", "oneOf": [{"$ref": "#/definitions/i", "type": "string"}]}, 3, id="beside-a-reference"),
    pytest.param({"type": "object", "properties": {"next": {"type": ["object", "null"], "oneOf": [{"$ref": "#"}, {"type": "null"}]}}}, {"next": {"next": None}}, id="recursion-in-one-of"),
    pytest.param({"type": "object", "properties": {"kids": {"items": {"type": "object", "oneOf": [{"$ref": "#"}]}}}}, {"kids": [{"kids": []}]}, id="recursion-in-items"),
    pytest.param({"properties": {"id": {}, "x": {"$ref": "#/$defs/never"}}, "$defs": NEVER}, {"id": 1}, id="optional-and-impossible"),
    pytest.param({"anyOf": [{"$ref": "#/$defs/never"}, {"type": "string"}], "$defs": NEVER}, "a", id="impossible-way"),
    pytest.param({"items": {"$ref": "#/$defs/never"}, "$defs": NEVER}, [], id="impossible-items"),
    pytest.param({"type": "integer", "minimum": 0, "allOf": [{"minimum": 0, "multipleOf": 2}, {"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"minimum": 0, "multipleOf": 3}}}, 6, id="one-divisor-twice"),
    pytest.param({"format": "email"}, "a@[127.0.0.1]", id="address-in-brackets"),
    pytest.param({"pattern": "^{,2}"}, "a", id="anchor-repeated"),
    pytest.param({"pattern": "^(^a$|^b$)$"}, "a", id="anchors-inside"),
    pytest.param({"pattern": "^^a"}, "ab", id="anchor-twice"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "value"), TAKEN)
def test_a_valid_value_has_its_text(definition: Any, value: Any) -> None:
    """The grammar compiles without delay or crash, and accepts the text of a valid value."""
    schema = Schema.parse(definition)
    assert schema.violations(value) == []
    assert accepts(schema.grammar, value)


LOOSE = [
    pytest.param({"type": "integer", "not": {"const": 2**53 + 2}}, "/not", id="not-a-large-one"),
    pytest.param({"const": 2**60 + 1}, "/const", id="no-double"),
    pytest.param({"pattern": "^[^!-/]$"}, "/pattern", id="a-quote-in-a-range"),
    pytest.param({"pattern": r"^[^\x5c]$"}, "/pattern", id="a-backslash-by-its-number"),
    pytest.param({"type": ["integer", "string"], "if": {"not": {"type": "integer"}}, "then": {"minLength": 1}, "else": {"minimum": 1}}, "/else/minimum", id="condition-known-in-part"),
    pytest.param({"if": {"not": {"items": {"type": "string"}}}, "then": True, "else": {"maxItems": 2}}, "/if", id="condition-on-items"),
    pytest.param({"not": {"not": {"type": "string", "format": "uri"}}}, "/not", id="format-in-a-negation"),
    pytest.param({"not": {"not": {"type": "array", "uniqueItems": True}}}, "/not", id="unique-in-a-negation"),
    pytest.param({"$schema": D7, "definitions": {"i": {"type": "integer"}}, "oneOf": [{"$ref": "#/definitions/i", "type": "string"}, {"type": "integer"}]}, "/oneOf", id="beside-a-reference"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "at"), LOOSE)
def test_what_it_does_not_enforce_is_not_called_decoded(definition: Any, at: str) -> None:
    """The report calls constraints that the grammar only enforces in part validated."""
    assert at in Schema.parse(definition).report.validated


DOUBLED = {
    f"d{i}": {"oneOf": [{"properties": {n: {"$ref": f"#/$defs/d{i + 1}"} for n in "ab"}}, {"type": "null"}]}
    for i in range(40)
}
TOLD = [
    pytest.param({"oneOf": [{"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}}, "required": ["kids"]}, {"type": "string"}]}, "/oneOf", id="a-choice-in-itself"),
    pytest.param({"$ref": "#/$defs/d0", "$defs": DOUBLED | {"d40": {"type": "string"}}}, "/$defs/d39/oneOf/1/type", id="many-ways-to-one"),
    pytest.param({"$schema": D7, "$ref": "#/components/A", "components": {"A": {"type": "object", "required": ["a"]}}}, "/components/A/required", id="beside-a-reference-and-referred-to"),
    pytest.param({"properties": {"d": {"$ref": "#/parts/dependencies"}}, "parts": {"dependencies": {"type": "integer"}}}, "/parts/dependencies/type", id="named-like-a-foreign-keyword"),
    pytest.param({"type": "integer", "minimum": 0, "maximum": 2**63 - 1}, "/minimum", id="beside-a-large-bound"),
    pytest.param({"type": "number", "exclusiveMinimum": 1e-5}, "/exclusiveMinimum", id="small-bound"),
    pytest.param({"oneOf": [{"type": "string", "not": {"enum": ["a"]}}, {"type": "integer"}]}, "/oneOf", id="a-branch-with-a-negation"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "at"), TOLD)
def test_what_it_enforces_is_called_decoded(definition: Any, at: str) -> None:
    """The report has constraints at their pointers in the caller's document."""
    assert Schema.parse(definition).report[at].by == "decoded"


@pytest.mark.parametrize("large", [LEAST, 1234567890123456789, [1e30]], ids=str)
def test_a_retry_pins_no_number_that_it_would_change(large: Any) -> None:
    """A retry pins the valid members beside a number that the grammar would change."""
    properties = {"id": {}, "name": {"type": "string"}, "code": {"type": "string", "pattern": "(?=A)A\\d"}}
    schema = Schema.parse({"type": "object", "properties": properties, "required": [*properties]})
    value = {"id": large, "name": "x", "code": "B1"}
    grammar = schema.pinned_grammar(value, schema.violations(value))
    assert accepts(grammar, value | {"code": "A1"})
    assert not accepts(grammar, value | {"code": "A1", "name": "y"})


def test_what_its_reader_does_not_take_is_an_error_of_the_schema() -> None:
    """A number of 400 digits, or a lowered schema that is too deep to read, is an `InvalidSchema`."""
    from structgen.errors import InvalidSchema

    deep: Any = {"type": "string"}
    for _ in range(16):
        deep = {"if": {"properties": {"a": deep}}, "then": {"required": ["b"]}}
    for definition in (deep, {"minLength": 10**400}):
        with pytest.raises(InvalidSchema, match="no grammar can be built"):
            check_grammar(Schema.parse(definition).grammar)
