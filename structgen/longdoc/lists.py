"""The lists of objects of a schema, with the words and types of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from structgen.schema import Schema
from structgen.schema.traversal import (
    JsonPath,
    applying,
    item_schemas,
    member_schemas,
    pointer,
    root_target,
)

MAX_DEPTH = 8
"""References that are followed at one place, and levels of objects above a list."""


@dataclass(frozen=True)
class ListField:
    """A member of a list's items."""

    name: str
    schemas: tuple[dict[str, Any], ...]
    """The schemas that apply to it, without their references."""
    required: bool = False


@dataclass(frozen=True)
class ListSpec:
    """A list of objects that no other list holds."""

    path: JsonPath
    fields: tuple[ListField, ...]
    schemas: tuple[dict[str, Any], ...]
    """The schemas of the list itself: `title`, `description`, `minItems` and the like."""

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the list."""
        return pointer(self.path)


def list_specs(schema: Schema) -> list[ListSpec]:
    """Return the lists of objects that are reached without passing another list, in the schema's order."""
    return list(_lists((), [schema.enforced], root_target(schema.resolve), MAX_DEPTH))


def nested_specs(spec: ListSpec, schema: Schema) -> list[ListSpec]:
    """Return the lists of objects in the items of a list, with paths from the item."""
    target = root_target(schema.resolve)
    return [
        inner
        for field in spec.fields
        for inner in _lists((field.name,), list(field.schemas), target, MAX_DEPTH)
    ]


def _lists(path: JsonPath, unread: list[Any], target: Any, depth: int) -> Iterator[ListSpec]:
    schemas = applying(unread, target, MAX_DEPTH)
    items = applying(item_schemas(schemas, 0), target, MAX_DEPTH)
    if names := _names(items):
        required = {name for each in items for name in each.get("required", ())}
        fields = tuple(
            ListField(name, tuple(applying(member_schemas(items, name), target, MAX_DEPTH)), name in required)
            for name in names
        )
        yield ListSpec(path, fields, tuple(schemas))
        return
    if depth:
        for name in _names(schemas):
            yield from _lists((*path, name), member_schemas(schemas, name), target, depth - 1)


def _names(schemas: list[dict[str, Any]]) -> list[str]:
    named = (each.get("properties") for each in schemas)
    return list(dict.fromkeys(name for each in named if isinstance(each, dict) for name in each))


def member_names(schema: Schema) -> list[str]:
    """Return the names of the members that a schema gives an object."""
    return _names(applying([schema.enforced], root_target(schema.resolve), MAX_DEPTH))
