"""The lowered schema is never narrower, and what it leaves out is caught by validation."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen import json_text
from structgen.schema import Schema

pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
from llguidance import LLMatcher, LLTokenizer

OPTIONS: Any = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}
TOKENIZER = LLTokenizer("byte")


def accepts(grammar: Any, text: str) -> bool:
    """Whether the grammar lets this very text through, to its end."""
    made = LLMatcher.grammar_from_json_schema(json.dumps(grammar), defaults=OPTIONS)
    matcher = LLMatcher(TOKENIZER, made, log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    tokens = TOKENIZER.tokenize_str(text)
    return (
        matcher.validate_tokens(tokens) == len(tokens)
        and matcher.consume_tokens(tokens)
        and matcher.is_accepting()
    )


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        pytest.param({"oneOf": [{"type": "string"}, {"type": "integer"}]}, 3, id="oneOf"),
        pytest.param({"not": {"type": "string"}}, 3, id="not"),
        pytest.param({"type": "array", "uniqueItems": True}, [1, 2], id="uniqueItems"),
        pytest.param({"format": "no-such-format", "type": "string"}, "x", id="unknown-format"),
        pytest.param({"pattern": "^(?=a)a+$", "type": "string"}, "aa", id="lookahead"),
        pytest.param({"type": "object", "required": ["b"], "properties": {"a": {"type": "integer"}}}, {"a": 1, "b": 2}, id="required-undeclared"),
        pytest.param({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1, "b": 2}, id="if-then"),
        pytest.param({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"next": {"$ref": "#/$defs/n"}}}}}, {"next": {"next": {}}}, id="recursion"),
        pytest.param({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "additionalItems": {"type": "integer"}}, ["a", 1], id="tuple-of-draft-7"),
        pytest.param({"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/definitions/a", "type": "integer"}}}, {"x": "s"}, id="ref-siblings-of-draft-7"),
        pytest.param({"$defs": {"a": {"$anchor": "here", "type": "integer"}}, "$ref": "#here"}, 5, id="anchor"),
        pytest.param({"properties": {"outer": {"$id": "part", "$ref": "#/$defs/inner", "$defs": {"inner": {"properties": {"name": {"type": "string"}}}}}}, "$ref": "part"}, {"outer": {"name": "x"}, "name": "y"}, id="reference-into-an-embedded-resource"),
        pytest.param({"$id": "https://a.example/root", "properties": {"z": {"$ref": "part#/definitions/two"}, "y": {"$id": "part", "definitions": {"one": {"properties": {"b": True, "a": True}}, "two": {"$ref": "#/definitions/one"}}}}, "allOf": [{"$ref": "part#/definitions/two"}]}, {"a": 1, "b": 2, "z": {"a": 1, "b": 2}}, id="reference-inside-an-embedded-resource"),
        pytest.param({"const": {"a": 1, "b": [2]}}, {"a": 1, "b": [2]}, id="object-const"),
        pytest.param({"enum": ["a", 1, None, True]}, None, id="mixed-enum"),
        pytest.param({"type": "number", "minimum": 0, "maximum": 1}, 1e-06, id="small-number-beside-bounds"),
        pytest.param({"type": "number", "exclusiveMinimum": 0}, 2.5e18, id="large-number-beside-a-bound"),
        pytest.param({"type": "string"}, "a\x7fb", id="delete"),
    ],
)  # fmt: skip
def test_valid_values_pass_the_grammar(definition: Any, value: Any) -> None:
    """The grammar accepts the canonical serialisation of a valid value."""
    schema = Schema.parse(definition)
    assert schema.violations(value) == []
    assert accepts(schema.grammar, json_text.dumps(schema.arrange(value)))


LEAVES: list[tuple[Any, Any]] = [
    ({"type": "string", "maxLength": 5}, st.text("abcäöü \"\\\n", max_size=5)),
    ({"type": "integer", "minimum": -5, "maximum": 1000}, st.integers(-5, 1000)),
    ({"type": "boolean"}, st.booleans()),
    ({"type": ["string", "null"], "format": "date"}, st.one_of(st.none(), st.dates().map(str))),
    ({"enum": ["a", 2, None]}, st.sampled_from(["a", 2, None])),
    ({"oneOf": [{"type": "null"}, {"const": 7}]}, st.sampled_from([None, 7])),
    ({"type": "array", "items": {"type": "integer"}, "maxItems": 3}, st.lists(st.integers(-9, 9), max_size=3)),
]  # fmt: skip


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """An object schema and a value that it accepts."""
    names = draw(st.lists(st.sampled_from(["a", "b b", "ç", "d/e", "f"]), unique=True, max_size=4))
    properties, value = {}, {}
    required = []
    for name in names:
        part, values = draw(st.sampled_from(LEAVES))
        properties[name] = part
        if draw(st.booleans()):
            value[name] = draw(values)
            required += [name] if draw(st.booleans()) else []
    schema = {"type": "object", "properties": properties, "required": required}
    if draw(st.booleans()):
        schema["additionalProperties"] = False
    return schema, value


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_whatever_the_schema_accepts_the_grammar_accepts(pair: tuple[Any, Any]) -> None:
    """The grammar of a generated schema accepts the values that were generated for it."""
    schema = Schema.parse(pair[0])
    assert schema.violations(pair[1]) == []
    assert accepts(schema.grammar, json_text.dumps(schema.arrange(pair[1])))


def test_what_the_grammar_leaves_out_validation_catches() -> None:
    """The grammar leaves out `uniqueItems`, and validation reports its violation."""
    schema = Schema.parse({"type": "array", "items": {"type": "integer"}, "uniqueItems": True})
    assert isinstance(schema.grammar, dict)
    assert "uniqueItems" not in schema.grammar
    assert accepts(schema.grammar, "[1,1]")
    assert schema.violations([1, 1])[0].keyword == "uniqueItems"


DRAFTS = [f"http://json-schema.org/draft-0{n}/schema#" for n in (4, 7)] + [
    "https://json-schema.org/draft/2019-09/schema"
]
COUNTRIES = {
    "type": "object",
    "properties": {"country": {"type": "string"}, "zip": {"type": "string"}},
    "allOf": [
        {"if": {"properties": {"country": {"const": "UK"}}, "required": ["country"]}, "then": {"required": ["postcode"]}},
        {"if": {"properties": {"country": {"enum": ["US", "DE"]}}, "required": ["country"]}, "then": {"required": ["zip"]}},
        *(
            {"if": {"properties": {"country": {"const": f"{c}X"}}, "required": ["country"]}, "then": {"required": [f"id{c}"]}}
            for c in "ABCDEFGHIJ"
        ),
    ],
}  # fmt: skip
"""A dozen conditions on one member: one by one, their alternatives would be thousands."""


@pytest.mark.parametrize(
    ("definition", "valid", "invalid"),
    [
        ({"type": "number", "multipleOf": 1}, "-3", "1.5"),
        ({"type": "number", "multipleOf": 5}, "-5", "3"),
        ({"type": "number", "multipleOf": 0.5}, "-1.5", "0.3"),
        ({"type": "integer", "not": {"enum": [0, 1, 5]}}, "3", "1"),
        ({"patternProperties": {"^net": {"type": "null"}, "dir": {"type": "string"}}}, '{"dir":"x"}', '{"net":1}'),
        ({"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True}, "[3,1]", "[3,1,3]"),
        ({"type": "array", "items": {"enum": list(range(10))}, "uniqueItems": True}, "[3,1]", "[3,1,3]"),
        ({"type": "array", "contains": {"const": 1}}, "[0,0,1]", "[0,0]"),
        ({"type": "array", "not": {"items": {"type": "string"}}}, '["a",1]', '["a"]'),
        *(
            ({"$schema": draft, "type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": True}, '["a"]', '["a","a"]')
            for draft in DRAFTS
        ),
        ({"$schema": DRAFTS[1], "type": "array", "contains": {"type": "number"}, "maxItems": 2}, '["",1]', '["",""]'),
        (COUNTRIES, '{"country":"US","zip":"1"}', '{"country":"US"}'),
        (COUNTRIES, '{"country":"XX"}', '{"country":"AX"}'),
        (COUNTRIES, "{}", '{"country":"UK","zip":""}'),
        ({"type": "string", "pattern": "^\\s\\S$"}, '"\u00a0\u200b"', '" \ufeff"'),
        ({"type": "string", "pattern": "^[\\S]$"}, '"a"', '"\u2003"'),
        ({"type": "string", "pattern": "^[\\s-z]$"}, '"-"', '"a"'),
        ({"type": "string", "pattern": "^.$"}, '"\u0085"', '"\u2028"'),
        (
            {"oneOf": [{"required": [n], "properties": {"a": {"type": "null"}, n: {"type": "string"}}} for n in "xy"]},
            '{"a":null,"x":"","y":1}',
            '{"a":null,"x":"","y":""}',
        ),
    ],
    ids=lambda case: json.dumps(case)[:60],
)  # fmt: skip
def test_the_grammar_tells_them_apart(definition: Any, valid: str, invalid: str) -> None:
    """The grammar accepts the valid text and rejects the invalid one, before any validation."""
    grammar = Schema.parse(definition).grammar
    assert accepts(grammar, valid)
    assert not accepts(grammar, invalid)
