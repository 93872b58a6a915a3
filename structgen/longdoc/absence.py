"""Required members that a document does not say: the relaxed schema, and the pointers of what is null."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from structgen.schema import Schema
from structgen.schema.keywords import SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_VALUED
from structgen.schema.traversal import pointer

_KEPT = frozenset({"not", "if", "then", "else"})
"""Keywords whose schemas a null would turn round, or decide."""


def relaxed(schema: Schema) -> Schema:
    """Return a schema whose required members may also be null."""
    return replace(schema, definition=_relaxed(schema.definition), adapter=None)


def absent(schema: Schema, data: Any) -> list[str]:
    """Return the pointers of the members that are null although the schema does not allow it."""
    nulls = set(_nulls((), data))
    return [at for at in dict.fromkeys(v.pointer for v in schema.violations(data)) if at in nulls]


def _relaxed(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    copied = {}
    for keyword, value in schema.items():
        if keyword in SCHEMA_VALUED and keyword not in _KEPT:
            copied[keyword] = _relaxed(value)
        elif keyword in SCHEMA_LISTS and isinstance(value, list):
            copied[keyword] = [_relaxed(each) for each in value]
        elif keyword in SCHEMA_MAPS and isinstance(value, dict):
            copied[keyword] = {name: _relaxed(each) for name, each in value.items()}
        else:
            copied[keyword] = value
    members = copied.get("properties")
    if isinstance(members, dict):
        for name in schema.get("required", ()):
            if members.get(name, True) is not True:
                members[name] = {"anyOf": [members[name], {"type": "null"}]}
    return copied


def _nulls(path: tuple[str | int, ...], data: Any) -> list[str]:
    if data is None:
        return [pointer(path)]
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at for key, child in children for at in _nulls((*path, key), child)]
