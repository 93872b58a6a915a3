"""What a schema says about the items of a list together: which are one, which have own schemas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.schema import Schema
from structgen.schema.checks.list_keys import key_names
from structgen.schema.json_value import normalized
from structgen.schema.traversal import (
    JsonPath,
    applying,
    item_schemas,
    member_schemas,
    root_target,
    tuple_schemas,
)

_MAX_DEPTH = 8


@dataclass(frozen=True)
class ListRule:
    """What a schema says about the items of a list together."""

    are_unique: bool = False
    is_tuple: bool = False
    """Whether items have schemas of their own: the list is one value."""
    key: tuple[str, ...] = ()
    """Members by which items are told apart (`x-structgen-key`)."""

    @property
    def joins(self) -> bool:
        """Whether items from several places may be one."""
        return self.are_unique or bool(self.key)

    def identity(self, item: Any) -> str | None:
        """Return what an item shares with no other one; None where items may be alike.

        An item that lacks a member of the key, or has null there, is told apart from all others.
        """
        if self.key:
            values = [item.get(name) for name in self.key] if isinstance(item, dict) else [None]
            if any(value is None for value in values):
                return None
            return json_text.dumps(normalized(values))
        return json_text.dumps(normalized(item)) if self.are_unique else None


class ListRules:
    """Reads the rules of the lists of a schema."""

    def __init__(self, schema: Schema) -> None:
        self._root, self._target = schema.enforced, root_target(schema.resolve)

    def of(self, path: JsonPath) -> ListRule:
        """Return the rule of the list at a path."""
        schemas = self._applying([self._root])
        for step in path:
            below = item_schemas(schemas, step) if isinstance(step, int) else member_schemas(schemas, step)
            schemas = self._applying(below)
        return ListRule(
            any(each.get("uniqueItems") is True for each in schemas),
            any(tuple_schemas(each) for each in schemas),
            next((names for each in schemas if (names := key_names(each))), ()),
        )

    def _applying(self, unread: list[Any]) -> list[dict[str, Any]]:
        return applying(unread, self._target, _MAX_DEPTH)
