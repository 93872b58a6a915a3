"""Coercion to a schema: the value, the risk of the changes, and the values that stay as they are."""

from typing import Any

import pytest

import structgen
from structgen import json_text

NAME = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
COLOUR = {"enum": ["red", "light blue", "blue"]}


def obj(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


COERCED: list[tuple[Any, Any, Any, str]] = [
    # keys
    ({"Name": "Ada"}, NAME, {"name": "Ada"}, "coerced"),
    ({"first-name": 1, "LastName": 2}, obj(first_name={}, last_name={}), {"first_name": 1, "last_name": 2}, "coerced"),
    ({"adress": "x"}, obj(address={"type": "string"}), {"address": "x"}, "inferred"),
    ({"señor": 1, "straße": 2}, obj(senor={}, strasse={}), {"senor": 1, "strasse": 2}, "coerced"),
    ({"items": [1]}, obj(item={"type": "array"}), {"item": [1]}, "coerced"),
    ({"name": "Ada", "mood": "x"}, NAME, {"name": "Ada"}, "inferred"),
    # scalars
    ("1,234.50", {"type": "number"}, 1234.5, "coerced"),
    ("$5", {"type": "integer"}, 5, "coerced"),
    ("-2,000.00", {"type": "number"}, -2000.0, "coerced"),
    ("(12.50)", {"type": "number"}, -12.5, "coerced"),
    ("12,345", {"type": "number"}, 12345, "inferred"),
    ("12,345", {"type": "integer"}, 12345, "coerced"),
    ("0,50", {"type": "number"}, 0.5, "coerced"),
    ("1/4", {"type": "number"}, 0.25, "inferred"),
    ("–5", {"type": "integer"}, -5, "coerced"),
    ("12345678901234567890.0", {"type": "integer"}, 12345678901234567890, "coerced"),
    ("1e25", {"type": "integer"}, 10**25, "coerced"),
    ("12%", {"type": "number"}, 12, "inferred"),
    ("about 40 people", {"type": "integer"}, 40, "inferred"),
    ("yes", {"type": "boolean"}, True, "coerced"),
    ("null", {"type": ["integer", "null"]}, None, "coerced"),
    (42, {"type": "string"}, "42", "coerced"),
    ("March 5, 2026", {"type": "string", "format": "date"}, "2026-03-05", "coerced"),
    ("31.12.2026", {"type": "string", "format": "date"}, "2026-12-31", "coerced"),
    ("2026-03-05 10:00:00 UTC", {"type": "string", "format": "date-time"}, "2026-03-05T10:00:00Z", "coerced"),
    # choices
    ("RED", COLOUR, "red", "inferred"),
    ("light_blue", COLOUR, "light blue", "inferred"),
    ("I would say light blue.", COLOUR, "light blue", "inferred"),
    ("1", {"const": 1}, 1, "inferred"),
    # containers
    ("a", {"type": "array", "items": {"type": "string"}}, ["a"], "inferred"),
    (["a"], {"type": "string"}, "a", "inferred"),
    ([{"name": "Ada"}], NAME, {"name": "Ada"}, "inferred"),
    ({"person": {"name": "Ada"}}, NAME, {"name": "Ada"}, "inferred"),
    ({"name": "Ada"}, obj(person=NAME), {"person": {"name": "Ada"}}, "inferred"),
    ('{"name": "Ada"}', NAME, {"name": "Ada"}, "coerced"),
    ({"tags": "[1, 2]"}, obj(tags={"type": "array", "items": {"type": "integer"}}), {"tags": [1, 2]}, "coerced"),
    # alternatives
    ({"a": "5"}, {"anyOf": [obj(b={"type": "string"}), obj(a={"type": "integer"})]}, {"a": 5}, "coerced"),
    ("5", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, 5, "coerced"),
    ({"n": {"n": {"v": "1"}}}, {"$ref": "#/$defs/t", "$defs": {"t": {"type": "object", "properties": {
        "n": {"$ref": "#/$defs/t"}, "v": {"type": "integer"}}}}}, {"n": {"n": {"v": 1}}}, "coerced"),
    ({}, obj(note={"type": ["string", "null"], "default": None}), {"note": None}, "inferred"),
    ({"name": "Ada", "age": None}, {**NAME, "properties": {**NAME["properties"], "age": {"type": "integer"}}},
     {"name": "Ada"}, "inferred"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("original", "schema", "expected", "risk"), COERCED, ids=[str(original)[:30] for original, *_ in COERCED]
)
def test_a_value_is_coerced_at_its_risk(original: Any, schema: Any, expected: Any, risk: str) -> None:
    """A value is coerced to its schema at the stated risk, and a lower `max_risk` leaves the violation."""
    text = json_text.dumps(original)
    result = structgen.repair(text, schema)
    assert (result.status, result.value) == ("repaired", expected)
    assert max((c.risk for c in result.changes), key=["lossless", "coerced", "inferred"].index) == risk
    if result.value == "a":  # at a lower risk, the list as text
        return
    below = {"coerced": "lossless", "inferred": "coerced"}[risk]
    assert structgen.repair(text, schema, max_risk=below).status == "failed"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("original", "schema"),
    [
        ({}, NAME),
        ({"name": None}, NAME),
        ("red or blue", COLOUR),
        ("not red, light blue or blue", COLOUR),
        ("03/04/2026", {"type": "string", "format": "date"}),
        ("between 3 and 5", {"type": "integer"}),
        (1.5, {"type": "integer"}),
        ([{"name": "a"}, {"name": "b"}], NAME),
        ({"nmae": "x", "naem": "y"}, obj(name={"type": "string"})),
        ("true, not false", {"type": "boolean"}),
        ("not true", {"type": "boolean"}),
        ("not red", COLOUR),
        ("1.5 million", {"type": "number"}),
        ("minus 5", {"type": "integer"}),
        ("--5", {"type": "integer"}),
        ("10:10", {"type": "integer"}),
        ({"min_price": 5}, {**obj(max_price={"type": "integer"}), "required": ["max_price"]}),
        ({"weight": 5}, {**obj(height={"type": "integer"}), "required": ["height"]}),
        ("abc", {"type": "string", "pattern": "^[0-9]+$"}),
        ("0.123,5", {"type": "number"}),
        ("3 1/2", {"type": "number"}),
        ("9" * 400 + "/1", {"type": "number"}),
        ("1h 30 min", {"type": "integer"}),
        ("2024-03-04Z", {"type": "string", "format": "date-time"}),
        ({"revenue_2023": 5}, obj(revenue_2024={"type": "integer"})),
        ({"payer": "x"}, obj(payee={"type": "string"})),
        ({"contract": "x"}, obj(contact={"type": "string"})),
    ],
    ids=lambda parameter: str(parameter)[:60],
)
def test_nothing_is_invented(original: Any, schema: Any) -> None:
    """An ambiguous or missing value stays as it is, and the result lists its violation."""
    result = structgen.repair(json_text.dumps(original), schema)
    assert result.status == "failed"
    assert result.violations


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("red", COLOUR, "red"),
        ("The answer is **Blue**.", COLOUR, "blue"),
        ("42", {"type": "integer"}, 42),
        ("It is true", {"type": "boolean"}, True),
        ("plain words", {"type": "string"}, "plain words"),
        (
            '{"name": "Ada"}\n{"name": "Bob"}',
            {"type": "array", "items": NAME},
            [{"name": "Ada"}, {"name": "Bob"}],
        ),
        ('First {"x": 1}, then {"name": "Ada"}', NAME, {"name": "Ada"}),
        ("{name: Ada", NAME, {"name": "Ada"}),
        ('{"version": 1.10}', obj(version={"type": "string"}), {"version": "1.10"}),
        ("[1.10, 1.10]", {"type": "array", "items": {"type": "string"}}, ["1.10", "1.10"]),
        ('{"weight": 70}', {"type": "object", "properties": {"height": {"type": "number"}}}, {"weight": 70}),
    ],
    ids=lambda parameter: parameter[:40] if isinstance(parameter, str) else "",
)
def test_the_schema_chooses_among_readings(text: str, schema: Any, value: Any) -> None:
    """A text with several readings is repaired to the one that satisfies the schema."""
    assert structgen.repair(text, schema).value == value


def test_prose_does_not_become_an_object() -> None:
    """Prose does not become the one string property of an object."""
    assert structgen.repair("I cannot help with that.", NAME).status == "failed"


def test_changes_are_json_patch_operations() -> None:
    """Each change is an RFC 6902 operation with a reason and a risk."""
    result = structgen.repair('{"Total": "$1,200"}', obj(total={"type": "number"}))
    assert result.to_json()["changes"] == [
        {
            "op": "replace",
            "path": "/Total",
            "value": 1200,
            "reason": 'a number written as text: "$1,200"',
            "risk": "coerced",
        },
        {
            "op": "move",
            "path": "/total",
            "from": "/Total",
            "reason": "a key spelt differently",
            "risk": "coerced",
        },
    ]


@pytest.mark.parametrize("schema", [{"type": "integer"}, {"type": "boolean"}, {"enum": ["x"]}], ids=str)
@pytest.mark.parametrize("wrapping", ["[]", '{"a":}'], ids=["lists", "objects"])
def test_a_deeply_wrapped_scalar_does_not_exhaust_the_stack(schema: Any, wrapping: str) -> None:
    """A scalar within 400 containers of one item is repaired or fails, without a RecursionError."""
    text = wrapping[:-1] * 400 + "5" + wrapping[-1] * 400
    assert structgen.repair(text, schema).status in ("failed", "repaired")
