"""The positions of a text by the characters that stand there: searches of frequent keys use longer ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, repeat

SIZES, LONGER_SIZES = (6, 4, 2), (10, 20, 64)
"""Characters of the keys: the first that fits, and those of keys for what is too frequent.

Each index is built when the first search needs it.
"""
_FEW = 256
"""Positions of a key up to which each one is tried."""
_MANY = 4_096
"""Positions of a key from which on the longest keys are looked up at once."""
MAX_TRIED = 20_000
"""Positions that are tried for one search."""


class Grams:
    """The positions of a text that searches begin at."""

    def __init__(self, text: str, offsets: Sequence[int]) -> None:
        self._text = text
        self._offsets = offsets
        self._keys: dict[int, tuple[dict[str, int], dict[str, list[int]]]] = {}
        """By their size: the first position of each key, and all positions of those that have several."""
        self._tried = 0
        """Positions that were tried for want of an index of longer keys."""

    def find(self, sought: str) -> Iterator[int]:
        """Yield the numbers of the offsets at which the sought characters stand, in order."""
        size = next((size for size in SIZES if size <= len(sought)), 0)
        if not size:
            return
        found = self._positions(sought[:size])
        longer = [size for size in LONGER_SIZES if size <= len(sought)]
        if len(found) > _MANY:
            longer = longer[-1:]
        for size in longer:
            if len(found) <= _FEW or self._are_few(size, len(found)):
                break
            found = self._positions(sought[:size])
        text, offsets = self._text, self._offsets
        tried = found[:MAX_TRIED]
        yield from compress(tried, map(text.startswith, repeat(sought), map(offsets.__getitem__, tried)))

    def _are_few(self, size: int, count: int) -> bool:
        """Say whether trying so many positions costs less than half of the index of longer keys so far."""
        if size in self._keys or count > MAX_TRIED:
            return False
        self._tried += count
        return 2 * self._tried <= len(self._offsets)

    def _positions(self, key: str) -> Sequence[int]:
        """Return the positions of a key in order."""
        firsts, several = self._index(len(key))
        if key in several:
            return several[key]
        return (firsts[key],) if key in firsts else ()

    def _index(self, size: int) -> tuple[dict[str, int], dict[str, list[int]]]:
        if size not in self._keys:
            firsts: dict[str, int] = {}
            several: dict[str, list[int]] = {}
            text, first_of, positions = self._text, firsts.setdefault, several.get
            for number, offset in enumerate(self._offsets):
                key = text[offset : offset + size]
                first = first_of(key, number)
                if first != number:
                    if same := positions(key):
                        same.append(number)
                    else:
                        several[key] = [first, number]
            self._keys[size] = firsts, several
        return self._keys[size]
