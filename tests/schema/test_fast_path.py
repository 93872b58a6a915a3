"""The fast path says "surely valid" only where the full validator finds nothing, at a bounded cost."""

from __future__ import annotations

import json
import pickle
from typing import Any

import generated
import pytest
from hypothesis import HealthCheck, given, settings

from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.schema.validation.fast_path import MAX_WORK
from structgen.schema.validation.schema_weight import weight_of

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 3, 7, 1.0, -0.0, 0.5, 2.5, 1e300, 2**53, 2**53 + 1, 2**63, 2**64, 10**30,
    -(10**30), "", "a", "ab", "abc", "A", "é", "𝒳", "𝒳𝒳", "e\u0301", "a\n", "\n", "a\r", "1", "12", "١٢", "a_b", "ａ",
    "2024-02-29", "2023-02-29", "2024-01-01T00:00:00Z", "2024-01-01t23:59:60z", "2024-01-01 00:00:00Z",
    "12:00:00Z", "12:00:00", "a@b.example", "a@b", "@", "a b@c", '"a b"@c.example', "127.0.0.1", "01.2.3.4",
    "256.1.1.1", "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
    "123e4567e89b12d3a456426614174000", [], [1], [1, 1], [1, 1.0], [1, True], [0, False], ["a", "a"],
    [{"a": 1, "b": 2}, {"b": 2, "a": 1}], [[1], [True]], [1, "a"], ["a", 1], [1, 2, 3, 4], [{}], [[]], {},
    {"a": 1}, {"a": "x"}, {"a": None}, {"b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"a/b": 1, "~": 2},
    {"x1": 1}, {"x1": "a"}, {"": 1}, {"é": 1}, {"a": {"a": {"a": 1}}}, {"a": [1, 2]}, {"a": {"b": [{"a": True}]}},
]  # fmt: skip
"""Ordinary values, and those about which implementations differ."""

SCHEMAS: list[Any] = [
    True, {}, *({"type": name} for name in ("null", "boolean", "integer", "number", "string", "array", "object")),
    {"type": ["integer", "null"]}, {"enum": [1, "a", None, [1], {"a": 1}]}, {"enum": [True, 0]}, {"const": 1},
    {"const": 1.0}, {"const": False}, {"const": {"a": 1, "b": 2}}, {"const": [1, True]}, {"minLength": 2},
    {"maxLength": 1}, {"minimum": 1}, {"maximum": 2**53}, {"exclusiveMinimum": 0}, {"exclusiveMaximum": 2.5},
    {"minimum": -0.5, "maximum": 1}, {"pattern": "^a"}, {"pattern": "a$"}, {"pattern": "^[a-z]+$"},
    {"pattern": "^[^a]*$"}, {"pattern": r"^\d+$"}, {"pattern": r"^\w+$"}, {"pattern": "^(a|b)*$"},
    {"pattern": "b"}, {"pattern": "^.{2}$"}, {"pattern": r"^\S+$"}, {"pattern": r"^[\w-]{1,3}$"}, {"pattern": "^$"},
    *({"format": name} for name in ("date", "time", "date-time", "email", "ipv4", "uuid", "ipv6", "uri", "regex")),
    {"items": {"type": "integer"}}, {"prefixItems": [{"type": "integer"}], "items": False}, {"minItems": 2},
    {"maxItems": 1}, {"uniqueItems": True}, {"contains": {"const": 1}}, {"contains": {"type": "string"}, "minContains": 0},
    {"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3}, {"required": ["a"]},
    {"properties": {"a": {"type": "integer"}}, "additionalProperties": False}, {"minProperties": 2},
    {"maxProperties": 1}, {"properties": {"a/b": {"type": "string"}, "~": False}}, {"propertyNames": {"maxLength": 1}},
    {"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
    {"additionalProperties": {"type": "integer"}}, {"dependentRequired": {"a": ["b"]}},
    {"dependentSchemas": {"a": {"required": ["b"]}}}, {"not": {"type": "object"}}, {"not": {"format": "date"}},
    {"not": {"pattern": r"^\w+$"}}, {"not": {"const": 1}}, {"anyOf": [{"type": "string"}, {"minimum": 2}]},
    {"oneOf": [{"minimum": 1}, {"type": "integer"}]}, {"allOf": [{"minimum": 1}, {"maximum": 2}]},
    {"if": {"type": "object"}, "then": {"required": ["a"]}, "else": {"type": "string"}},
    {"readonly": True, "format": "int32", "x": {"type": "nonsense"}}, {"not": {"format": "duration"}},
    {"$ref": "#/$defs/x", "$defs": {"x": {"type": "integer"}}},
    {"$ref": "#/$defs/x", "maximum": 1, "$defs": {"x": {"type": "integer"}}},
    {"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"$ref": "#/$defs/y"}, "y": {"minimum": 1}}},
]  # fmt: skip
DRAFTS = ["draft-04/schema#", "draft-06/schema#", "draft-07/schema#", "2019-09/schema", "2020-12/schema"]


def of_draft(definition: Any, draft: str) -> Any:
    if not isinstance(definition, dict):
        return definition
    base = "https" if draft.startswith("20") else "http"
    middle = "draft/" if draft.startswith("20") else ""
    return {"$schema": f"{base}://json-schema.org/{middle}{draft}", **definition}


@pytest.mark.parametrize("draft", DRAFTS)
def test_surely_valid_is_what_the_judge_takes(draft: str) -> None:
    """The fast path accepts only values that the full validator accepts, for each keyword and disputed values."""
    sure = valid = 0
    for definition in SCHEMAS:
        try:
            schema = Schema.parse(of_draft(definition, draft))
        except InvalidSchema:  # no schema of this draft
            continue
        for value in VALUES:
            violations, surely = schema.violations(value), schema.surely_valid(value)
            assert not (surely and violations), (definition, value, violations)
            sure, valid = sure + surely, valid + (not violations)
    assert sure > 0.7 * valid


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(generated.schemas(), generated.VALUES, generated.VALUES)
def test_surely_valid_is_what_the_judge_takes_of_any_schema(definition: Any, one: Any, other: Any) -> None:
    """The fast path accepts only values that the full validator accepts, for nested schemas of all keywords."""
    try:
        schema = Schema.parse(definition)
    except InvalidSchema:
        return
    for value in (one, other):
        assert not (schema.surely_valid(value) and schema.violations(value))


TO_THE_JUDGE: list[Any] = [
    pytest.param({"$ref": "#"}, id="recursion"),
    pytest.param({"$defs": {"t": {"items": {"$ref": "#/$defs/t"}}}, "$ref": "#/$defs/t"}, id="a-tree"),
    pytest.param({"$dynamicRef": "#x", "$defs": {"x": {"$dynamicAnchor": "x"}}}, id="a-dynamic-reference"),
    pytest.param({"properties": {"a": {"$id": "http://a.example/"}}}, id="an-embedded-resource"),
    pytest.param({"multipleOf": 0.01}, id="decimal-fractions"),
    pytest.param({"unevaluatedProperties": False}, id="unevaluated"),
    pytest.param({"nullable": True}, id="open-api"),
    pytest.param({"maximum": 2**60}, id="a-bound-that-is-no-double"),
    pytest.param({"const": 10**20}, id="a-constant-that-is-no-double"),
    pytest.param({"pattern": "^.+$"}, id="any-character"),
    pytest.param({"pattern": r"^\s$"}, id="white-space"),
    pytest.param({"pattern": "^(?=a)"}, id="a-look-ahead"),
    pytest.param({"pattern": "^(a{99}){99}$"}, id="counts-of-counts"),
    pytest.param({"pattern": "^((a+)+)+$"}, id="groups-in-groups"),
    pytest.param({"format": "idn-hostname"}, id="a-costly-format"),
    pytest.param({"enum": ["x" * 40] * 1 + [str(n) * 20 for n in range(2000)]}, id="a-large-enum"),
    pytest.param({"$defs": {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(30)} | {"d30": {"type": "null"}}, "$ref": "#/$defs/d0"}, id="references-that-double"),
]  # fmt: skip


@pytest.mark.parametrize("definition", TO_THE_JUDGE)
def test_what_may_be_costly_or_disputed_is_left_to_the_judge(definition: Any) -> None:
    """A schema with costly or disputed keywords has no weight, and the fast path accepts no value under it."""
    schema = Schema(definition, "draft2020-12")
    assert weight_of(definition, schema._dialect) is None
    assert not schema.surely_valid({})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("\ud800", id="half-a-surrogate-pair"),
        pytest.param(json.loads("[" * 600 + "]" * 600), id="nested-too-deeply"),
        pytest.param("x" * (8 * MAX_WORK), id="too-large"),
        pytest.param([[] for _ in range(600)], id="too-many-containers"),
    ],
)
def test_a_value_that_is_no_ordinary_json_is_left_to_the_judge(value: Any) -> None:
    """The fast path does not accept odd or large values, even under a schema that allows all."""
    assert not Schema.parse({"title": "anything", "maxLength": 10**8}).surely_valid(value)


def test_a_schema_is_weighed_once_and_compiled_where_it_is_used() -> None:
    """A pickled schema carries its weight, but not its compiled fast path."""
    schema = Schema.parse({"type": "integer"})
    assert schema.surely_valid(1)
    there = pickle.loads(pickle.dumps(schema))
    assert there.__dict__["fast_weight"] == schema.fast_weight
    assert "_fast" not in there.__dict__
    assert there.surely_valid(1)


@pytest.mark.parametrize("name", ["$defs", "definitions"])
def test_a_reference_to_a_definition_takes_the_fast_path(name: str) -> None:
    """A schema whose parts are definitions, as those of Pydantic models are, is decided fast."""
    schema = Schema.parse({"$ref": f"#/{name}/x", name: {"x": {"type": "integer"}}})
    assert schema.surely_valid(1)
    assert not schema.surely_valid("1")
