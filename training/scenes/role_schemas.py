"""Schemas over the roles of a scene, in the styles that people use, and the answers to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from training.fields import join_words, split_name

RoleValues = Mapping[str, Any]
"""Values by role: strings, numbers, booleans, ISO dates, lists, mappings; `None` where the document states none."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as JSON writes it."""

    literal: str


@dataclass(frozen=True, slots=True)
class Role:
    """A value that a scene can state: its key, its kind, and the names and descriptions that schemas give it.

    Kinds: string, integer, number, boolean, date, enum, strings, object, rows. The `choices` of an enum are lists,
    separated by `|`, of its keys, each perhaps spelled otherwise: `single=never_married`.
    """

    key: str
    kind: str
    names: str
    description: str = ""
    parts: tuple[Role, ...] = ()
    choices: str = ""
    always_stated: bool = False
    """Whether every document of the scene states it."""


@dataclass(frozen=True, slots=True)
class Style:
    """The style of one schema: naming, null notation, probabilities and spelling of choices."""

    names: str
    nulls: str
    nullable: float
    description: float
    closed: bool
    required: float
    formats: bool
    spelling: str


@dataclass(frozen=True, slots=True)
class Property:
    """A role as a property of a schema: its name and constraints."""

    role: Role
    name: str
    nullable: bool
    required: bool
    parts: tuple[Property, ...] = ()
    spelled: Mapping[str, str] = field(default_factory=dict)
    description: str = ""

    def literal(self, value: Any) -> str:
        """Return a value as compact JSON."""
        match self.role.kind:
            case "object" | "group":
                value = value or {}
                if self.nullable and all(value.get(p.role.key) in (None, [], {}) for p in self.parts):
                    return "null"
                return object_literal(self.parts, value)
            case "rows":
                if not value and self.nullable:
                    return "null"
                return "[" + ",".join(object_literal(self.parts, row) for row in value or ()) + "]"
            case "strings":
                if not value and self.nullable:
                    return "null"
                return json.dumps(list(value or ()), ensure_ascii=False, separators=(",", ":"))
            case "enum":
                spelled = self.spelled.get(value) if value is not None else None
                return json.dumps(spelled, ensure_ascii=False)
        if isinstance(value, Number):
            return value.literal if self.role.kind in ("number", "integer") else json.dumps(value.literal)
        return json.dumps(value, ensure_ascii=False)

    def given(self, value: Any) -> bool:
        """Whether an answer includes the property although it is optional."""
        if self.role.kind == "group":
            return any(part.given((value or {}).get(part.role.key)) for part in self.parts)
        if self.role.kind == "enum":
            return value is not None and value in self.spelled
        return value is not None and value != [] and value != {}


def object_literal(parts: Sequence[Property], role_values: RoleValues) -> str:
    """Write an object in declared order; an absent value is `null` where the schema allows it, else left out."""
    written = []
    for part in parts:
        value = role_values if part.role.kind == "group" else role_values.get(part.role.key)
        if part.given(value) or part.nullable or part.required:
            written.append(f"{json.dumps(part.name, ensure_ascii=False)}:{part.literal(value)}")
    return "{" + ",".join(written) + "}"


@dataclass(frozen=True, slots=True)
class RoleSchema:
    """A schema with the properties that write its answers."""

    parts: tuple[Property, ...]
    schema: dict[str, Any]

    def answer(self, role_values: RoleValues) -> str:
        """Return the answer as compact JSON in declared order."""
        return object_literal(self.parts, role_values)


_GROUPS = "details header info data record summary general core metadata facts section".split()


def draw_role_schema(
    rng: Random, roles: Sequence[Role], fewest: int = 2, most: int = 9, grouped: float = 0.1
) -> RoleSchema:
    """Draw a schema over a random selection of the roles, in a random style."""
    style = _style(rng)
    count = min(len(roles), rng.randint(fewest, most))
    chosen = rng.sample(list(roles), count)
    if rng.random() < 0.5:
        chosen.sort(key=roles.index)
    return build_role_schema(rng, chosen, style, grouped)


def build_role_schema(
    rng: Random, chosen: Sequence[Role], style: Style | None = None, grouped: float = 0.0
) -> RoleSchema:
    """Build a schema of the given roles."""
    style = style or _style(rng)
    parts = list({part.name: part for part in (_property(rng, role, style) for role in chosen)}.values())
    if rng.random() < grouped and len(parts) > 2:
        parts = _grouped(rng, parts, style)
    schema = _object(parts, style, rng)
    if rng.random() < 0.15:
        schema = {"title": rng.choice(["Record", "Document", "Extraction", "Result", "Entry"]), **schema}
    return RoleSchema(tuple(parts), schema)


def _style(rng: Random) -> Style:
    return Style(
        names=rng.choice(["snake", "snake", "snake", "camel", "camel", "pascal", "kebab", "upper", "spaced"]),
        nulls=rng.choice(["list", "list", "list", "anyOf"]),
        nullable=rng.choice([0.0, 0.3, 1.0, 1.0]),
        description=rng.choice([0.0, 0.0, 0.4, 1.0]),
        closed=rng.random() < 0.6,
        required=rng.choice([0.5, 1.0, 1.0]),
        formats=rng.random() < 0.5,
        spelling=rng.choice(["snake", "snake", "upper", "camel", "title", "words", "lower"]),
    )


def _grouped(rng: Random, parts: list[Property], style: Style) -> list[Property]:
    """Move properties into two or three objects with generic names."""
    cuts = sorted(rng.sample(range(1, len(parts)), min(len(parts) - 1, rng.choice([1, 1, 2]))))
    names = rng.sample(_GROUPS, 3)
    properties: list[Property] = []
    for name, (start, end) in zip(names, zip([0, *cuts], [*cuts, len(parts)], strict=True), strict=False):
        inside = tuple(parts[start:end])
        if len(inside) == 1 and rng.random() < 0.5:
            properties += inside
            continue
        role = Role(name, "group", name, parts=tuple(p.role for p in inside))
        properties.append(
            Property(role, join_words(style.names, [name]), style.nullable == 1.0, True, inside)
        )
    return list({part.name: part for part in properties}.values())


def _property(rng: Random, role: Role, style: Style) -> Property:
    name = rng.choice(role.names.split())
    if style.names != "snake" and name.isascii():
        name = join_words(style.names, split_name(name).split())
    nullable = rng.random() < style.nullable and not (role.always_stated and rng.random() < 0.5)
    required = role.always_stated or nullable
    if not role.always_stated and rng.random() < style.required and not nullable:
        nullable = required = style.required == 1.0 or rng.random() < 0.5
    if nullable:
        required = rng.random() < style.required or required
    if role.kind in ("strings", "rows") and not nullable:
        required = True  # an empty list says that there is none
    inner: tuple[Property, ...] = ()
    if role.parts:
        chosen = [p for p in role.parts if rng.random() < 0.85] or list(role.parts)
        if rng.random() < 0.3:
            rng.shuffle(chosen)
        inner = tuple({a.name: a for a in (_property(rng, p, style) for p in chosen)}.values())
    description = (
        rng.choice(role.description.split("|"))
        if role.description and rng.random() < style.description
        else ""
    )
    return Property(role, name, nullable, required, inner, _spelled(rng, role, style), description)


def _spelled(rng: Random, role: Role, style: Style) -> dict[str, str]:
    properties = {}
    for choice in rng.choice(role.choices.split("|")).split():
        spelling, _, key = choice.partition("=")
        properties[key or spelling] = _spell(spelling.split("_"), style.spelling)
    return properties


def _spell(words: list[str], style: str) -> str:
    match style:
        case "upper":
            return "_".join(words).upper()
        case "camel":
            return "".join(w[:1].upper() + w[1:] for w in words)
        case "title":
            return "-".join(w[:1].upper() + w[1:] for w in words)
        case "words":
            return " ".join(words).capitalize()
        case "lower":
            return " ".join(words)
    return "_".join(words)


def _object(parts: Sequence[Property], style: Style, rng: Random) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": {p.name: _schema(p, style, rng) for p in parts}}
    if required := [p.name for p in parts if p.required]:
        schema["required"] = required
    if style.closed:
        schema["additionalProperties"] = False
    return schema


def _schema(part: Property, style: Style, rng: Random) -> dict[str, Any]:
    schema: dict[str, Any]
    match part.role.kind:
        case "object" | "group":
            schema = _object(part.parts, style, rng)
        case "rows":
            schema = {"type": "array", "items": _object(part.parts, style, rng)}
        case "strings":
            schema = {"type": "array", "items": {"type": "string"}}
        case "enum":
            schema = {"type": "string", "enum": list(part.spelled.values())}
        case "date":
            schema = {"type": "string", **({"format": "date"} if style.formats else {})}
        case kind:
            schema = {"type": kind}
    description = part.description
    if part.role.kind == "date" and not style.formats:
        description = rng.choice(["YYYY-MM-DD", "ISO date", "Date as YYYY-MM-DD"])
    if part.nullable:
        schema = _nullable(schema, style)
    return {**schema, "description": description} if description else schema


def _nullable(schema: dict[str, Any], style: Style) -> dict[str, Any]:
    if style.nulls == "anyOf":
        return {"anyOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        if style.closed:
            return {"enum": [*schema["enum"], None]}
        return {"type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}
