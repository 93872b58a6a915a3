"""`uniqueItems` and `contains` as alternatives, item by item: all of it for short arrays."""

from __future__ import annotations

from itertools import permutations
from math import perm
from typing import Any

from structgen import json_text
from structgen.schema.algebra.negation import Resolve, complement

_MOST_ORDERS = 24
"""Ways to put distinct values in a row that are written down."""
_MOST_FIRST = 12
"""Values of which each can be the first, with the others after it."""
_LOOKED_AT = 4
"""Items among which one has to match; of a longer array any may."""

Ways = tuple[list[Any], bool]
"""Alternatives for arrays, and whether they are exact."""


def unique(schema: dict[str, Any], resolve: Resolve) -> Ways:
    """Where all items come from few values."""
    values = None if "prefixItems" in schema else _values(schema.get("items"), resolve)
    if values is None:
        return [], False
    most = min(len(values), int(schema.get("maxItems", len(values))))
    if most < 2:
        return [{"maxItems": most}], True
    if perm(len(values), most) <= _MOST_ORDERS:
        orders = permutations(values, most)
        return [{"prefixItems": [{"enum": [v]} for v in order], "items": False} for order in orders], True
    if len(values) > _MOST_FIRST:
        return [{"maxItems": most}], False
    ways = []
    for first in values:
        others = [value for value in values if value is not first]
        ways.append({"prefixItems": [{"enum": [first]}], "items": {"enum": others}, "maxItems": most})
    return ways, False


def _values(items: Any, resolve: Resolve) -> list[Any] | None:
    """All that an item can be, each once; None where that is not to be listed."""
    if isinstance(items, dict) and isinstance(reference := items.get("$ref"), str) and len(items) == 1:
        items = resolve(reference)
    if not isinstance(items, dict):
        return None
    if "const" in items or "enum" in items:
        found = [items["const"]] if "const" in items else list(items["enum"])
    elif items.get("type") in ("boolean", "null"):
        found = [True, False] if items["type"] == "boolean" else [None]
    else:
        return None
    if any(isinstance(value, float | dict | list) for value in found):  # 1.0 is 1 to `uniqueItems`
        return None
    return found if len({json_text.dumps(value) for value in found}) == len(found) else None


def containing(schema: dict[str, Any], resolve: Resolve) -> Ways:
    """One of the first items matches, or there are more than are looked at."""
    wanted, least = schema["contains"], schema.get("minContains", 1)
    if least == 0:
        return [], "maxContains" not in schema
    longest = int(schema.get("maxItems", _LOOKED_AT + 1))
    ways: list[Any] = [
        {"prefixItems": [*[True] * before, wanted], "minItems": max(before + 1, least)}
        for before in range(min(longest, _LOOKED_AT))
    ]
    if longest > _LOOKED_AT:
        ways.append({"minItems": max(_LOOKED_AT + 1, least)})
    sole = least == 1 and "maxContains" not in schema
    return ways, sole and longest <= _LOOKED_AT and complement(wanted, resolve).exact
