"""The types and strings that the keywords of one schema leave for a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from structgen.schema.keywords import TYPES
from structgen.schema.traversal import json_types

ALL_TYPES = frozenset(TYPES)
_NUMBERS = frozenset({"number", "integer"})


def types_of(keywords: dict[str, Any]) -> frozenset[str]:
    """Return the types that `type`, `enum`, `const` and a negated `type` leave."""
    types = ALL_TYPES if "type" not in keywords else _named(keywords["type"])
    for values in _listed(keywords):
        types &= frozenset().union(*(json_types(value) for value in values))
    negated = keywords.get("not")
    if negated is True or negated == {}:
        return frozenset()
    if isinstance(negated, dict) and negated.keys() == {"type"}:
        types -= _named(negated["type"])
    return _with_integer(types)


def _named(names: Any) -> frozenset[str]:
    """Return the types that the value of `type` names; all for a value of another shape."""
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ALL_TYPES
    return _with_integer(names) & ALL_TYPES


def _listed(keywords: dict[str, Any]) -> list[list[Any]]:
    """Return the lists of values in `enum` and `const`."""
    lists = [[keywords["const"]]] if "const" in keywords else []
    return [*lists, keywords["enum"]] if isinstance(keywords.get("enum"), list) else lists


def choices_of(keywords: dict[str, Any]) -> frozenset[str] | None:
    """Return the strings that `enum` and `const` both list; None without them."""
    lists = [frozenset(v for v in values if isinstance(v, str)) for values in _listed(keywords)]
    return frozenset.intersection(*lists) if lists else None


def _with_integer(names: Iterable[str]) -> frozenset[str]:
    """Return the types with `integer` beside `number`."""
    types = frozenset(names)
    return types | _NUMBERS if "number" in types else types
