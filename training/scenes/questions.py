"""Schemas over the roles of a scene, in the styles that people use, and the answers to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from training.fields import spoken, styled

Found = Mapping[str, Any]
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
    told: str = ""
    parts: tuple[Role, ...] = ()
    choices: str = ""
    sure: bool = False
    """Whether every document of the scene states it."""


@dataclass(frozen=True, slots=True)
class Style:
    """The style of one schema: naming, null notation, probabilities and spelling of choices."""

    names: str
    nulls: str
    nullable: float
    told: float
    closed: bool
    required: float
    formats: bool
    spelling: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A role as a property of a schema: its name and constraints."""

    role: Role
    name: str
    nullable: bool
    required: bool
    parts: tuple[Asked, ...] = ()
    spelled: Mapping[str, str] = field(default_factory=dict)
    told: str = ""

    def literal(self, value: Any) -> str:
        """Return a value as compact JSON."""
        match self.role.kind:
            case "object" | "group":
                value = value or {}
                if self.nullable and all(value.get(p.role.key) in (None, [], {}) for p in self.parts):
                    return "null"
                return members(self.parts, value)
            case "rows":
                if not value and self.nullable:
                    return "null"
                return "[" + ",".join(members(self.parts, row) for row in value or ()) + "]"
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


def members(parts: Sequence[Asked], found: Found) -> str:
    """Write an object in declared order; an absent value is `null` where the schema allows it, else left out."""
    written = []
    for part in parts:
        value = found if part.role.kind == "group" else found.get(part.role.key)
        if part.given(value) or part.nullable or part.required:
            written.append(f"{json.dumps(part.name, ensure_ascii=False)}:{part.literal(value)}")
    return "{" + ",".join(written) + "}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A schema with the properties that write its answers."""

    parts: tuple[Asked, ...]
    schema: dict[str, Any]

    def answer(self, found: Found) -> str:
        """Return the answer as compact JSON in declared order."""
        return members(self.parts, found)


_GROUPS = "details header info data record summary general core metadata facts section".split()


def ask(rng: Random, roles: Sequence[Role], fewest: int = 2, most: int = 9, grouped: float = 0.1) -> Sheet:
    """Draw a schema over a random selection of the roles, in a random style."""
    style = _style(rng)
    count = min(len(roles), rng.randint(fewest, most))
    chosen = rng.sample(list(roles), count)
    if rng.random() < 0.5:
        chosen.sort(key=roles.index)
    return sheet(rng, chosen, style, grouped)


def sheet(rng: Random, chosen: Sequence[Role], style: Style | None = None, grouped: float = 0.0) -> Sheet:
    """Build a schema of the given roles."""
    style = style or _style(rng)
    parts = list({part.name: part for part in (_asked(rng, role, style) for role in chosen)}.values())
    if rng.random() < grouped and len(parts) > 2:
        parts = _grouped(rng, parts, style)
    schema = _object(parts, style, rng)
    if rng.random() < 0.15:
        schema = {"title": rng.choice(["Record", "Document", "Extraction", "Result", "Entry"]), **schema}
    return Sheet(tuple(parts), schema)


def _style(rng: Random) -> Style:
    return Style(
        names=rng.choice(["snake", "snake", "snake", "camel", "camel", "pascal", "kebab", "upper", "spaced"]),
        nulls=rng.choice(["list", "list", "list", "anyOf"]),
        nullable=rng.choice([0.0, 0.3, 1.0, 1.0]),
        told=rng.choice([0.0, 0.0, 0.4, 1.0]),
        closed=rng.random() < 0.6,
        required=rng.choice([0.5, 1.0, 1.0]),
        formats=rng.random() < 0.5,
        spelling=rng.choice(["snake", "snake", "upper", "camel", "title", "words", "lower"]),
    )


def _grouped(rng: Random, parts: list[Asked], style: Style) -> list[Asked]:
    """Move properties into two or three objects with generic names."""
    cuts = sorted(rng.sample(range(1, len(parts)), min(len(parts) - 1, rng.choice([1, 1, 2]))))
    names = rng.sample(_GROUPS, 3)
    made: list[Asked] = []
    for name, (start, end) in zip(names, zip([0, *cuts], [*cuts, len(parts)], strict=True), strict=False):
        inside = tuple(parts[start:end])
        if len(inside) == 1 and rng.random() < 0.5:
            made += inside
            continue
        role = Role(name, "group", name, parts=tuple(p.role for p in inside))
        made.append(Asked(role, styled(style.names, [name]), style.nullable == 1.0, True, inside))
    return list({part.name: part for part in made}.values())


def _asked(rng: Random, role: Role, style: Style) -> Asked:
    name = rng.choice(role.names.split())
    if style.names != "snake" and name.isascii():
        name = styled(style.names, spoken(name).split())
    nullable = rng.random() < style.nullable and not (role.sure and rng.random() < 0.5)
    required = role.sure or nullable
    if not role.sure and rng.random() < style.required and not nullable:
        nullable = required = style.required == 1.0 or rng.random() < 0.5
    if nullable:
        required = rng.random() < style.required or required
    if role.kind in ("strings", "rows") and not nullable:
        required = True  # an empty list says that there is none
    inner: tuple[Asked, ...] = ()
    if role.parts:
        kept = [p for p in role.parts if rng.random() < 0.85] or list(role.parts)
        if rng.random() < 0.3:
            rng.shuffle(kept)
        inner = tuple({a.name: a for a in (_asked(rng, p, style) for p in kept)}.values())
    told = rng.choice(role.told.split("|")) if role.told and rng.random() < style.told else ""
    return Asked(role, name, nullable, required, inner, _spelled(rng, role, style), told)


def _spelled(rng: Random, role: Role, style: Style) -> dict[str, str]:
    made = {}
    for choice in rng.choice(role.choices.split("|")).split():
        spelling, _, key = choice.partition("=")
        made[key or spelling] = _spell(spelling.split("_"), style.spelling)
    return made


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


def _object(parts: Sequence[Asked], style: Style, rng: Random) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": {p.name: _schema(p, style, rng) for p in parts}}
    if required := [p.name for p in parts if p.required]:
        schema["required"] = required
    if style.closed:
        schema["additionalProperties"] = False
    return schema


def _schema(part: Asked, style: Style, rng: Random) -> dict[str, Any]:
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
    told = part.told
    if part.role.kind == "date" and not style.formats:
        told = rng.choice(["YYYY-MM-DD", "ISO date", "Date as YYYY-MM-DD"])
    if part.nullable:
        schema = _nullable(schema, style)
    return {**schema, "description": told} if told else schema


def _nullable(schema: dict[str, Any], style: Style) -> dict[str, Any]:
    if style.nulls == "anyOf":
        return {"anyOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        if style.closed:
            return {"enum": [*schema["enum"], None]}
        return {"type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}
