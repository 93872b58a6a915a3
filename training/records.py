"""Records: fields with their schema, filled with values, and the answer that they stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from training import composites
from training.fields import (
    CATALOGUE,
    ENUM_NAMES,
    ENUMS,
    LISTS,
    OBJECTS,
    ROWS,
    Field,
    known,
    spoken,
    unforeseen,
)  # fmt: skip
from training.nodes import Node
from training.styles import pydantic_style
from training.values import KINDS, Source, Value

_TYPES = {"integer": "integer", "money": "number", "number": "number", "boolean": "boolean"}
_FORMATS = {"date": "date", "moment": "date-time", "email": "email", "url": "uri"}


def draw_fields(
    rng: Random, count: int, *, nested: bool, required: float, held_out: bool = False
) -> list[Field]:
    """Up to `count` leaves, their names distinct; with `nested`, often an object, a list, or rows.

    A field is required at the chance given.
    """
    fields: dict[str, Field] = {}
    open_share = rng.choice([0.0, 0.3, 0.6, 1.0])
    while len(fields) < count:
        drawn = _leaf(rng, open_share, held_out)
        fields.setdefault(drawn.name, drawn)
    if nested:
        for draw in rng.sample([_object, _rows, _list], rng.choice([1, 1, 2])):
            drawn = draw(rng, held_out)
            fields[drawn.name] = drawn
    mixed = list(fields.values())
    rng.shuffle(mixed)
    return [loosened(rng, f, required) for f in mixed]


def _leaf(rng: Random, open_share: float, held_out: bool) -> Field:
    if rng.random() < 0.12:
        name = rng.choice(ENUM_NAMES)
        return Field(name, "enum", (spoken(name),), choices=tuple(rng.choice(ENUMS).split()))
    if rng.random() < open_share:
        return unforeseen(rng, held_out)
    return known(rng.choice(list(CATALOGUE)))


def _object(rng: Random, held_out: bool) -> Field:
    if rng.random() < 0.3:
        parts = tuple(unforeseen(rng, held_out) for _ in range(rng.randint(1, 4)))
        return replace(unforeseen(rng, held_out), kind="object", fields=_distinct(parts))
    name = rng.choice(list(OBJECTS))
    names = OBJECTS[name].split()
    kept = [n for n in names if rng.random() < 0.85] or names
    return Field(name, "object", (spoken(name),), tuple(known(n) for n in kept))


def _rows(rng: Random, held_out: bool) -> Field:
    if rng.random() < 0.3:
        parts = tuple(unforeseen(rng, held_out) for _ in range(rng.randint(1, 4)))
        return replace(unforeseen(rng, held_out), kind="rows", fields=_distinct(parts))
    name = rng.choice(list(ROWS))
    names = ROWS[name].split()
    kept = [n for n in names if rng.random() < 0.85] or names
    return Field(name, "rows", (spoken(name),), tuple(known(n) for n in kept))


def _list(rng: Random, held_out: bool) -> Field:
    if rng.random() < 0.3:
        return replace(
            unforeseen(rng, held_out), kind="list", choices=(rng.choice(["word", "code", "words"]),)
        )
    name = rng.choice(list(LISTS))
    return Field(name, "list", (spoken(name),), choices=(LISTS[name],))


def _distinct(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple({f.name: f for f in fields}.values())


def loosened(rng: Random, drawn: Field, required: float) -> Field:
    """Make a field and its members required with the given probability; some become nullable."""
    roll = rng.random()
    inner = drawn.fields
    if drawn.kind in ("object", "composite"):
        inner = tuple(loosened(rng, f, required) for f in drawn.fields)
    return replace(
        drawn, fields=inner, required=roll < required, nullable=roll < 0.2 and drawn.kind != "rows"
    )


def described(fields: Sequence[Field], rng: Random, pydantic: float) -> tuple[list[Field], dict[str, Any]]:
    """Build an object schema in a random style, or in Pydantic's with the given probability.

    Return the fields as the schema declares them (Pydantic's optional fields are nullable), and the schema.
    """
    if rng.random() < pydantic:
        fields = [_optional_as_null(f) for f in fields]
        return fields, pydantic_style(_object_schema(fields, rng, rng.random() < 0.2), rng)
    schema: dict[str, Any] = {}
    if rng.random() < 0.2:
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if rng.random() < 0.4:
        schema["title"] = rng.choice(["Record", "Document", "Data", "Item", "Invoice", "Form", "Entry"])
    return list(fields), {**schema, **_object_schema(fields, rng, rng.random() < 0.6)}


def _optional_as_null(drawn: Field) -> Field:
    inner = tuple(_optional_as_null(f) for f in drawn.fields)
    return replace(drawn, fields=inner, nullable=drawn.nullable or not drawn.required)


def _object_schema(fields: Sequence[Field], rng: Random, closed: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {f.name: _field_schema(f, rng, closed) for f in fields}
    if required := [f.name for f in fields if f.required]:
        schema["required"] = required
    if closed:
        schema["additionalProperties"] = False
    return schema


def _field_schema(drawn: Field, rng: Random, closed: bool) -> dict[str, Any]:
    schema: dict[str, Any]
    match drawn.kind:
        case "object" | "composite" | "group":
            schema = _object_schema(drawn.fields, rng, closed)
        case "rows":
            schema = {"type": "array", "items": _object_schema(drawn.fields, rng, closed)}
        case "list":
            schema = {"type": "array", "items": {"type": "string"}}
        case "enum":
            schema = {"type": "string", "enum": list(drawn.choices)}
        case kind:
            schema = {"type": _TYPES.get(kind, "string")}
            if kind in _FORMATS and (kind in ("date", "moment") or rng.random() < 0.5):
                schema["format"] = _FORMATS[kind]
    if drawn.kind in ("rows", "list") and rng.random() < 0.3:
        schema["maxItems"] = rng.choice([10, 20, 50])
    if schema["type"] == "string" and len(schema) == 1 and rng.random() < 0.25:
        schema["maxLength"] = rng.choice([40, 60, 80, 100, 120, 200])
    if rng.random() < 0.06:
        schema["description"] = f"The {drawn.labels[0]}"
    if drawn.told:
        schema["description"] = drawn.told
    if drawn.nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def fields_of(schema: Mapping[str, Any]) -> list[Field]:
    """Read the fields of an object schema; each kind follows from the name, else from format and type."""
    required = schema.get("required", ())
    properties = schema["properties"].items()
    return [_given(name, sub, name in required) for name, sub in properties]


def _given(name: str, schema: Mapping[str, Any], required: bool) -> Field:
    types = schema.get("type", "string")
    nullable = isinstance(types, list)
    kind = next(t for t in types if t != "null") if nullable else types
    labels = (spoken(name), *CATALOGUE.get(name, ("", ()))[1])
    given = Field(name, kind, labels, required=required, nullable=nullable, schema=schema)
    if "enum" in schema:
        return replace(given, kind="enum", choices=tuple(c for c in schema["enum"] if c is not None))
    if kind == "object":
        return replace(given, fields=tuple(fields_of(schema)))
    if kind == "array" and schema["items"].get("type") == "object":
        return replace(given, kind="rows", fields=tuple(fields_of(schema["items"])))
    if kind == "array":
        return replace(given, kind="list", choices=(LISTS.get(name, "skill"),))
    return replace(given, kind=_kind_by(name, kind, schema))


def _kind_by(name: str, kind: str, schema: Mapping[str, Any]) -> str:
    formats = {"date": "date", "date-time": "moment", "email": "email", "uri": "url", "time": "clock"}
    if schema.get("format") in formats:
        return formats[schema["format"]]
    catalogued = CATALOGUE.get(name, ("", ()))[0]
    if _TYPES.get(catalogued, "string") == kind or (kind == "number" and catalogued in _TYPES):
        return catalogued
    return {"string": "words", "number": "money"}.get(kind, kind)


def fill(drawn: Field, source: Source, absent: float) -> Node:
    """Fill a field with values; optional ones are absent with the given probability."""
    rng = source.rng
    if (drawn.nullable or not drawn.required) and rng.random() < absent:
        return Node(drawn, None)
    match drawn.kind:
        case "object" | "group":
            return Node(drawn, tuple(fill(f, source, absent) for f in drawn.fields))
        case "composite":
            text, parts = composites.write(drawn, source)
            return Node(drawn, tuple(Node(f, parts.get(f.choices[0])) for f in drawn.fields), text)
        case "rows" | "list" if not source.held_out and rng.random() < 0.04:
            return Node(drawn, ())
        case "rows":
            rows = rng.choice([1, 2, 2, 3, 3, 4, 5] if source.held_out else [1, 2, 2, 3, 3, 4, 5, 6, 8])
            return Node(drawn, tuple(tuple(_row(drawn.fields, source, absent)) for _ in range(rows)))
        case "list":
            make, most = KINDS[drawn.choices[0]], 4 if source.held_out else 7
            made = {v.text: v for v in (make(source) for _ in range(rng.randint(1, most)))}
            return Node(drawn, tuple(made.values()))
        case "enum":
            return Node(drawn, _choice(rng, drawn.choices))
    return Node(drawn, KINDS[drawn.kind](source))


def _row(fields: Sequence[Field], source: Source, absent: float) -> Iterable[Node]:
    for drawn in fields:
        yield fill(drawn if drawn.nullable else replace(drawn, required=True), source, absent)


def _choice(rng: Random, choices: Sequence[str]) -> Value:
    choice = rng.choice(choices)
    written = spoken(choice)
    written = rng.choice([choice, written, written, written.capitalize(), written.title(), written.upper()])
    return Value(written, json.dumps(choice))


def answer(nodes: Iterable[Node]) -> str:
    """Compact JSON in declared order; absent means `null` where the schema has it, left out where not."""
    members = []
    for node in nodes:
        name = json.dumps(node.field.name, ensure_ascii=False)
        if node.value is not None:
            members.append(f"{name}:{_literal(node)}")
        elif node.field.nullable:
            members.append(f"{name}:null")
    return "{" + ",".join(members) + "}"


def _literal(node: Node) -> str:
    value = node.value
    if isinstance(value, Value):
        return value.literal
    parts = value or ()
    if node.field.kind in ("object", "composite", "group"):
        return answer(parts)  # type: ignore[arg-type]
    items = [answer(p) if isinstance(p, tuple) else p.literal for p in parts]  # type: ignore[union-attr]
    return "[" + ",".join(items) + "]"
