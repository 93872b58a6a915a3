"""The memoised property order equals the order computed for each value."""

from __future__ import annotations

from typing import Any

import generated
import pytest
from hypothesis import HealthCheck, given, settings

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.schema.reorder import reordered

D7 = "http://json-schema.org/draft-07/schema#"
TREE = {"properties": {"name": {}, "children": {"items": {"$ref": "#"}}}, "required": ["z"]}
CASES: list[Any] = [
    pytest.param({"properties": {"b": {}, "a": {}}}, {"x": 1, "a": 1, "b": 2}, '{"b":2,"a":1,"x":1}', id="declared"),
    pytest.param({"properties": {"b": {}}, "required": ["c", "a"]}, {"a": 1, "b": 2, "c": 3}, '{"b":2,"c":3,"a":1}', id="required"),
    pytest.param({"anyOf": [{"type": "null"}, {"properties": {"b": {}, "a": {}}}]}, {"a": 1, "b": 2}, '{"b":2,"a":1}', id="or-null"),
    pytest.param({"anyOf": [{"required": ["a"], "properties": {"b": {}, "a": {}}}, {"properties": {"a": {}, "b": {}}}]}, {"a": 1, "b": 2}, '{"b":2,"a":1}', id="alternatives"),
    pytest.param(TREE, {"z": 1, "children": [{"children": [], "name": 1}], "name": 2}, '{"name":2,"children":[{"name":1,"children":[]}],"z":1}', id="a-tree"),
    pytest.param({"prefixItems": [{"properties": {"b": {}, "a": {}}}], "items": {"properties": {"a": {}, "b": {}}}}, [{"a": 1, "b": 2}, {"b": 2, "a": 1}], '[{"b":2,"a":1},{"a":1,"b":2}]', id="items"),
    pytest.param({"$schema": D7, "items": [{}], "additionalItems": {"properties": {"b": {}, "a": {}}}}, [1, {"a": 1, "b": 2}], '[1,{"b":2,"a":1}]', id="items-after-a-tuple"),
    pytest.param({"oneOf": [{"anyOf": [{"type": "null"}, {"required": ["c"]}]}, {"properties": {"b": {}, "a": {}}, "required": ["a"]}]}, {"a": 1, "b": 2}, '{"b":2,"a":1}', id="alternatives-of-alternatives"),
    pytest.param({"properties": {"k": {"const": {"b": 1, "a": 2}}}}, {"k": {"a": 2, "b": 1}}, '{"k":{"b":1,"a":2}}', id="a-constant"),
    pytest.param({"patternProperties": {"^x": {"properties": {"b": {}, "a": {}}}}}, {"x1": {"a": 1, "b": 2}}, '{"x1":{"b":2,"a":1}}', id="by-pattern"),
    pytest.param({"properties": {"c": {}}, "patternProperties": {"^(b|a)$": {}}, "required": ["d"]}, {"d": 4, "a": 3, "b": 2, "c": 1}, '{"c":1,"b":2,"a":3,"d":4}', id="listed-by-pattern"),
    pytest.param({"dependentRequired": {"a": [], "b": ["c"]}}, {"a": 1, "c": 2, "b": 3}, '{"b":3,"c":2,"a":1}', id="dependent"),
    pytest.param({"additionalProperties": {"properties": {"b": {}, "a": {}}}}, {"k": {"a": 1, "b": 2}}, '{"k":{"b":2,"a":1}}', id="additional"),
    pytest.param({"allOf": [{"properties": {"b": {}}}, {"$ref": "#/$defs/x"}], "$defs": {"x": {"properties": {"a": {}}}}}, {"a": 1, "b": 2}, '{"b":2,"a":1}', id="merged"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "value", "text"), CASES)
def test_members_stand_in_their_order(definition: Any, value: Any, text: str) -> None:
    """Declared members come first, then required ones, then the others, on the first and on the second call."""
    schema = Schema.parse(definition)
    assert json_text.dumps(schema.arrange(value)) == text
    assert json_text.dumps(schema.arrange(value)) == text
    assert json_text.dumps(reordered([schema.definition], value, schema.resolve)) == text


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(generated.schemas(), generated.VALUES)
def test_the_order_is_that_of_the_slow_way(definition: Any, value: Any) -> None:
    """The memoised order equals that of `reordered`, for valid values of any schema."""
    try:
        schema = Schema.parse(definition)
    except InvalidSchema:
        return
    if schema.violations(value):
        return
    slow = reordered([schema.definition], value, schema.resolve)
    assert json_text.dumps(schema.arrange(value)) == json_text.dumps(slow)
