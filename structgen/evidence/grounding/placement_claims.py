"""The ranges of the source that leaves were given."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict

_SHIFT = 10
"""Powers of two of the characters whose ranges are kept together."""
_NESTED = 3
"""Ranges that are looked back over: few ranges lie in others."""


class Claims:
    """Ranges by where they stand, so that neither adding nor asking depends on how many there are."""

    def __init__(self) -> None:
        self._parts: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    def add(self, start: int, end: int) -> None:
        """Give a range to a leaf."""
        for part in range(start >> _SHIFT, (max(start, end - 1) >> _SHIFT) + 1):
            insort(self._parts[part], (start, end))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a leaf was given a part of the range."""
        first, last = start >> _SHIFT, max(start, end - 1) >> _SHIFT
        for part in (first,) if first == last else range(first, last + 1):
            ranges = self._parts.get(part)
            if ranges:
                position = bisect_left(ranges, (end, -1))
                for _, high in ranges[max(0, position - _NESTED) : position]:
                    if high > start:
                        return True
        return False

    def __bool__(self) -> bool:
        return bool(self._parts)
