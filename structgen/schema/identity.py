"""A dictionary and a set by the identity of objects, for schemas: as dicts they cannot be hashed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class IdentityDict(MutableMapping[Any, V], Generic[V]):
    """Maps the very objects that were set to values, and keeps them alive: no other can take their `id`."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Any, V]] = {}

    def __getitem__(self, key: Any) -> V:
        return self._entries[id(key)][1]

    def __setitem__(self, key: Any, value: V) -> None:
        self._entries[id(key)] = key, value

    def __delitem__(self, key: Any) -> None:
        del self._entries[id(key)]

    def __contains__(self, key: object) -> bool:
        return id(key) in self._entries

    def __iter__(self) -> Iterator[Any]:
        return (key for key, _ in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


class IdentitySet:
    """Holds the very objects that were added, and keeps them alive."""

    def __init__(self, objects: Iterable[Any] = ()) -> None:
        self._objects: dict[int, Any] = {id(one): one for one in objects}

    def __contains__(self, one: object) -> bool:
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
