"""The rows of a list's other items: a boolean that stands there says nothing of this item."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from structgen.schema.traversal import JsonPath

Ranges = Sequence[tuple[int, int]]


def rows_apart(rows: Iterable[tuple[JsonPath, int, int]]) -> Mapping[JsonPath, Ranges]:
    """Return the half-open ranges of the rows of each list in order; a list without rows has none.

    Rows that overlap are left out: such items stand side by side, in columns.
    """
    ranges: defaultdict[JsonPath, list[tuple[int, int]]] = defaultdict(list)
    for path, start, end in rows:
        ranges[path].append((start, end))
    for path, own in ranges.items():
        own.sort()
        apart = [True, *(one[1] <= other[0] for one, other in pairwise(own)), True]
        ranges[path] = [row for row, *sides in zip(own, apart, apart[1:], strict=False) if all(sides)]
    return ranges


def in_a_row(rows: Ranges, offset: int) -> bool:
    """Say whether an offset stands in one of the rows."""
    at = bisect_right(rows, (offset, sys.maxsize)) - 1
    return at >= 0 and offset < rows[at][1]
