"""Lowering is never narrower than the schema, and what the report calls decoded holds in every decoded text."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import numpy as np
import pytest
from generated import VALUES, schemas
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from structgen import json_text
from structgen.errors import StructgenError
from structgen.schema import Registry, Schema
from structgen.schema.traversal import subschemas

llguidance = pytest.importorskip("llguidance", reason="needs the extra `local`")

from structgen.engines.guidance.grammar_cache import compile_grammar, grammar_refusal  # noqa: E402
from structgen.engines.guidance.number_range import JsonScanner  # noqa: E402

TOKENIZER = llguidance.LLTokenizer("byte")
ANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@ANY
@given(schemas(), st.lists(VALUES, min_size=3, max_size=8))
def test_whatever_the_schema_accepts_its_grammar_accepts(definition: Any, values: list[Any]) -> None:
    """The grammar accepts each valid value when it is compact and in declared order."""
    try:
        schema = Schema.parse(definition)
    except StructgenError:
        return
    valid = [value for value in values if not schema.violations(value)]
    if not valid:
        return
    matcher = compile_grammar(TOKENIZER, schema.fitted(grammar_refusal).grammar)
    for value in valid:
        assert accepts(matcher, json_text.dumps(schema.arrange(value)))


def accepts(matcher: Any, text: str) -> bool:
    copy, tokens = matcher.deep_copy(), TOKENIZER.tokenize_str(text)
    return bool(copy.try_consume_tokens(tokens) == len(tokens) and copy.is_accepting())


def decoded(matcher: Any, random: Random, longest: int = 400) -> str | None:
    """A random text of the grammar; None where it does not come to its end."""
    copy, text, written = matcher.deep_copy(), JsonScanner(), b""
    calm = random.random()
    while len(written) < longest and not copy.is_stopped():
        mask = np.frombuffer(copy.compute_bitmask(), dtype=np.uint8)
        allowed = [int(token) for token in np.flatnonzero(np.unpackbits(mask, bitorder="little"))]
        if not allowed:
            return None
        ends = [t for t in allowed if t in TOKENIZER.eos_tokens or TOKENIZER.decode_bytes([t]) in b'"}]']
        printable = [t for t in allowed if 32 <= TOKENIZER.decode_bytes([t])[0] < 127]
        drawn = random.choice(ends if ends and random.random() < calm else printable or allowed)
        if drawn in TOKENIZER.eos_tokens:
            break
        piece = TOKENIZER.decode_bytes([drawn])
        if not text.fits(piece):
            return None
        text.take(piece)
        copy.consume_token(drawn)
        written += piece
    return written.decode() if copy.is_accepting() or copy.is_stopped() else None


def broken(schema: Schema, value: Any) -> list[str]:
    """Pointers to the constraints that the value breaks, but for those within negations and the like."""
    places = {id(part): at for at, part in subschemas(schema.definition)}
    errors = schema._validator._validator.iter_errors(value)
    known = [e for e in errors if id(e.schema) in places and e.validator is not None]  # none: of `false`
    found = [f"{places[id(e.schema)]}/{e.validator}" for e in known]
    return [at for at in found if "/propertyNames/" not in at]


@ANY
@given(schemas(), st.integers(0, 2**32))
def test_what_is_decoded_is_never_broken(definition: Any, seed: int) -> None:
    """No text that the grammar accepts violates a constraint that the report calls decoded."""
    try:
        schema = Schema.parse(definition)
        matcher = compile_grammar(TOKENIZER, schema.grammar)
    except StructgenError:
        return
    text = decoded(matcher, Random(seed))
    try:
        value = json_text.loads(text or "")
    except json_text.JsonError:  # cut, or a key given twice
        return
    for at in broken(schema, value):
        assert schema.report[at].by == "validated", (at, text)


def test_what_stands_under_a_condition_known_in_part_is_validated() -> None:
    """Branches of a condition that the grammar enforces in part are validated: `null` passes the other one."""
    unsure = {"if": {}, "type": "null"}
    report = Schema.parse({"if": unsure, "then": {"type": "boolean"}, "else": {"type": "null"}}).report
    assert {at: report[at].by for at in report} == dict.fromkeys(
        ("/if", "/then/type", "/else/type"), "validated"
    )
    sure = Schema.parse(
        {"if": {"type": "null"}, "then": {"type": "boolean"}, "else": {"type": "null"}}
    ).report
    assert not sure.validated


X = {"x": {"type": "string"}}
TO_X = {"$ref": "#/$defs/x"}
OVERLAPPING = {"c": {"minLength": 1}, "b": TO_X}
"""The grammar takes the first alone: `bc` is a name of both."""


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param({"properties": {"a": TO_X}, "patternProperties": OVERLAPPING}, id="followed-elsewhere"),
        pytest.param({"patternProperties": OVERLAPPING}, id="followed-nowhere"),
        pytest.param({"additionalProperties": TO_X, "patternProperties": {**OVERLAPPING, "b": {}}}, id="others"),
        pytest.param({"patternProperties": {**OVERLAPPING, "b": {"properties": {"k": TO_X}}}}, id="inside"),
    ],
)  # fmt: skip
def test_what_a_reference_asks_for_is_validated_where_the_grammar_does_not_follow_it(definition: Any) -> None:
    """A target is validated where the grammar leaves out one of the references to it."""
    assert Schema.parse({**definition, "$defs": X}).report["/$defs/x/type"].by == "validated"


def test_what_a_branch_refers_to_is_decoded_with_the_branch() -> None:
    """A choice is decoded with the definitions that its branches refer to."""
    apart = [{"type": "object", "properties": {n: TO_X}, "required": [n]} for n in "ab"]
    assert not Schema.parse({"oneOf": apart[:1], "$defs": X}).report.validated


def test_a_count_of_members_that_a_pattern_names_is_validated() -> None:
    """llguidance only counts members without a declared name."""
    counted = {"type": "object", "maxProperties": 0, "patternProperties": {"^(a|b)$": True}}
    assert Schema.parse(counted).report["/maxProperties"].by == "validated"
    assert Schema.parse({"type": "object", "maxProperties": 0}).report["/maxProperties"].by == "decoded"


@pytest.mark.parametrize("name", Registry().names())
def test_shipped_schemas_are_decoded(name: str) -> None:
    """Texts of a shipped schema only violate constraints that its report calls validated."""
    schema = Registry().get(name)
    assert schema.report
    assert all(found.reason for found in schema.report.values() if found.by == "validated")
    matcher = compile_grammar(TOKENIZER, schema.grammar)
    for seed in range(5):
        text = decoded(matcher, Random(seed), 4000)
        if text is not None:
            assert set(broken(schema, json_text.loads(text))) <= set(schema.report.validated)


@pytest.mark.parametrize(
    ("definition", "at"),
    [
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "/oneOf"),
        ({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, "/oneOf"),
        ({"not": {"type": "string"}}, "/not"),
        ({"type": "string", "not": {"enum": ["a", "b"]}}, "/not"),
        ({"if": {"properties": {"k": {"const": 1}}, "required": ["k"]}, "then": {"required": ["v"]}}, "/if"),
        ({"type": "object", "dependentRequired": {"a": ["b"]}}, "/dependentRequired"),
        ({"type": "object", "properties": {"a": {}, "b": {}}, "minProperties": 1}, "/minProperties"),
        ({"type": "object", "properties": {"a": {}, "b": {}}, "maxProperties": 1}, "/maxProperties"),
        ({"properties": {"d": {"type": "string", "format": "date-time"}}}, "/properties/d/format"),
        ({"type": "number", "multipleOf": 1.0}, "/multipleOf"),
        ({"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True}, "/uniqueItems"),
        ({"type": "array", "contains": {"const": "a"}, "maxItems": 3}, "/contains"),
        ({"type": "array", "not": {"contains": {"type": "string"}}}, "/not"),
        ({"oneOf": [{"properties": {"a": {"type": "string"}, "b": {"type": "null"}}}, {"required": ["a"], "properties": {"a": {"type": "string"}}}]}, "/oneOf"),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True}, "/minimum"),
    ],
    ids=lambda case: case if isinstance(case, str) else json.dumps(case)[:50],
)  # fmt: skip
def test_these_are_decoded(definition: Any, at: str) -> None:
    """The grammar enforces desugared keywords, which grammar compilers lack."""
    assert Schema.parse(definition).report[at].by == "decoded"


@pytest.mark.parametrize(
    ("definition", "at"),
    [
        ({"type": "array", "uniqueItems": True}, "/uniqueItems"),
        ({"type": "array", "contains": {"const": 1}}, "/contains"),
        ({"type": "string", "format": "hostname"}, "/format"),
        ({"not": {"type": "array", "items": {"type": "string"}}}, "/not"),
        ({"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}, "/anyOf"),
        ({"type": "string", "pattern": "(?=a)b"}, "/pattern"),
        ({"type": "string", "pattern": "(?=a)b", "format": "date"}, "/pattern"),
        ({"type": "string", "pattern": '^[^"]*$'}, "/pattern"),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5}, "/exclusiveMinimum"),
        ({"contains": {"type": "number"}, "minContains": 2}, "/minContains"),
        ({"properties": {"a": {}}, "allOf": [{"maxProperties": 1}]}, "/allOf/0/maxProperties"),
        ({"properties": {"a": {}}, "$ref": "#/$defs/m", "$defs": {"m": {"minProperties": 1}}}, "/$defs/m/minProperties"),
        ({"properties": {"a": {}, "b": {}}, "if": {"minProperties": 1}, "then": {"required": ["a"]}}, "/if"),
    ],
    ids=lambda case: case if isinstance(case, str) else json.dumps(case)[:50],
)  # fmt: skip
def test_these_are_validated(definition: Any, at: str) -> None:
    """The report gives a reason for each validated constraint."""
    found = Schema.parse(definition).report[at]
    assert found.by == "validated"
    assert found.reason


def test_definitions_are_told_once_at_their_own_place() -> None:
    """The report has a definition at its own pointer, and none without a reference."""
    schema = Schema.parse(
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}, "unused": {"uniqueItems": True}}}
    )
    assert list(schema.report) == ["/$defs/a/type"]
