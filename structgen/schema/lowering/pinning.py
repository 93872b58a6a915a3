"""A schema for the next attempt: what was sound stays as it is, only what was not is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.algebra.negation import complement
from structgen.schema.lowering.llguidance.numbers import is_exact, type_of
from structgen.types import Violation

_OF_MEMBERS = frozenset({"required", "dependentRequired", "dependencies", "minProperties"})
"""What an object lacks: its members are sound, others may join them."""


@dataclass
class _Place:
    """Violations of the value at one place, and the places below it."""

    keywords: set[str] = field(default_factory=set)
    below: dict[str, _Place] = field(default_factory=dict)


def targeted(value: Any, violations: Sequence[Violation]) -> dict[str, Any] | None:
    """To stand beside the grammar: `const` for sound values. None where the whole value is at fault."""
    root = _Place()
    for violation in violations:
        place = root
        for token in violation.pointer.split("/")[1:]:
            place = place.below.setdefault(token.replace("~1", "/").replace("~0", "~"), _Place())
        place.keywords.add(violation.keyword)
    found = _pinned(value, root)
    return found if isinstance(found, dict) and found.get("type") in ("object", "array") else None


def pinned(value: Any) -> dict[str, Any]:
    """That value alone; but any integer in the place of one that the grammar cannot write as it is."""
    found: dict[str, Any] = _pinned(value, None)
    return found


def _pinned(value: Any, place: _Place | None) -> Any:
    if place is None:
        if is_exact(value):
            return {"const": value}
        place = _Place()
        if not isinstance(value, dict | list):
            return {"type": type_of(value)}
    if isinstance(value, dict) and place.keywords <= _OF_MEMBERS:
        return _members(value, place)
    if isinstance(value, list) and not place.keywords:
        return _items(value, place)
    if isinstance(value, dict | list):
        return {}
    return _other(value, [value])


def _members(value: dict[str, Any], place: _Place) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {name: _pinned(member, place.below.get(name)) for name, member in value.items()},
        "required": list(value),
    }
    return made if place.keywords else {**made, "additionalProperties": False}


def _items(value: list[Any], place: _Place) -> dict[str, Any]:
    items = []
    for index, item in enumerate(value):
        at_fault = place.below.get(str(index))
        if at_fault and "uniqueItems" in at_fault.keywords:
            items.append(_other(item, value))
        else:
            items.append(_pinned(item, at_fault))
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(value)}


def _other(value: Any, taken: Sequence[Any]) -> dict[str, Any]:
    """A scalar of any value but those."""
    scalars = [item for item in taken if not isinstance(item, dict | list)]
    if isinstance(value, dict | list) or not scalars:
        return {}
    found = complement({"enum": scalars}, lambda _: None).schema
    return found if isinstance(found, dict) else {}
