"""Desugar `uniqueItems` and `contains`, item by item: exact for short arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from math import perm
from typing import Any

from structgen import json_text
from structgen.schema.algebra.negation import complement
from structgen.schema.dialects import Dialect
from structgen.schema.lowering.desugar.group import NOT_ARRAY, Group
from structgen.schema.traversal import Resolve

_MAX_PERMUTATIONS = 24
"""Orders of distinct values that are written down."""
_MAX_FIRST_VALUES = 12
"""Values of which each may be the first item, with the others after it."""
_MAX_POSITIONS = 4
"""Items among which one has to match. In a longer array any item may."""

Arrays = tuple[list[Any], bool]
"""Alternatives for arrays, and whether they are exact."""


def array_groups(schema: dict[str, Any], resolve: Resolve, dialect: Dialect) -> Iterator[Group]:
    """Yield the groups of `uniqueItems` and `contains`. Values that are not arrays satisfy them."""
    if schema.get("uniqueItems") is True:
        yield from _group("uniqueItems", _unique(schema, resolve), dialect)
    if "contains" in schema and dialect.name != "draft4":  # where negation may have introduced it
        yield from _group("contains", _containing(schema, resolve), dialect)


def _group(keyword: str, arrays: Arrays, dialect: Dialect) -> Iterator[Group]:
    alternatives, exact = arrays
    if alternatives:
        typed = [{"type": "array", **_in_draft(alternative, dialect)} for alternative in alternatives]
        yield Group(
            keyword, (*typed, NOT_ARRAY), exact, "" if exact else "only of short arrays or few values"
        )


def _in_draft(alternative: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Write a tuple with `items` and `additionalItems` for drafts before 2020-12."""
    if "prefixItems" not in alternative or dialect.name == "draft2020-12":
        return alternative
    others = {
        keyword: value for keyword, value in alternative.items() if keyword not in ("prefixItems", "items")
    }
    return {**others, "items": alternative["prefixItems"], "additionalItems": alternative.get("items", True)}


def _unique(schema: dict[str, Any], resolve: Resolve) -> Arrays:
    """Return the orders of few values, or what of them is short."""
    values = None if "prefixItems" in schema else _item_values(schema.get("items"), resolve)
    if values is None:
        return [], False
    most = min(len(values), int(schema.get("maxItems", len(values))))
    if most < 2:
        return [{"maxItems": most}], True
    if perm(len(values), most) <= _MAX_PERMUTATIONS:
        orders = permutations(values, most)
        return [{"prefixItems": [{"enum": [v]} for v in order], "items": False} for order in orders], True
    if len(values) > _MAX_FIRST_VALUES:
        return [{"maxItems": most}], False
    alternatives = []
    for first in values:
        others = [value for value in values if value is not first]
        alternatives.append({"prefixItems": [{"enum": [first]}], "items": {"enum": others}, "maxItems": most})
    return alternatives, False


def _item_values(items: Any, resolve: Resolve) -> list[Any] | None:
    """Return all values of an item, each once; None where the schema does not list them."""
    if isinstance(items, dict) and isinstance(reference := items.get("$ref"), str) and len(items) == 1:
        items = resolve(reference)
    if not isinstance(items, dict):
        return None
    if "const" in items or "enum" in items:
        values = [items["const"]] if "const" in items else list(items["enum"])
    elif items.get("type") in ("boolean", "null"):
        values = [True, False] if items["type"] == "boolean" else [None]
    else:
        return None
    if any(isinstance(value, float | dict | list) for value in values):  # 1.0 is 1 to `uniqueItems`
        return None
    return values if len({json_text.dumps(value) for value in values}) == len(values) else None


def _containing(schema: dict[str, Any], resolve: Resolve) -> Arrays:
    """Require a match among the first items, or more items than these."""
    contained, least = schema["contains"], schema.get("minContains", 1)
    if least == 0:
        return [], "maxContains" not in schema
    longest = int(schema.get("maxItems", _MAX_POSITIONS + 1))
    alternatives: list[Any] = [
        {"prefixItems": [*[True] * before, contained], "minItems": max(before + 1, least)}
        for before in range(min(longest, _MAX_POSITIONS))
    ]
    if longest > _MAX_POSITIONS:
        alternatives.append({"minItems": max(_MAX_POSITIONS + 1, least)})
    uncounted = least == 1 and "maxContains" not in schema
    exact = uncounted and longest <= _MAX_POSITIONS and complement(contained, resolve).exact
    return alternatives, exact
