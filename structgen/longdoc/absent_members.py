"""Required members of a value that are null although their schema does not allow null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.schema import Schema
from structgen.schema.traversal import (
    JsonPath,
    alternatives,
    conjuncts,
    item_schemas,
    member_schemas,
    pointer,
    root_target,
    type_names,
)

MAX_ABSENT = 1_000
"""Pointers that are listed at most."""
_MAX_DEPTH = 8


def absent(schema: Schema, data: Any) -> tuple[str, ...]:
    """Return pointers to required members that are null though the schema does not allow that.

    `schema` is the caller's; there are at most `MAX_ABSENT` pointers.
    """
    return tuple(
        pointer(path) for path, _ in zip(_Absence(schema).paths(data), range(MAX_ABSENT), strict=False)
    )


class _Absence:
    def __init__(self, schema: Schema) -> None:
        self._schema, self._target = schema, root_target(schema.resolve)

    def paths(self, data: Any) -> Iterator[JsonPath]:
        """Yield the paths in document order."""
        stack: list[tuple[JsonPath, Any, list[Any]]] = [((), data, [self._schema.enforced])]
        while stack:
            path, value, unread = stack.pop()
            if isinstance(value, dict):
                schemas = self._applying(unread, value)
                yield from ((*path, name) for name in self._null_members(schemas, value))
                members = [
                    (name, member) for name, member in value.items() if isinstance(member, dict | list)
                ]
                stack += [((*path, n), member, member_schemas(schemas, n)) for n, member in reversed(members)]
            elif isinstance(value, list):
                schemas = self._applying(unread, value)
                indices = range(len(value) - 1, -1, -1)
                stack += [((*path, i), value[i], item_schemas(schemas, i)) for i in indices]

    def _null_members(self, schemas: list[dict[str, Any]], value: dict[str, Any]) -> list[str]:
        names = [name for name, member in value.items() if member is None]
        if not names:
            return []
        required = {name for schema in schemas for name in schema.get("required", ())}
        return [
            name
            for name in names
            if name in required
            and not all(self._schema.accepts(each, None) for each in member_schemas(schemas, name))
        ]

    def _applying(self, unread: list[Any], value: Any) -> list[dict[str, Any]]:
        """Return the schemas that apply to a value; branches only where its members do not rule them out."""
        schemas = list(conjuncts(unread, self._target, _MAX_DEPTH))
        for schema in list(schemas):
            for branches in alternatives(schema):
                fitting = [branch for branch in branches if self._fits(branch, value)]
                schemas += conjuncts(fitting, self._target, _MAX_DEPTH)
        return schemas

    def _fits(self, branch: Any, value: Any) -> bool:
        """Return whether a branch takes the type of a value, and its scalars apart from null."""
        name = "object" if isinstance(value, dict) else "array"
        for schema in conjuncts([branch], self._target, _MAX_DEPTH):
            if name not in (type_names(schema) or (name,)):
                return False
            for key, member in value.items() if isinstance(value, dict) else ():
                known = schema.get("properties", {}).get(key)
                if known is None or isinstance(member, dict | list) or member is None:
                    continue
                if not self._schema.accepts(known, member):
                    return False
        return True
