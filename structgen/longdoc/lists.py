"""The lists of a schema, of objects and of plain values, with the words and types of their fields."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from structgen.schema import Schema
from structgen.schema.traversal import (
    JsonPath,
    applying,
    constants,
    item_schemas,
    json_type,
    member_schemas,
    pointer,
    root_target,
    tuple_schemas,
    type_names,
)

MAX_DEPTH = 8
"""References that are followed at one place, and levels of objects above a list."""
MAX_LISTS = 100
"""Lists of a schema whose rows are counted."""
PLAIN_TYPES = {"string", "number", "integer", "boolean", "null"}
MAX_SCHEMAS = 20_000
"""Schemas that are read in a search for lists: some milliseconds for each ten thousand."""


@dataclass(frozen=True)
class ListField:
    """A member of a list's items."""

    name: str
    schemas: tuple[dict[str, Any], ...]
    """The schemas that apply to it, without their references."""
    required: bool = False


@dataclass(frozen=True)
class ListSpec:
    """A list that no other list holds, of objects or of plain values."""

    path: JsonPath
    fields: tuple[ListField, ...]
    schemas: tuple[dict[str, Any], ...]
    """The schemas of the list itself: `title`, `description`, `minItems` and the like."""
    is_plain: bool = False
    """Whether the items are strings, numbers or booleans: the only field has the list's name, and no path."""

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the list."""
        return pointer(self.path)


def list_specs(schema: Schema) -> list[ListSpec]:
    """Return the lists that are reached without passing another list, in the schema's order.

    Their items are objects or plain values: lists of lists, and of items with schemas of their own by index,
    are left out. Of a schema with very many objects, those with the shortest paths are searched.
    """
    return _Search(schema).lists([((), [schema.enforced])])


def object_lists(schema: Schema) -> list[ListSpec]:
    """Return the lists of objects alone: an item that holds one may be a section of a document."""
    return [spec for spec in list_specs(schema) if not spec.is_plain]


def nested_specs(spec: ListSpec, schema: Schema) -> list[ListSpec]:
    """Return the lists of objects in the items of a list, with paths from the item."""
    starts = [((field.name,), list(field.schemas)) for field in spec.fields]
    return [inner for inner in _Search(schema).lists(starts) if not inner.is_plain]


@dataclass(frozen=True)
class _Place:
    """A value that may be a list, or an object above lists."""

    path: JsonPath
    order: tuple[int, ...]
    """Sorts places as the schema has them."""
    unread: Callable[[], list[Any]]
    """Returns the schemas of the value, before their references are followed."""


class _Search:
    """Looks for lists of objects, the shortest paths first: references may make a short schema endless."""

    def __init__(self, schema: Schema) -> None:
        self._target = root_target(schema.resolve)
        self._left = MAX_SCHEMAS

    def lists(self, starts: Sequence[tuple[JsonPath, list[Any]]]) -> list[ListSpec]:
        """Return the lists at and below some values."""
        found: list[tuple[tuple[int, ...], ListSpec]] = []
        plain: list[tuple[tuple[int, ...], ListSpec]] = []
        queue = deque(
            _Place(path, (number,), partial(list, unread)) for number, (path, unread) in enumerate(starts)
        )
        while queue and self._left > 0 and len(found) < MAX_LISTS:
            place = queue.popleft()
            schemas = self._applying(place.unread())
            items = self._applying(item_schemas(schemas, 0))
            if fields := tuple(self._fields(items)):
                found.append((place.order, ListSpec(place.path, fields, tuple(schemas))))
            elif _are_plain(schemas, items):
                value = ListField(str(place.path[-1]) if place.path else "", tuple(items), required=True)
                plain.append((place.order, ListSpec(place.path, (value,), tuple(schemas), is_plain=True)))
            elif len(place.order) <= MAX_DEPTH:
                queue.extend(self._members(place, schemas, MAX_SCHEMAS - len(queue)))
        return [spec for _, spec in sorted([*found, *plain[:MAX_LISTS]], key=lambda each: each[0])]

    def _applying(self, unread: list[Any]) -> list[dict[str, Any]]:
        schemas = applying(unread, self._target, MAX_DEPTH)
        self._left -= len(unread) + len(schemas)
        return schemas

    def _fields(self, items: list[dict[str, Any]]) -> Iterator[ListField]:
        required = {name for each in items for name in each.get("required", ())}
        for name in _names(items):
            yield ListField(name, tuple(self._applying(member_schemas(items, name))), name in required)
            if self._left <= 0:
                return

    def _members(self, place: _Place, schemas: list[dict[str, Any]], most: int) -> Iterator[_Place]:
        for number, name in enumerate(_names(schemas)[:most]):
            unread = partial(member_schemas, schemas, name)
            yield _Place((*place.path, name), (*place.order, number), unread)


def _are_plain(schemas: list[dict[str, Any]], items: list[dict[str, Any]]) -> bool:
    """Return whether a list has strings, numbers or booleans, or null, and nothing else."""
    types = {name for each in items for name in type_names(each) or ()}
    types.update(json_type(value) for each in items for value in constants(each) or ())
    return bool(types - {"null"}) and types <= PLAIN_TYPES and not any(map(tuple_schemas, schemas))


def _names(schemas: list[dict[str, Any]]) -> list[str]:
    named = (each.get("properties") for each in schemas)
    return list(dict.fromkeys(name for each in named if isinstance(each, dict) for name in each))


def member_names(schema: Schema) -> list[str]:
    """Return the names of the members that a schema gives an object."""
    return _names(applying([schema.enforced], root_target(schema.resolve), MAX_DEPTH))
