"""Desugar `minProperties` and `maxProperties`: one alternative for each choice of optional properties."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb
from typing import Any

from structgen.schema.lowering.branch_budget import MAX_ALTERNATIVES
from structgen.schema.lowering.desugar.group import NOT_OBJECT, Group


def property_counts(schema: dict[str, Any]) -> Iterator[Group]:
    """Yield the groups of a schema in which every property name is known."""
    closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
    least, most = int(schema.get("minProperties", 0)), schema.get("maxProperties")
    required = set(schema.get("required", ())) if isinstance(schema.get("required"), list) else set()
    optional = [
        name
        for name, subschema in schema.get("properties", {}).items()
        if name not in required and subschema is not False
    ]
    if least > len(required) and optional:
        yield _at_least(least, len(required), optional, closed)
    if most is not None and optional and not (closed and int(most) >= len(required) + len(optional)):
        yield _at_most(int(most), len(required), optional, closed)


def _at_least(least: int, required: int, optional: list[str], closed: bool) -> Group:
    missing = least - required
    if _too_many(optional, missing) or (missing > 1 and not closed):
        return Group("minProperties", (True,), False, "too many combinations")
    alternatives: list[Any] = [{"required": list(names)} for names in combinations(optional, missing)]
    if not closed:
        alternatives.append({"properties": dict.fromkeys(optional, False), "minProperties": least})
    return Group("minProperties", (*alternatives, NOT_OBJECT), True)


def _at_most(most: int, required: int, optional: list[str], closed: bool) -> Group:
    remaining = most - required
    if remaining < 0:
        return Group("maxProperties", (NOT_OBJECT,), True)
    if _too_many(optional, min(remaining, len(optional))) or (remaining > 1 and not closed):
        return Group("maxProperties", (True,), False, "too many combinations")
    alternatives: list[Any] = []
    for names in combinations(optional, remaining):
        alternative: dict[str, Any] = {"properties": {n: False for n in optional if n not in names}}
        if not closed:
            alternative |= {"required": list(names), "maxProperties": most}
        alternatives.append(alternative)
    if not closed and remaining:
        alternatives.append({"properties": dict.fromkeys(optional, False), "maxProperties": most})
    return Group("maxProperties", (*alternatives, NOT_OBJECT), True)


def _too_many(optional: list[str], chosen: int) -> bool:
    return comb(len(optional), chosen) > MAX_ALTERNATIVES // 2
