"""The schemas of segments take what the caller's schema takes, and items of lists are the caller's."""

from __future__ import annotations

from typing import Any

import pytest
from generated import VALUES, schemas
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from structgen.errors import InvalidSchema, SchemaLimit
from structgen.longdoc.segment_schema import frame_schema, list_schema, part_schema
from structgen.schema import Schema

LINE = {
    "type": "object",
    "properties": {"date": {"type": "string"}, "amount": {"type": "number"}},
    "required": ["date", "amount"],
}
STATEMENT = {
    "type": "object",
    "properties": {
        "account": {"type": "string"},
        "lines": {"type": "array", "items": LINE, "minItems": 5, "uniqueItems": True},
    },
    "required": ["account", "lines"],
    "additionalProperties": False,
}


def derived(schema: Schema | None) -> Schema:
    """Return the schema, which must be one that can be parsed."""
    assert schema is not None
    return Schema.parse(schema.definition)


def test_a_list_stands_alone_with_the_number_of_its_rows() -> None:
    """Other members are not asked for, and keywords of the whole list give way to the number of rows."""
    schema = derived(list_schema(Schema.parse(STATEMENT), "/lines", 2))
    row = {"date": "1 May", "amount": 3}
    assert schema.violations({"lines": [row, row]}) == []
    assert schema.violations({"lines": [row]})
    assert schema.violations({"lines": [row, row], "account": "x"})
    assert schema.violations({"lines": [row, {"date": "1 May"}]})


def test_a_list_of_unknown_rows_has_any_number() -> None:
    """Without a number of rows the list takes none as well as many."""
    schema = derived(list_schema(Schema.parse(STATEMENT), "/lines"))
    assert schema.violations({"lines": []}) == []


def test_a_list_at_the_root_stays_one() -> None:
    """The schema of a root list is that of a list."""
    schema = derived(list_schema(Schema.parse({"type": "array", "items": LINE, "minItems": 9}), "", 1))
    assert schema.violations([{"date": "1 May", "amount": 3}]) == []
    assert schema.violations([])


ODD = {
    "reference": {"$ref": "#/$defs/S", "$defs": {"S": {"properties": {"a": {"$ref": "#/$defs/L"}}},
                  "L": {"type": "array", "items": {"type": "integer"}}}},
    "optional": {"properties": {"a": {"anyOf": [{"type": "array", "items": {"type": "integer"}},
                                                {"type": "null"}]}}},
    "all-of": {"allOf": [{"properties": {"a": {"items": {"type": "integer"}}}},
                         {"properties": {"a": {"type": "array", "minItems": 3}}}]},
    "draft-4-siblings": {"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://x.test/s",
                         "$ref": "#/definitions/S", "required": ["never"],
                         "definitions": {"S": {"properties": {"a": {"type": "array",
                                                                     "items": {"type": "integer"}}}}}},
    "anchor": {"$id": "http://x.test/s", "properties": {"a": {"type": "array", "items": {"$ref": "#whole"}}},
               "$defs": {"W": {"$anchor": "whole", "type": "integer"}}},
    "embedded": {"properties": {"a": {"$ref": "list"}},
                 "$defs": {"L": {"$id": "http://x.test/list", "type": "array", "items": {"$ref": "#/$defs/I"},
                                 "$defs": {"I": {"type": "integer"}}}}, "$id": "http://x.test/s"},
    "by-place": {"properties": {"b": {"type": "integer"},
                                "a": {"type": "array", "items": {"$ref": "#/properties/b"}}}},
    "pattern": {"properties": {"a": {"type": "array"}}, "patternProperties": {"^a": {"items": {"type": "integer"}}}},
    "unevaluated": {"properties": {"a": {"type": "array", "items": {"type": "integer"}}},
                    "unevaluatedProperties": False},
    "nullable": {"properties": {"a": {"type": "array", "nullable": True, "items": {"type": "integer"}}}},
    "beside-conditions": {"properties": {"a": {"type": "array", "items": {"type": "integer"}}},
                          "if": {"required": ["b"]}, "then": {"required": ["c"]}},
}  # fmt: skip


@pytest.mark.parametrize("definition", ODD.values(), ids=ODD)
def test_lists_are_found_behind(definition: Any) -> None:
    """References, unions with null, allOf and identifiers are followed."""
    schema = derived(list_schema(Schema.parse(definition), "/a", 2))
    assert schema.violations({"a": [1, 2]}) == []
    assert schema.violations({"a": [1, "2"]})
    assert schema.violations({"a": [1]})


UNSOUND = {
    "branches": {"oneOf": [{"properties": {"k": {"const": 1}, "a": {"items": {"type": "integer"}}}},
                           {"properties": {"k": {"const": 2}, "a": {"items": {"type": "string"}}}}]},
    "condition": {"properties": {"a": {"type": "array", "items": {"type": "integer"}}},
                  "if": {"required": ["b"]}, "then": {"properties": {"a": {"items": {"minimum": 3}}}}},
    "tuple": {"properties": {"a": {"type": "array", "prefixItems": [{"type": "integer"}], "items": False}}},
    "dynamic": {"properties": {"a": {"type": "array", "items": {"$dynamicRef": "#i"}}},
                "$defs": {"i": {"$dynamicAnchor": "i", "type": "integer"}}},
    "absent": {"properties": {"b": {"type": "array"}}},
    "no-list": {"properties": {"a": {"type": "string"}}},
}  # fmt: skip


@pytest.mark.parametrize("definition", UNSOUND.values(), ids=UNSOUND)
def test_there_is_no_schema_for(definition: Any) -> None:
    """Where an item depends on more than itself, no schema of the list is derived."""
    assert list_schema(Schema.parse(definition), "/a", 2) is None


def test_items_of_a_recursive_schema_keep_their_lists_whole() -> None:
    """Keywords of whole lists stay where a list stands inside of an item."""
    tree = {"properties": {"a": {"type": "array", "minItems": 2, "items": {"$ref": "#"}}}}
    schema = derived(list_schema(Schema.parse(tree), "/a", 1))
    assert schema.violations({"a": [{}]}) == []
    assert schema.violations({"a": [{"a": [{}]}]})


@st.composite
def _documents(draw: st.DrawFn) -> tuple[Schema, Any]:
    items, frame = draw(schemas(1)), draw(schemas(1))
    inner = {"type": "array", "items": items, "minItems": draw(st.integers(0, 2))}
    definition = {
        "allOf": [frame] if draw(st.booleans()) else [],
        "properties": {"a": inner, "b": draw(schemas(1))},
        "required": draw(st.lists(st.sampled_from("ab"), unique=True)),
    }
    if not definition["allOf"]:
        del definition["allOf"]
    try:
        return Schema.parse(definition), draw(VALUES)
    except (InvalidSchema, SchemaLimit):
        assume(False)
        raise


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(_documents())
def test_each_item_is_one_of_the_callers(document: tuple[Schema, Any]) -> None:
    """An item under the derived schema is valid in the caller's list, and an invalid one is invalid."""
    schema, item = document
    alone = list_schema(schema, "/a", 1)
    assume(alone is not None)
    assert alone is not None
    if not alone.violations({"a": [item]}):
        assert not [v for v in schema.violations({"a": [item]}) if v.pointer.startswith("/a/0")]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(_documents(), st.dictionaries(st.sampled_from("abc"), VALUES))
def test_frames_and_parts_take_what_is_left_of_a_valid_value(
    document: tuple[Schema, Any], value: dict[str, Any]
) -> None:
    """A valid value is valid as a part; without its list it is valid as a frame."""
    schema, _ = document
    assume(not schema.violations(value))
    if (part := part_schema(schema)) is not None:
        assert part.violations(value) == []
        assert part.violations({}) == [] or "allOf" in schema.definition
    if (frame := frame_schema(schema, ["/a"])) is not None:
        assert frame.violations({name: member for name, member in value.items() if name != "a"}) == []


def test_a_part_may_lack_members_and_rows() -> None:
    """Outside of items nothing is required, inside of items all that the caller requires."""
    schema = derived(part_schema(Schema.parse(STATEMENT)))
    assert schema.violations({}) == []
    assert schema.violations({"lines": []}) == []
    assert schema.violations({"lines": [{"date": "1 May"}]})
    assert schema.violations({"other": 1})


def test_a_frame_has_no_lists() -> None:
    """The list is neither known nor required; an object that holds only lists goes with them."""
    nested = {"properties": {"x": {"type": "string"}, "s": {"properties": {"l": {"type": "array", "items": LINE}}}},
              "required": ["x", "s"], "additionalProperties": False}  # fmt: skip
    schema = derived(frame_schema(Schema.parse(nested), ["/s/l"]))
    assert schema.definition["properties"] == {"x": {"type": "string"}}
    assert schema.violations({"x": "1"}) == []
    assert frame_schema(Schema.parse({"type": "array", "items": LINE}), [""]) is None
