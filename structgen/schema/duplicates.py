"""Find and drop duplicates in lists whose values a draft wants unique. They change no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen import json_text
from structgen.schema.json_value import normalized
from structgen.schema.keywords import Holds, holding

KeywordPath = tuple[str, ...]
"""A keyword, or a keyword and a name in its value."""
_NAME_MAPS = holding(Holds.NAME_MAP)


def duplicates(schema: dict[str, Any]) -> Iterator[tuple[KeywordPath, list[Any]]]:
    """Yield the path of each list of a schema that has duplicates, with the values that occur again.

    Lists of names with other values than strings are left to the meta-schema.
    """
    for path, values in _unique_lists(schema):
        are_names = all(isinstance(value, str) for value in values)
        if (are_names and len(set(values)) == len(values)) or not (are_names or path == ("enum",)):
            continue
        seen: set[str] = set()
        repeated = []
        for value in values:
            if (key := _key(value)) in seen:
                repeated.append(value)
            seen.add(key)
        if repeated:
            yield path, repeated


def _unique_lists(schema: dict[str, Any]) -> Iterator[tuple[KeywordPath, list[Any]]]:
    for keyword in ("enum", "required", "type"):
        if isinstance(values := schema.get(keyword), list):
            yield (keyword,), values
    for keyword in _NAME_MAPS:
        if isinstance(members := schema.get(keyword), dict):
            for name, names in members.items():
                if isinstance(names, list):
                    yield (keyword, name), names


def deduplicated(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with each value once, or the schema itself where it has no duplicates."""
    result = schema
    for path, _ in duplicates(schema):
        holder = result if len(path) == 1 else result[path[0]]
        unique: dict[str, Any] = {}
        for value in holder[path[-1]]:
            unique.setdefault(_key(value), value)
        changed = {**holder, path[-1]: list(unique.values())}
        result = changed if len(path) == 1 else {**result, path[0]: changed}
    return result


def _key(value: Any) -> str:
    """Return a text that is equal for equal JSON values."""
    return json_text.dumps(normalized(value))
