"""What was meant under a schema, what it took, and what is left alone."""

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


ALIGNED: list[tuple[Any, Any, Any, str]] = [
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
    ({}, obj(note={"type": ["string", "null"]}), {"note": None}, "inferred"),
    ({"name": "Ada", "age": None}, {**NAME, "properties": {**NAME["properties"], "age": {"type": "integer"}}},
     {"name": "Ada"}, "coerced"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "schema", "wanted", "risk"), ALIGNED, ids=[str(given)[:30] for given, *_ in ALIGNED]
)
def test_what_was_meant(given: Any, schema: Any, wanted: Any, risk: str) -> None:
    """With its risk; and a lower limit leaves the violation."""
    text = json_text.dumps(given)
    result = structgen.repair(text, schema)
    assert (result.status, result.value) == ("repaired", wanted)
    assert max((c.risk for c in result.changes), key=["lossless", "coerced", "inferred"].index) == risk
    if result.value == "a":  # the list as text is one way below
        return
    below = {"coerced": "lossless", "inferred": "coerced"}[risk]
    assert structgen.repair(text, schema, max_risk=below).status == "failed"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "schema"),
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
    ids=lambda given: str(given)[:60],
)
def test_nothing_is_invented(given: Any, schema: Any) -> None:
    """What is ambiguous or missing stays as it is, and its violation is told."""
    result = structgen.repair(json_text.dumps(given), schema)
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
        ('{"weight": 70}', {"type": "object", "properties": {"height": {"type": "number"}}}, {"weight": 70}),
    ],
)
def test_texts_under_a_schema(text: str, schema: Any, value: Any) -> None:
    """The schema chooses among the readings."""
    assert structgen.repair(text, schema).value == value


def test_prose_is_no_object() -> None:
    """Not even of one string."""
    assert structgen.repair("I cannot help with that.", NAME).status == "failed"


def test_the_account_of_a_change() -> None:
    """An RFC 6902 operation with reason and risk."""
    result = structgen.repair('{"Total": "$1,200"}', obj(total={"type": "number"}))
    assert result.to_json()["changes"] == [
        {
            "op": "replace",
            "path": "/Total",
            "value": 1200,
            "reason": "a number written as text",
            "risk": "coerced",
        },
        {
            "op": "move",
            "path": "/total",
            "from": "/Total",
            "reason": "a key in other words",
            "risk": "coerced",
        },
    ]


@pytest.mark.parametrize("schema", [{"type": "integer"}, {"type": "boolean"}, {"enum": ["x"]}], ids=str)
@pytest.mark.parametrize("wrapping", ["[]", '{"a":}'], ids=["lists", "objects"])
def test_a_scalar_in_many_wrappings_takes_no_recursion(schema: Any, wrapping: str) -> None:
    """Four hundred deep."""
    text = wrapping[:-1] * 400 + "5" + wrapping[-1] * 400
    assert structgen.repair(text, schema).status in ("failed", "repaired")
