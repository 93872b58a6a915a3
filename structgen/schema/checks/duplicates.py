"""Values that stand twice where a draft wants each once: real schemas have them, and they change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen import json_text

Path = tuple[str, ...]
_NAMED = ("dependentRequired", "dependencies")


def doubled(schema: dict[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    """Yield each list of a schema that has a value twice, by its path, with the values that come again.

    Lists of names that hold anything but names are left to the meta-schema.
    """
    for path, values in _lists(schema):
        names = all(isinstance(value, str) for value in values)
        if (names and len(set(values)) == len(values)) or not (names or path == ("enum",)):
            continue
        seen: set[str] = set()
        again = []
        for value in values:
            if (key := _key(value)) in seen:
                again.append(value)
            seen.add(key)
        if again:
            yield path, again


def _lists(schema: dict[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    for keyword in ("enum", "required", "type"):
        if isinstance(values := schema.get(keyword), list):
            yield (keyword,), values
    for keyword in _NAMED:
        if isinstance(members := schema.get(keyword), dict):
            yield from (
                ((keyword, name), names) for name, names in members.items() if isinstance(names, list)
            )


def dropped(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with each value once, or the schema itself where none stands twice."""
    made = schema
    for path, _ in doubled(schema):
        holder = made if len(path) == 1 else made[path[0]]
        once: dict[str, Any] = {}
        for value in holder[path[-1]]:
            once.setdefault(_key(value), value)
        changed = {**holder, path[-1]: list(once.values())}
        made = changed if len(path) == 1 else {**made, path[0]: changed}
    return made


def _key(value: Any) -> str:
    """Equal for equal JSON values: numbers by their value, objects without regard to order."""
    return json_text.dumps(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
