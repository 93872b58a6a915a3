"""Records: fields with their schema, their values and the answer."""

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
    catalogue_field,
    draw_uncatalogued_field,
    split_name,
)  # fmt: skip
from training.pydantic_schemas import to_pydantic_schema
from training.record_nodes import RecordNode
from training.values import KINDS, Source, Value

_TYPES = {"integer": "integer", "money": "number", "number": "number", "boolean": "boolean"}
_FORMATS = {"date": "date", "moment": "date-time", "email": "email", "url": "uri"}


def draw_fields(
    rng: Random, count: int, *, nested: bool, required: float, held_out: bool = False
) -> list[Field]:
    """Draw up to `count` leaves with distinct names; with `nested`, often an object, a list, or rows.

    A field is required at the chance given.
    """
    fields: dict[str, Field] = {}
    open_share = rng.choice([0.0, 0.3, 0.6, 1.0])
    while len(fields) < count:
        field = _leaf(rng, open_share, held_out)
        fields.setdefault(field.name, field)
    if nested:
        for draw in rng.sample([_object, _rows, _list], rng.choice([1, 1, 2])):
            field = draw(rng, held_out)
            fields[field.name] = field
    mixed = list(fields.values())
    rng.shuffle(mixed)
    return [randomize_required(rng, f, required) for f in mixed]


def _leaf(rng: Random, open_share: float, held_out: bool) -> Field:
    if rng.random() < 0.12:
        name = rng.choice(ENUM_NAMES)
        return Field(name, "enum", (split_name(name),), choices=tuple(rng.choice(ENUMS).split()))
    if rng.random() < open_share:
        return draw_uncatalogued_field(rng, held_out)
    return catalogue_field(rng.choice(list(CATALOGUE)))


def _object(rng: Random, held_out: bool) -> Field:
    if rng.random() < 0.3:
        parts = tuple(draw_uncatalogued_field(rng, held_out) for _ in range(rng.randint(1, 4)))
        return replace(draw_uncatalogued_field(rng, held_out), kind="object", fields=_distinct(parts))
    name = rng.choice(list(OBJECTS))
    names = OBJECTS[name].split()
    chosen = [n for n in names if rng.random() < 0.85] or names
    return Field(name, "object", (split_name(name),), tuple(catalogue_field(n) for n in chosen))


def _rows(rng: Random, held_out: bool) -> Field:
    if rng.random() < 0.3:
        parts = tuple(draw_uncatalogued_field(rng, held_out) for _ in range(rng.randint(1, 4)))
        return replace(draw_uncatalogued_field(rng, held_out), kind="rows", fields=_distinct(parts))
    name = rng.choice(list(ROWS))
    names = ROWS[name].split()
    chosen = [n for n in names if rng.random() < 0.85] or names
    return Field(name, "rows", (split_name(name),), tuple(catalogue_field(n) for n in chosen))


def _list(rng: Random, held_out: bool) -> Field:
    if rng.random() < 0.3:
        return replace(
            draw_uncatalogued_field(rng, held_out),
            kind="list",
            choices=(rng.choice(["word", "code", "words"]),),
        )
    name = rng.choice(list(LISTS))
    return Field(name, "list", (split_name(name),), choices=(LISTS[name],))


def _distinct(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple({f.name: f for f in fields}.values())


def randomize_required(rng: Random, field: Field, required: float) -> Field:
    """Make a field and its members required with the given probability; some become nullable."""
    roll = rng.random()
    inner = field.fields
    if field.kind in ("object", "composite"):
        inner = tuple(randomize_required(rng, f, required) for f in field.fields)
    return replace(
        field, fields=inner, required=roll < required, nullable=roll < 0.2 and field.kind != "rows"
    )


def build_schema(fields: Sequence[Field], rng: Random, pydantic: float) -> tuple[list[Field], dict[str, Any]]:
    """Build an object schema in a random style, or in Pydantic's with the given probability.

    Return the fields as the schema declares them (Pydantic's optional fields are nullable), and the schema.
    """
    if rng.random() < pydantic:
        fields = [_optional_as_null(f) for f in fields]
        return fields, to_pydantic_schema(_object_schema(fields, rng, rng.random() < 0.2), rng)
    schema: dict[str, Any] = {}
    if rng.random() < 0.2:
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if rng.random() < 0.4:
        schema["title"] = rng.choice(["Record", "Document", "Data", "Item", "Invoice", "Form", "Entry"])
    return list(fields), {**schema, **_object_schema(fields, rng, rng.random() < 0.6)}


def _optional_as_null(field: Field) -> Field:
    inner = tuple(_optional_as_null(f) for f in field.fields)
    return replace(field, fields=inner, nullable=field.nullable or not field.required)


def _object_schema(fields: Sequence[Field], rng: Random, closed: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {f.name: _field_schema(f, rng, closed) for f in fields}
    if required := [f.name for f in fields if f.required]:
        schema["required"] = required
    if closed:
        schema["additionalProperties"] = False
    return schema


def _field_schema(field: Field, rng: Random, closed: bool) -> dict[str, Any]:
    schema: dict[str, Any]
    match field.kind:
        case "object" | "composite" | "group":
            schema = _object_schema(field.fields, rng, closed)
        case "rows":
            schema = {"type": "array", "items": _object_schema(field.fields, rng, closed)}
        case "list":
            schema = {"type": "array", "items": {"type": "string"}}
        case "enum":
            schema = {"type": "string", "enum": list(field.choices)}
        case kind:
            schema = {"type": _TYPES.get(kind, "string")}
            if kind in _FORMATS and (kind in ("date", "moment") or rng.random() < 0.5):
                schema["format"] = _FORMATS[kind]
    if field.kind in ("rows", "list") and rng.random() < 0.3:
        schema["maxItems"] = rng.choice([10, 20, 50])
    if schema["type"] == "string" and len(schema) == 1 and rng.random() < 0.25:
        schema["maxLength"] = rng.choice([40, 60, 80, 100, 120, 200])
    if rng.random() < 0.06:
        schema["description"] = f"The {field.labels[0]}"
    if field.description:
        schema["description"] = field.description
    if field.nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def read_fields(schema: Mapping[str, Any]) -> list[Field]:
    """Read the fields of an object schema; each kind follows from the name, else from format and type."""
    required = schema.get("required", ())
    properties = schema["properties"].items()
    return [_given(name, sub, name in required) for name, sub in properties]


def _given(name: str, schema: Mapping[str, Any], required: bool) -> Field:
    types = schema.get("type", "string")
    nullable = isinstance(types, list)
    kind = next(t for t in types if t != "null") if nullable else types
    labels = (split_name(name), *CATALOGUE.get(name, ("", ()))[1])
    given = Field(name, kind, labels, required=required, nullable=nullable, schema=schema)
    if "enum" in schema:
        return replace(given, kind="enum", choices=tuple(c for c in schema["enum"] if c is not None))
    if kind == "object":
        return replace(given, fields=tuple(read_fields(schema)))
    if kind == "array" and schema["items"].get("type") == "object":
        return replace(given, kind="rows", fields=tuple(read_fields(schema["items"])))
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


def fill(field: Field, source: Source, absent: float) -> RecordNode:
    """Fill a field with values; optional ones are absent with the given probability."""
    rng = source.rng
    if (field.nullable or not field.required) and rng.random() < absent:
        return RecordNode(field, None)
    match field.kind:
        case "object" | "group":
            return RecordNode(field, tuple(fill(f, source, absent) for f in field.fields))
        case "composite":
            text, parts = composites.write(field, source)
            return RecordNode(
                field, tuple(RecordNode(f, parts.get(f.choices[0])) for f in field.fields), text
            )
        case "rows" | "list" if not source.held_out and rng.random() < 0.04:
            return RecordNode(field, ())
        case "rows":
            rows = rng.choice([1, 2, 2, 3, 3, 4, 5] if source.held_out else [1, 2, 2, 3, 3, 4, 5, 6, 8])
            return RecordNode(field, tuple(tuple(_row(field.fields, source, absent)) for _ in range(rows)))
        case "list":
            make, most = KINDS[field.choices[0]], 4 if source.held_out else 7
            by_text = {v.text: v for v in (make(source) for _ in range(rng.randint(1, most)))}
            return RecordNode(field, tuple(by_text.values()))
        case "enum":
            return RecordNode(field, _choice(rng, field.choices))
    return RecordNode(field, KINDS[field.kind](source))


def _row(fields: Sequence[Field], source: Source, absent: float) -> Iterable[RecordNode]:
    for field in fields:
        yield fill(field if field.nullable else replace(field, required=True), source, absent)


def _choice(rng: Random, choices: Sequence[str]) -> Value:
    choice = rng.choice(choices)
    written = split_name(choice)
    written = rng.choice([choice, written, written, written.capitalize(), written.title(), written.upper()])
    return Value(written, json.dumps(choice))


def answer(nodes: Iterable[RecordNode]) -> str:
    """Return compact JSON in declared order; an absent value is `null` where the schema allows it, else left out."""
    members = []
    for node in nodes:
        name = json.dumps(node.field.name, ensure_ascii=False)
        if node.value is not None:
            members.append(f"{name}:{_literal(node)}")
        elif node.field.nullable:
            members.append(f"{name}:null")
    return "{" + ",".join(members) + "}"


def _literal(node: RecordNode) -> str:
    value = node.value
    if isinstance(value, Value):
        return value.literal
    parts = value or ()
    if node.field.kind in ("object", "composite", "group"):
        return answer(parts)  # type: ignore[arg-type]
    items = [answer(p) if isinstance(p, tuple) else p.literal for p in parts]  # type: ignore[union-attr]
    return "[" + ",".join(items) + "]"
