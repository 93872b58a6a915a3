"""The order of members under a schema, worked out once for all values.

`arrange.arranged` asks anew for each value which subschemas apply. Mostly that does not depend on the value:
references, `allOf`, and alternatives of which one at most takes objects or lists. For such places the order
is kept here; for all others `arranged` decides, from there on down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from structgen.schema.algebra.negation import Resolve
from structgen.schema.reorder import arranged, everywhere_in, item_schemas, member_schemas

_MOST = 64
"""Schemas for one place, and levels of references: with more, `arranged` decides."""
_MOST_PLACES = 10_000
_CONTAINERS = frozenset({"object", "array"})
_BY_VALUE = ("patternProperties", "dependentRequired", "dependentSchemas", "dependencies")


class _ByValue(Exception):
    """Which subschemas apply depends on the value."""


@dataclass
class _Place:
    """What is known of the values at one place of a document."""

    wanted: list[Any]
    schemas: list[dict[str, Any]] | None
    """All that apply to the value; None where that depends on the value."""
    names: list[str] = field(default_factory=list)
    members: dict[str, _Place | None] = field(default_factory=dict)
    others: _Place | None = None
    items: dict[int, _Place] = field(default_factory=dict)
    first: int = 0
    """Items that have schemas of their own."""
    free: bool = False
    """Whether any value stays as it is."""


class Ordering:
    """The order of all values of one schema. Sound for threads: what is added twice is equal."""

    def __init__(self, definition: Any, resolve: Resolve) -> None:
        self._resolve = resolve
        self._places: dict[tuple[int, ...], _Place] = {}
        self._root = self._place([definition])

    def arrange(self, value: Any) -> Any:
        """The value, valid under the schema, with members in the declared order."""
        return self._arranged(self._root, value)

    def _arranged(self, place: _Place, value: Any) -> Any:
        if place.free or not isinstance(value, dict | list):
            return value
        if place.schemas is None:
            return arranged(place.wanted, value, self._resolve)
        if isinstance(value, list):
            return [self._arranged(self._item(place, index), item) for index, item in enumerate(value)]
        names = [name for name in place.names if name in value]
        if len(names) < len(value):
            names += [name for name in value if name not in place.members]
        arranged_members = {}
        for name in names:
            member = value[name]
            if isinstance(member, dict | list):  # most are scalars, which have no order
                member = self._arranged(self._member(place, name), member)
            arranged_members[name] = member
        return arranged_members

    def _place(self, wanted: list[Any]) -> _Place:
        key = tuple(id(schema) for schema in wanted)
        if key not in self._places:
            if len(self._places) >= _MOST_PLACES:
                return _Place(wanted, None)
            self._places[key] = self._worked_out(wanted)
        return self._places[key]

    def _worked_out(self, wanted: list[Any]) -> _Place:
        try:
            schemas = list(self._applying(wanted))
        except _ByValue:
            return _Place(wanted, None)
        if len(schemas) > _MOST or any(_rewrites(schema) for schema in schemas):
            return _Place(wanted, None)
        everywhere = list(everywhere_in(self._resolve, wanted))
        declared = dict.fromkeys(name for schema in schemas for name in schema.get("properties", ()))
        declared |= dict.fromkeys(name for schema in everywhere for name in schema.get("properties", ()))
        for schema in schemas:
            if isinstance(required := schema.get("required"), list):
                declared |= dict.fromkeys(required)
        place = _Place(wanted, schemas, list(declared))
        place.first = max((len(_first(schema)) for schema in schemas), default=0)
        place.members = dict.fromkeys(declared)  # worked out when they are met
        inside = ("items", "prefixItems", "additionalItems", "additionalProperties")
        place.free = not declared and not any(
            isinstance(schema.get(word), dict | list) for schema in schemas for word in inside
        )
        return place

    def _member(self, place: _Place, name: str) -> _Place:
        if name not in place.members:
            if place.others is None:
                place.others = self._place(member_schemas(place.schemas or [], name))
            return place.others
        if (found := place.members[name]) is None:
            found = place.members[name] = self._place(member_schemas(place.schemas or [], name))
        return found

    def _item(self, place: _Place, index: int) -> _Place:
        index = min(index, place.first)
        if index not in place.items:
            place.items[index] = self._place(item_schemas(place.schemas or [], index))
        return place.items[index]

    def _applying(self, schemas: list[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
        """As `arrange` finds them, for every container that is valid there."""
        if depth > _MOST:
            raise _ByValue
        for schema in schemas:
            if not isinstance(schema, dict):
                continue
            if any(keyword in schema for keyword in _BY_VALUE):
                raise _ByValue
            if isinstance(reference := schema.get("$ref"), str):
                yield from self._applying([self._resolve(reference)], depth + 1)
            yield schema
            yield from self._applying(schema.get("allOf", []), depth + 1)
            for keyword in ("anyOf", "oneOf"):
                open_to = [part for part in schema.get(keyword, ()) if not _scalar(part)]
                if len(open_to) > 1:
                    raise _ByValue
                yield from self._applying(open_to, depth + 1)


def _scalar(schema: Any) -> bool:
    """Whether the schema surely takes neither objects nor lists."""
    if not isinstance(schema, dict):
        return schema is False
    kinds = schema.get("type")
    return kinds is not None and _CONTAINERS.isdisjoint([kinds] if isinstance(kinds, str) else kinds)


def _rewrites(schema: dict[str, Any]) -> bool:
    """Whether a constant object or list is written as the schema writes it."""
    constants = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return any(isinstance(constant, dict | list) for constant in constants)


def _first(schema: dict[str, Any]) -> list[Any]:
    items = schema.get("items")
    first: list[Any] = items if isinstance(items, list) else schema.get("prefixItems", [])
    return first
