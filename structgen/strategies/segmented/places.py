"""Lists inside of objects, by their JSON Pointers."""

from __future__ import annotations

from typing import Any

from structgen.longdoc.composition import path_of


def list_at(value: Any, pointer: str) -> list[Any]:
    """Return the list at a pointer; an empty one where the value has none there."""
    for name in path_of(pointer):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def with_list(value: Any, pointer: str, items: list[Any]) -> Any:
    """Return the value with a list at a pointer, inside of the objects above it."""
    path = path_of(pointer)
    if not path:
        return items
    whole = dict(value) if isinstance(value, dict) else {}
    inner = whole
    for name in path[:-1]:
        member = inner.get(name)
        inner[name] = dict(member) if isinstance(member, dict) else {}
        inner = inner[name]
    inner[path[-1]] = items
    return whole


def without_list(value: Any, pointer: str) -> Any:
    """Return the value without the list at a pointer."""
    path = path_of(pointer)
    if not path or not isinstance(value, dict):
        return value
    name, rest = path[0], "".join(f"/{step}" for step in pointer.split("/")[2:])
    if not rest:
        return {key: member for key, member in value.items() if key != name}
    return {key: without_list(member, rest) if key == name else member for key, member in value.items()}
