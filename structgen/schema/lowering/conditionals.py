"""Conditions on one member, one for each of its values, as one choice: `if country is X, then …`.

Taken one by one, their alternatives multiply; together they are as many as the values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from structgen.schema.algebra.negation import Complement, Resolve, complement
from structgen.schema.lowering.desugar import NO_OBJECT

_LEAST = 2
"""Conditions; one alone is as well taken by itself."""


@dataclass(frozen=True, slots=True)
class _Case:
    """`then` holds where the member is one of the values; also where it is missing, unless `required`."""

    name: str
    values: tuple[Any, ...]
    then: Any
    required: bool
    typed: bool
    part: Any


@dataclass(frozen=True, slots=True)
class Switch:
    """The parts of an `allOf` that are the conditions, and the alternatives for them together."""

    parts: list[Any]
    alternatives: list[Any]
    exact: bool


def switch(schema: dict[str, Any], resolve: Resolve) -> Switch | None:
    """The most conditions on one member that are among the parts of the schema's `allOf`."""
    by_name: dict[str, list[_Case]] = {}
    for part in schema["allOf"]:
        if (case := _case(part)) is not None:
            by_name.setdefault(case.name, []).append(case)
    cases = max(by_name.values(), key=len, default=[])
    if len(cases) < _LEAST:
        return None
    name = cases[0].name
    values = {(type(value), value): value for case in cases for value in case.values}
    groups: dict[tuple[int, ...], list[Any]] = {}
    for value in values.values():
        hit = tuple(i for i, case in enumerate(cases) if value in case.values)
        groups.setdefault(hit, []).append(value)
    alternatives = [_given(name, {"enum": found}, (cases[i] for i in hit)) for hit, found in groups.items()]
    others = _others(schema.get("properties", {}).get(name), list(values.values()), resolve)
    if others.schema is not False:
        alternatives.append(_given(name, others.schema, ()))
    missing = [case.then for case in cases if not case.required]
    alternatives.append({"type": "object", "properties": {name: False}, "allOf": missing})
    alternatives.append({**NO_OBJECT, "allOf": [case.then for case in cases if not case.typed]})
    kept = [way if way["allOf"] else {k: v for k, v in way.items() if k != "allOf"} for way in alternatives]
    return Switch([case.part for case in cases], kept, others.exact)


def _others(member: Any, values: list[Any], resolve: Resolve) -> Complement:
    """What else the member can be; `member` is its schema beside the conditions."""
    if not isinstance(member, dict) or not isinstance(member.get("enum"), list):
        return complement({"enum": values}, resolve)
    left = [value for value in member["enum"] if isinstance(value, bool) or value not in values]
    return Complement({"enum": left} if left else False, True)


def _given(name: str, member: Any, cases: Iterable[_Case]) -> dict[str, Any]:
    thens = [case.then for case in cases]
    return {"type": "object", "properties": {name: member}, "required": [name], "allOf": thens}


def _case(part: Any) -> _Case | None:
    """The part, if it is but a condition on one member's value, without `else`."""
    if not isinstance(part, dict) or not {"if", "then"} <= part.keys() <= {"if", "then", "$comment"}:
        return None
    condition = part["if"]
    if not isinstance(condition, dict) or not condition.keys() <= {"properties", "required", "type"}:
        return None
    properties, required = condition.get("properties", {}), condition.get("required", [])
    if len(properties) != 1 or condition.get("type", "object") != "object":
        return None
    [(name, member)] = properties.items()
    if required not in ([], [name]) or not isinstance(member, dict):
        return None
    if not member.keys() <= {"const", "enum", "type"} or ("type" in member and member["type"] != "string"):
        return None
    values = [member["const"]] if "const" in member else member.get("enum", [])
    if not values or not all(isinstance(v, str) or type(v) is int for v in values):
        return None
    if "type" in member and not all(isinstance(v, str) for v in values):
        return None
    return _Case(name, tuple(values), part["then"], bool(required), "type" in condition, part)
