"""Desugar conditions on the value of one member together: a choice among its values.

One by one, the alternatives of `if country is X, then …` multiply. Together they are as many as the values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from structgen.schema.algebra.complement import Complement
from structgen.schema.algebra.negation import complement
from structgen.schema.lowering.desugar.group import NOT_OBJECT
from structgen.schema.traversal import Resolve

_MIN_CASES = 2
"""A single condition is desugared as well by itself."""


@dataclass(frozen=True, slots=True)
class _Case:
    """`then` holds where the member has one of the values; also where it is missing, unless `required`."""

    name: str
    values: tuple[Any, ...]
    then: Any
    required: bool
    objects_only: bool
    """Whether the condition fails for values that are not objects."""
    condition: Any
    """The branch of `allOf` that the case comes from."""


@dataclass(frozen=True, slots=True)
class Switch:
    """The branches of an `allOf` that are conditions on one member, and the alternatives for them."""

    conditions: list[Any]
    alternatives: list[Any]
    exact: bool


def switch(schema: dict[str, Any], resolve: Resolve) -> Switch | None:
    """Combine the conditions on the member that most branches of the schema's `allOf` test."""
    by_name: dict[str, list[_Case]] = {}
    for branch in schema["allOf"]:
        if (case := _case(branch)) is not None:
            by_name.setdefault(case.name, []).append(case)
    cases = max(by_name.values(), key=len, default=[])
    if len(cases) < _MIN_CASES:
        return None
    name = cases[0].name
    values = {(type(value), value): value for case in cases for value in case.values}
    by_cases: dict[tuple[int, ...], list[Any]] = {}
    for value in values.values():
        matching = tuple(index for index, case in enumerate(cases) if value in case.values)
        by_cases.setdefault(matching, []).append(value)
    alternatives = [
        _with_member(name, {"enum": same}, (cases[index] for index in matching))
        for matching, same in by_cases.items()
    ]
    others = _other_values(schema.get("properties", {}).get(name), list(values.values()), resolve)
    if others.schema is not False:
        alternatives.append(_with_member(name, others.schema, ()))
    missing = [case.then for case in cases if not case.required]
    alternatives.append({"type": "object", "properties": {name: False}, "allOf": missing})
    alternatives.append({**NOT_OBJECT, "allOf": [case.then for case in cases if not case.objects_only]})
    return Switch([case.condition for case in cases], list(map(_without_empty, alternatives)), others.exact)


def _without_empty(alternative: dict[str, Any]) -> dict[str, Any]:
    """Drop an `allOf` without branches."""
    return {keyword: value for keyword, value in alternative.items() if keyword != "allOf" or value}


def _other_values(member: Any, values: list[Any], resolve: Resolve) -> Complement:
    """Return the schema of all other values that `member`, the schema beside the conditions, accepts."""
    if not isinstance(member, dict) or not isinstance(member.get("enum"), list):
        return complement({"enum": values}, resolve)
    others = [value for value in member["enum"] if isinstance(value, bool) or value not in values]
    return Complement({"enum": others} if others else False, True)


def _with_member(name: str, member: Any, cases: Iterable[_Case]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: member},
        "required": [name],
        "allOf": [case.then for case in cases],
    }


def _case(branch: Any) -> _Case | None:
    """Return the case of a branch that only tests the value of one member, without `else`."""
    if not isinstance(branch, dict) or not {"if", "then"} <= branch.keys() <= {"if", "then", "$comment"}:
        return None
    condition = branch["if"]
    if not isinstance(condition, dict) or not condition.keys() <= {"properties", "required", "type"}:
        return None
    properties, required = condition.get("properties", {}), condition.get("required", [])
    if len(properties) != 1 or condition.get("type", "object") != "object":
        return None
    [(name, member)] = properties.items()
    values = _tested_values(member)
    if not values or required not in ([], [name]):
        return None
    return _Case(name, values, branch["then"], bool(required), "type" in condition, branch)


def _tested_values(member: Any) -> tuple[Any, ...]:
    """Return the strings or integers that the schema of a member lists, none for any other schema."""
    if not isinstance(member, dict) or not member.keys() <= {"const", "enum", "type"}:
        return ()
    values = [member["const"]] if "const" in member else member.get("enum", [])
    if not all(isinstance(value, str) or type(value) is int for value in values):
        return ()
    if "type" not in member:
        return tuple(values)
    return tuple(values) if member["type"] == "string" and all(isinstance(v, str) for v in values) else ()
