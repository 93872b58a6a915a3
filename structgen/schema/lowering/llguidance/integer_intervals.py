"""Intervals between two integers, where only an integer can stand: llguidance 1.x refuses the whole schema.

`not` over `enum: [0, 1]` makes one. It is an alternative that nothing can take, and is left out.
"""

from __future__ import annotations

import math
from typing import Any

_DEEPEST = 24
_MOST_SCHEMAS = 40
"""Schemas for one value that are looked at together."""
_ALL = ("null", "boolean", "object", "array", "number", "integer", "string")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def settle(root: dict[str, Any]) -> None:
    """Put false in the place of such alternatives."""
    definitions = root.get("$defs", {})
    for part in (root, *definitions.values()):
        if isinstance(part, dict):
            _visit(part, [], definitions, 0)


def _visit(schema: Any, beside: list[Any], definitions: dict[str, Any], depth: int) -> None:
    """`beside`: what else holds for the same value."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    together = [schema, *beside][:_MOST_SCHEMAS]
    for part in schema.get("allOf", ()):
        others = [other for other in schema["allOf"] if other is not part]
        _visit(part, [_without(schema, "allOf"), *others, *beside], definitions, depth + 1)
    ways = schema.get("anyOf", [])
    for index, way in enumerate(ways):
        around = [_without(schema, "anyOf"), *beside]
        if _bounded(way) and _empty([way, *around], definitions):
            ways[index] = False
        else:
            _visit(way, around, definitions, depth + 1)
    for name, part in schema.get("properties", {}).items():
        _visit(part, _at(together[1:], name, definitions), definitions, depth + 1)
    for part in (schema.get("items"), schema.get("additionalProperties"), *schema.get("prefixItems", ())):
        _visit(part, [], definitions, depth + 1)


def _without(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {name: part for name, part in schema.items() if name != keyword}


def _bounded(way: Any) -> bool:
    return isinstance(way, dict) and any(word in way for word in _BOUNDS)


def _together(schemas: list[Any], definitions: dict[str, Any], depth: int = 0) -> list[dict[str, Any]]:
    """The schemas, what they refer to and their parts of `allOf`."""
    found = []
    for schema in schemas[:_MOST_SCHEMAS] if depth < 4 else ():
        if isinstance(schema, dict):
            name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
            inner = [definitions.get(name), *schema.get("allOf", ())]
            found += [schema, *_together(inner, definitions, depth + 1)]
    return found


def _at(schemas: list[Any], name: str, definitions: dict[str, Any]) -> list[Any]:
    found = []
    for schema in _together(schemas, definitions):
        if name in schema.get("properties", ()):
            found.append(schema["properties"][name])
        elif "patternProperties" not in schema:
            found.append(schema.get("additionalProperties"))
    return found


def _empty(schemas: list[Any], definitions: dict[str, Any]) -> bool:
    """Whether only integers fit, and none is within the bounds."""
    found = _together(schemas, definitions)
    types = [_types(schema) for schema in found]
    numbers = any(named <= {"integer", "number"} for named in types)
    if not numbers or not any("integer" in named and "number" not in named for named in types):
        return False
    least, most = -math.inf, math.inf
    for schema in found:
        least = max(least, _ceil(schema.get("minimum")), _ceil(schema.get("exclusiveMinimum"), 1))
        most = min(
            most, -_ceil(_minus(schema.get("maximum"))), -_ceil(_minus(schema.get("exclusiveMaximum")), 1)
        )
    return least > most


def _types(schema: dict[str, Any]) -> set[str]:
    named = schema.get("type", _ALL)
    return {named} if isinstance(named, str) else set(named)


def _minus(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _ceil(bound: float | None, more: int = 0) -> float:
    """The least integer from the bound on, or beyond it."""
    if bound is None:
        return -math.inf
    return math.floor(bound) + 1 if more else math.ceil(bound)
