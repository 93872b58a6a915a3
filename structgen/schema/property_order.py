"""Order the members of all values of one schema, with the order of each location computed once.

`reorder.reordered` finds the applicable subschemas of each value anew. Mostly they do not depend on the
value: references, `allOf`, and alternatives of which at most one accepts objects or lists. For such locations
the order is memoised here; for all others `reordered` takes over, from there on down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.reorder import MAX_SCHEMAS, declared_names, possible_schemas, reordered
from structgen.schema.traversal import (
    Resolve,
    alternatives,
    constants,
    item_schemas,
    member_schemas,
    tuple_schemas,
    type_names,
)

_MAX_LOCATIONS = 10_000
_CONTAINERS = frozenset({"object", "array"})
_VALUE_DEPENDENT = ("patternProperties", "dependentRequired", "dependentSchemas", "dependencies")


class _DependsOnValue(Exception):
    """Raised where different values have different applicable subschemas."""


@dataclass
class _Location:
    """The schemas and the order of members of all values at one location of a document."""

    schemas: list[Any]
    applicable: list[dict[str, Any]] | None
    """All that apply to the value; None where they depend on it."""
    names: list[str] = field(default_factory=list)
    members: dict[str, _Location | None] = field(default_factory=dict)
    """The locations of declared members; None until the first use."""
    undeclared: _Location | None = None
    items: dict[int, _Location] = field(default_factory=dict)
    tuple_length: int = 0
    """Number of items that have schemas of their own."""
    keeps_order: bool = False
    """Whether no value here, nor inside, changes."""


class PropertyOrder:
    """The order of members of all values of one schema.

    Safe for threads: a location that two threads compute at once is equal.
    """

    def __init__(self, definition: Any, resolve: Resolve) -> None:
        self._resolve = resolve
        self._locations: dict[tuple[int, ...], _Location] = {}
        """By the identity of their schemas, all of which are parts of the definition."""
        self._root = self._location([definition])

    def arrange(self, value: Any) -> Any:
        """Return a value that is valid under the schema with its members in the declared order."""
        return self._arranged(self._root, value)

    def _arranged(self, location: _Location, value: Any) -> Any:
        if location.keeps_order or not isinstance(value, dict | list):
            return value
        if location.applicable is None:
            return reordered(location.schemas, value, self._resolve)
        if isinstance(value, list):
            return [self._arranged(self._item(location, index), item) for index, item in enumerate(value)]
        names = [name for name in location.names if name in value]
        if len(names) < len(value):
            names += [name for name in value if name not in location.members]
        arranged_members = {}
        for name in names:
            member = value[name]
            if isinstance(member, dict | list):  # most are scalars, which have no order
                member = self._arranged(self._member(location, name), member)
            arranged_members[name] = member
        return arranged_members

    def _location(self, schemas: list[Any]) -> _Location:
        key = tuple(id(schema) for schema in schemas)
        if key not in self._locations:
            if len(self._locations) >= _MAX_LOCATIONS:
                return _Location(schemas, None)
            self._locations[key] = self._computed(schemas)
        return self._locations[key]

    def _computed(self, schemas: list[Any]) -> _Location:
        try:
            applicable = list(self._applicable(schemas))
        except _DependsOnValue:
            return _Location(schemas, None)
        if len(applicable) > MAX_SCHEMAS or any(_has_constant_container(schema) for schema in applicable):
            return _Location(schemas, None)
        declared = declared_names([*applicable, *possible_schemas(schemas, self._resolve)])
        for schema in applicable:
            if isinstance(required := schema.get("required"), list):
                declared |= dict.fromkeys(required)
        inner = ("items", "prefixItems", "additionalItems", "additionalProperties")
        return _Location(
            schemas,
            applicable,
            list(declared),
            members=dict.fromkeys(declared),
            tuple_length=max((len(tuple_schemas(schema)) for schema in applicable), default=0),
            keeps_order=not declared
            and not any(isinstance(schema.get(k), dict | list) for schema in applicable for k in inner),
        )

    def _member(self, location: _Location, name: str) -> _Location:
        if name not in location.members:
            if location.undeclared is None:
                location.undeclared = self._location(member_schemas(location.applicable or [], name))
            return location.undeclared
        if (member := location.members[name]) is None:
            member = self._location(member_schemas(location.applicable or [], name))
            location.members[name] = member
        return member

    def _item(self, location: _Location, index: int) -> _Location:
        index = min(index, location.tuple_length)
        if index not in location.items:
            location.items[index] = self._location(item_schemas(location.applicable or [], index))
        return location.items[index]

    def _applicable(self, schemas: list[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
        """Yield the schemas that `reordered` finds for every container that is valid here."""
        if depth > MAX_SCHEMAS:
            raise _DependsOnValue
        for schema in schemas:
            if not isinstance(schema, dict):
                continue
            if any(keyword in schema for keyword in _VALUE_DEPENDENT):
                raise _DependsOnValue
            if isinstance(reference := schema.get("$ref"), str):
                yield from self._applicable([self._resolve(reference)], depth + 1)
            yield schema
            yield from self._applicable(schema.get("allOf", []), depth + 1)
            for branches in alternatives(schema):
                for_containers = [branch for branch in branches if not _is_scalar(branch)]
                if len(for_containers) > 1:
                    raise _DependsOnValue
                yield from self._applicable(for_containers, depth + 1)


def _is_scalar(schema: Any) -> bool:
    """Return whether the schema surely rejects objects and lists."""
    if not isinstance(schema, dict):
        return schema is False
    names = type_names(schema)
    return names is not None and _CONTAINERS.isdisjoint(names)


def _has_constant_container(schema: dict[str, Any]) -> bool:
    return any(isinstance(constant, dict | list) for constant in constants(schema) or ())
