"""Mappings and sets by object identity, for schemas: equal schemas at two places are two keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
Default = TypeVar("Default")


class IdentityMap(Generic[Value]):
    """Map objects to values by identity. The map keeps its keys alive, so that no identity is used twice."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Any, Value]] = {}

    def __setitem__(self, key: Any, value: Value) -> None:
        self._entries[id(key)] = (key, value)

    def __getitem__(self, key: Any) -> Value:
        return self._entries[id(key)][1]

    def __contains__(self, key: Any) -> bool:
        return id(key) in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Any, default: Default) -> Value | Default:
        """Return the value of the key, or the default."""
        entry = self._entries.get(id(key))
        return default if entry is None else entry[1]

    def setdefault(self, key: Any, default: Value) -> Value:
        """Return the value of the key, which becomes the default if there is none."""
        return self._entries.setdefault(id(key), (key, default))[1]

    def values(self) -> list[Value]:
        """Return the values, oldest first."""
        return [value for _, value in self._entries.values()]


class IdentitySet:
    """A set of objects by identity, which keeps them alive."""

    __slots__ = ("_objects",)

    def __init__(self, objects: Iterable[Any] = ()) -> None:
        self._objects: dict[int, Any] = {id(one): one for one in objects}

    def __contains__(self, one: Any) -> bool:
        return id(one) in self._objects

    def __iter__(self) -> Iterator[Any]:
        return iter(self._objects.values())

    def __len__(self) -> int:
        return len(self._objects)

    def add(self, one: Any) -> bool:
        """Add an object. Return whether it is new."""
        if id(one) in self._objects:
            return False
        self._objects[id(one)] = one
        return True
