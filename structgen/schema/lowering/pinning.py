"""Pin the valid parts of a value for a retry: only what violates the schema is generated anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonpointer import unescape

from structgen.schema.algebra.negation import complement
from structgen.schema.lowering.base import GrammarBackend
from structgen.schema.traversal import narrowest_type
from structgen.types import Violation

_MISSING_MEMBERS = frozenset({"required", "dependentRequired", "dependencies", "minProperties"})
"""Keywords that an object violates by members that it lacks: its own members stay, others may join them."""


@dataclass
class _Location:
    """The keywords that the value at one location violates, and the locations below it."""

    keywords: set[str] = field(default_factory=set)
    below: dict[str, _Location] = field(default_factory=dict)


def pin_valid_parts(
    value: Any, violations: Sequence[Violation], backend: GrammarBackend
) -> dict[str, Any] | None:
    """Return a schema to stand beside the grammar, with `const` for each valid part of the value.

    None where the whole value is at fault.
    """
    root = _Location()
    for violation in violations:
        location = root
        for token in violation.pointer.split("/")[1:]:
            location = location.below.setdefault(unescape(token), _Location())
        location.keywords.add(violation.keyword)
    schema = _pinned(value, root, backend)
    return schema if schema.get("type") in ("object", "array") else None


def pin_value(value: Any, backend: GrammarBackend) -> dict[str, Any]:
    """Return a schema of that value alone, with types for numbers that the grammar cannot write exactly."""
    return _pinned(value, None, backend)


def pin_first_items(
    grammar: Mapping[str, Any] | bool, items: Sequence[Any], backend: GrammarBackend
) -> dict[str, Any]:
    """Return the grammar narrowed to lists that begin with these items."""
    pins = {
        "type": "array",
        "prefixItems": [_pinned(item, None, backend) for item in items],
        "minItems": len(items),
    }
    if isinstance(grammar, bool):
        return pins
    return {**grammar, "allOf": [*grammar.get("allOf", ()), pins]}


def _pinned(value: Any, location: _Location | None, backend: GrammarBackend) -> dict[str, Any]:
    """Pin a value except for what is violated at and below its location, None without violations."""
    if location is None:
        if backend.writes_exactly(value):
            return {"const": value}
        location = _Location()
        if not isinstance(value, dict | list):
            return {"type": narrowest_type(value)}
    if isinstance(value, dict) and location.keywords <= _MISSING_MEMBERS:
        return _pinned_members(value, location, backend)
    if isinstance(value, list) and not location.keywords:
        return _pinned_items(value, location, backend)
    return _other_than(value, [value])


def _pinned_members(value: dict[str, Any], location: _Location, backend: GrammarBackend) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: _pinned(member, location.below.get(name), backend) for name, member in value.items()
        },
        "required": list(value),
    }
    return schema if location.keywords else {**schema, "additionalProperties": False}


def _pinned_items(value: list[Any], location: _Location, backend: GrammarBackend) -> dict[str, Any]:
    items = []
    for index, item in enumerate(value):
        below = location.below.get(str(index))
        if below and "uniqueItems" in below.keywords:
            items.append(_other_than(item, value))
        else:
            items.append(_pinned(item, below, backend))
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(value)}


def _other_than(value: Any, excluded: Sequence[Any]) -> dict[str, Any]:
    """Return a schema of all scalars but the excluded ones; of any value for an object or a list."""
    scalars = [item for item in excluded if not isinstance(item, dict | list)]
    if isinstance(value, dict | list) or not scalars:
        return {}
    others = complement({"enum": scalars}, lambda _: None).schema
    return others if isinstance(others, dict) else {}
