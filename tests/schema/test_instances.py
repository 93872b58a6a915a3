"""Instances are generated for schemas, and replace the invalid parts of values."""

from typing import Any

import pytest
from generated import VALUES, schemas
from hypothesis import HealthCheck, given, settings

from structgen.errors import StructgenError
from structgen.schema import Schema

LONG = 1_000


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "array", "contains": {"type": "integer", "multipleOf": 7, "minimum": 1}},
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "required": ["a"]},
        {"type": "array", "not": {"items": {"type": "string"}}, "minItems": 2, "uniqueItems": True},
        {"type": "object", "not": {"patternProperties": {"^cd": False}}},
        {"type": "object", "not": {"propertyNames": {"enum": ["a", "b"]}}},
        {"type": "integer", "minimum": 1, "oneOf": [{"multipleOf": 5}, {"multipleOf": 10}], "multipleOf": 7},
        {"type": "string", "format": "uri", "pattern": "^http", "not": {"const": "http://a.co"}},
        {"type": "string", "oneOf": [{"pattern": "^a"}, {"pattern": "b$"}], "minLength": 4},
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "required": ["a"], "type": "object"},
        {"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"n": {"$ref": "#/$defs/n"}}}}},
    ],
    ids=lambda definition: str(definition)[:60],
)
def test_a_valid_value_is_found(definition: Any) -> None:
    """A valid instance is generated from the schema alone."""
    schema = Schema.parse(definition)
    found = schema.patched(None, LONG)
    assert found is not None
    assert schema.violations(found[0]) == []


def test_only_what_is_wrong_is_replaced() -> None:
    """Patching replaces the invalid part alone, also deep inside the closest branch."""
    place = {"properties": {"kind": {"const": "place"}, "link": {"type": "string", "format": "uri"}}}
    person = {"properties": {"kind": {"const": "person"}, "age": {"type": "integer"}}}
    schema = Schema.parse({"type": "object", "oneOf": [place, person], "required": ["kind"]})
    found = schema.patched({"kind": "place", "link": "no link", "name": "x"}, LONG)
    assert found is not None
    assert found[1] == ("/link",)
    assert {**found[0], "link": None} == {"kind": "place", "link": None, "name": "x"}


def test_what_would_be_too_long_is_made_anew() -> None:
    """A patched value that is too long is replaced by a short instance."""
    schema = Schema.parse({"type": "array", "contains": {"const": 1}, "items": {"type": "integer"}})
    assert schema.patched([2] * 50, 10) == ([1], ("",))


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ({"const": "x" * 40}, None),
        ({"type": "string", "minLength": 40}, "y" * 40),
        ({"type": "object", "required": ["name", "number", "address"]}, {}),
    ],
    ids=["patched", "valid as it is", "all instances"],
)
def test_no_patched_value_is_longer_than_the_maximum(definition: Any, value: Any) -> None:
    """Without a valid value that is short enough, patching returns None rather than a longer one."""
    schema = Schema.parse(definition)
    assert schema.patched(value, 100) is not None
    assert schema.patched(value, 10) is None


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(schemas(), VALUES)
def test_what_is_mended_is_valid(definition: Any, value: Any) -> None:
    """A patched value is valid for any schema and value, and a valid value stays as it is."""
    try:
        schema = Schema.parse(definition)
    except StructgenError:
        return
    found = schema.patched(value, LONG)
    if not schema.violations(value):
        assert found is not None
        assert found[1] == ()
    if found is not None:
        assert schema.violations(found[0]) == []
