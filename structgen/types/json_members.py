"""Members of JSON objects that must have a certain type."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


def typed(kind: type[T] | tuple[type[T], ...], value: Any) -> T:
    """Return a JSON value of the given type; raise `TypeError` for any other value. A truth is no number."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"a value of an unexpected type: {value!r:.60}")
    return value
