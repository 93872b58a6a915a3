"""Required members may be null under the relaxed schema, and those that the caller's refuses are listed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.longdoc.absence import absent, relaxed
from structgen.schema import Schema

NUMBER = {"type": "number", "minimum": 1}
VALUES: tuple[tuple[dict[str, Any], Any, bool], ...] = (
    ({"type": "string", "minLength": 1}, "a", False),
    (NUMBER, 2, False),
    ({"type": ["integer", "null"]}, 3, True),
    ({"enum": ["x", "y"]}, "y", False),
    ({"enum": ["x", None]}, "x", True),
    ({"const": 4}, 4, False),
    ({"$ref": "#/$defs/word"}, "word", False),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "b", True),
    ({"allOf": [{"type": "string"}, {"pattern": "^c"}]}, "c", False),
    ({}, 5, True),
)
"""Schemas of members, a value of each, and whether null is one too."""


def one_object(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


@st.composite
def objects(
    draw: st.DrawFn, depth: int = 2
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[str]]:
    """Draw a schema, a value, the value with nulls for required members, and the pointers of the refused ones."""
    properties, full, holed, refused = {}, {}, {}, []
    required = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        shape = draw(st.sampled_from(["value", "object", "list"] if depth else ["value"]))
        if shape == "value":
            member, value, nullable = draw(st.sampled_from(VALUES))
            properties[name], full[name], holed[name] = member, value, value
            if draw(st.booleans()):
                required.append(name)
                if draw(st.booleans()):
                    holed[name] = None
                    refused += [] if nullable else [f"/{name}"]
            continue
        inner, value, hole, pointers = draw(objects(depth - 1))
        if shape == "object":
            properties[name], full[name], holed[name] = inner, value, hole
            refused += [f"/{name}{at}" for at in pointers]
        else:
            properties[name] = {"type": "array", "items": inner}
            full[name], holed[name] = [value, value], [value, hole]
            refused += [f"/{name}/1{at}" for at in pointers]
    schema = one_object(*required, **properties)
    return schema, full, holed, refused


@settings(max_examples=60)
@given(objects())
def test_nulls_are_taken_and_listed(drawn: Any) -> None:
    """What was valid stays so, with nothing absent; nulls of required members are valid, and listed once."""
    schema, full, holed, refused = drawn
    given_schema = Schema.parse({**schema, "$defs": {"word": {"type": "string"}}})
    before = copy.deepcopy(given_schema.definition)
    loose = relaxed(given_schema)
    assert given_schema.definition == before
    assert loose.violations(full) == []
    assert absent(given_schema, full) == ()
    assert loose.violations(holed) == []
    assert sorted(absent(given_schema, holed)) == sorted(refused)


@pytest.mark.parametrize(
    ("schema", "value", "pointers"),
    [
        ({"allOf": [{"properties": {"a": NUMBER}}, {"required": ["a"]}]}, {"a": None}, ["/a"]),
        ({"type": "array", "items": {"$ref": "#/$defs/row"}, "$defs": {"row": one_object("a", a=NUMBER)}},
         [{"a": 1}, {"a": None}], ["/1/a"]),
        ({"oneOf": [one_object("a", a=NUMBER), one_object("b", b=NUMBER)]}, {"a": None}, ["/a"]),
        (one_object("a/b", **{"a/b": NUMBER}), {"a/b": None}, ["/a~1b"]),
    ],
    ids=["required elsewhere", "items by reference", "alternatives", "escaped"],
)  # fmt: skip
def test_composed_schemas(schema: Any, value: Any, pointers: list[str]) -> None:
    """A name may be required in another place than where its schema stands."""
    parsed = Schema.parse(schema)
    assert relaxed(parsed).violations(value) == []
    assert absent(parsed, value) == tuple(pointers)


@pytest.mark.parametrize(
    "schema",
    [
        one_object(a=NUMBER),
        {**one_object("a", a={}), "if": one_object("a", a={"const": 1}), "then": {"required": ["b"]}},
        {"not": one_object("a", a=NUMBER)},
        {"type": "number"},
    ],
    ids=["optional", "condition", "negation", "a number"],
)
def test_other_schemas_stay(schema: Any) -> None:
    """Only required members are relaxed, and none where a null would turn a condition round."""
    parsed = Schema.parse(schema)
    assert relaxed(parsed).definition == parsed.definition


def test_other_violations_stay() -> None:
    """A null is the only value that is allowed in addition."""
    loose = relaxed(Schema.parse(one_object("a", a=NUMBER)))
    assert [bool(loose.violations(value)) for value in ({"a": 0}, {"a": "x"}, {}, None)] == [True] * 4
