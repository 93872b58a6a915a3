"""Join the items of a list that have the same key, and list the members with different values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from structgen import json_text
from structgen.evidence.comparison import key
from structgen.evidence.grounding.ground import ground
from structgen.longdoc.list_rules import ListRule
from structgen.longdoc.rows import Rows
from structgen.schema.json_value import normalized
from structgen.schema.traversal import pointer
from structgen.types import Span

_DIGEST = 16
"""Bytes of a digest: no two items of any list are taken for one by chance."""
MAX_CONFLICTS = 20
"""Conflicts of one list that are told with their values."""


@dataclass(frozen=True)
class Conflict:
    """A value that segments, or rows with one key, give differently."""

    pointer: str
    values: tuple[Any, ...]
    """The chosen value first."""
    spans: tuple[Span | None, ...]
    """Where the document says each value; None for a value that it does not say."""


@dataclass
class JoinedItems:
    """The items of a list, of which those with one identity are one."""

    pointer: str
    """The JSON Pointer of the list."""
    rule: ListRule
    document: str
    is_final: bool = False
    """Whether an item stays as it was first added, because it was delivered: nothing is added to it."""
    keeps: bool = True
    """Whether the items are held; without it only what tells them apart, for a list without a key."""
    count: int = 0
    items: list[Any] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    untold: int = 0
    """Conflicts beyond the first `MAX_CONFLICTS`."""
    _known: dict[bytes, int] = field(default_factory=dict)
    """The indices of items by the digests of their identities."""
    _places: Rows = field(default_factory=Rows)

    def add(self, item: Any, place: Span | None) -> int:
        """Add an item at its place in the document and return its index: that of an earlier one, if joined.

        The earlier item gets the members that it lacks. A value that both have stays, and is a conflict where
        the other item has another one.
        """
        identity = self._identity(item)
        index = None if identity is None else self._known.get(identity)
        if index is None:
            index = self.count
            self.count += 1
            if self.keeps:
                self.items.append(item)
            self._places.append(*(place.start, place.end) if place else (0, 0))
            if identity is not None:
                self._known[identity] = index
            return index
        if not self.keeps:  # equal items: neither says what the other does not
            return index
        pair = _Pair(self.place(index), place, self.is_final)
        joined = pair.joined((index,), self.items[index], item)
        for path, one, other in pair.different:
            self._tell(pointer(path), one, other, pair)
        if not self.is_final:
            self.items[index] = joined
        return index

    def _identity(self, item: Any) -> bytes | None:
        identity = self.rule.identity(item)
        if identity is None:
            return None
        return blake2b(identity.encode(errors="surrogatepass"), digest_size=_DIGEST).digest()

    def place(self, index: int) -> Span | None:
        """Return the place at which an item was first added; None where it is not known."""
        place = self._places[index]
        return None if place.start == place.end else place

    def _tell(self, at: str, one: Any, other: Any, pair: _Pair) -> None:
        if len(self.conflicts) >= MAX_CONFLICTS:
            self.untold += 1
            return
        spans = (
            _place_of(one, pair.first, pair.other, self.document),
            _place_of(other, pair.other, pair.first, self.document),
        )
        self.conflicts.append(Conflict(self.pointer + at, (one, other), spans))


@dataclass
class _Pair:
    """Two items with one key, and the paths at which they say different things."""

    first: Span | None
    other: Span | None
    is_final: bool
    different: list[tuple[tuple[str | int, ...], Any, Any]] = field(default_factory=list)

    def joined(self, path: tuple[str | int, ...], one: Any, other: Any) -> Any:
        """Return a value with what the other one adds to it."""
        if other is None:
            return one
        if isinstance(one, dict) and isinstance(other, dict):
            names = dict.fromkeys([*one, *other])
            return {name: self.joined((*path, name), one.get(name), other.get(name)) for name in names}
        if self.is_final:
            if not _are_alike(one, other):
                self.different.append((path, one, other))
            return one
        if one is None:
            return other
        if isinstance(one, list) and isinstance(other, list):
            return self._joined_lists(one, other)
        if not _are_alike(one, other):
            self.different.append((path, one, other))
        return one

    def _joined_lists(self, one: list[Any], other: list[Any]) -> list[Any]:
        """Return both lists: of rows at two places all items, else the items that the first one lacks."""
        if self._are_apart and any(isinstance(item, dict) for item in (*one, *other)):
            return [*one, *other]
        there = Counter(map(_text, one))
        lacking = []
        for item in other:
            if there[_text(item)] > 0:
                there[_text(item)] -= 1
            else:
                lacking.append(item)
        return [*one, *lacking]

    @property
    def _are_apart(self) -> bool:
        if self.first is None or self.other is None:
            return False
        return self.first.end <= self.other.start or self.other.end <= self.first.start


def joined_list(items: Sequence[Any], places: Sequence[Span | None], joined: JoinedItems) -> list[int]:
    """Add items at their places, and return the index that each of them has in the joined list."""
    return [joined.add(item, place) for item, place in zip(items, places, strict=True)]


def _are_alike(one: Any, other: Any) -> bool:
    """Return whether two values say the same, whatever their spelling."""
    if isinstance(one, dict | list) or isinstance(other, dict | list):
        return _text(one) == _text(other)
    return key(one) == key(other)


def _text(value: Any) -> str:
    return json_text.dumps(normalized(value))


def _place_of(value: Any, place: Span | None, twin: Span | None, document: str) -> Span | None:
    """Return where a value stands in its item's place, or in that of the other item if its own is unknown."""
    window = place or twin
    if window is None or value is None:
        return place
    found = ground({"value": value}, None, document[window.start : window.end]).get("/value")
    if found is None or found.start is None or found.end is None:
        return place
    return Span(window.start + found.start, window.start + found.end)
