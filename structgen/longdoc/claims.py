"""Which row of a document each item of a list comes from, and which items come from no row, or from two."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.longdoc.monotone import heaviest_chain
from structgen.longdoc.row_check import mixed_items
from structgen.longdoc.row_doubts import Doubt
from structgen.longdoc.row_values import RowValues
from structgen.longdoc.verbatim import are_verbatim
from structgen.schema import Schema
from structgen.types import Span

MAX_CANDIDATES = 24
"""Rows that are weighed for one item."""
MAX_VOTED = 240
"""Rows that are weighed for an item of which no row says all."""
MIN_SHARE = 0.4
"""Share of an item's values, by weight, that a row must say to be its row."""
_MIN_FIELDS = 0.5
"""Share of an item's fields that a row between the rows of its neighbours must say instead."""
_TIE = 0.98
"""Share of the best row's weight from which on another row is as good."""


@dataclass(frozen=True)
class Claims:
    """The rows that items come from."""

    row_of: list[int | None]
    """By the index of the item; each row at most once. None: no row, or one that another item has."""
    mixed: list[int] = field(default_factory=list)
    """Items with a value of another row that neither their own row nor the context says."""
    unsupported: list[int] = field(default_factory=list)
    """Items whose values stand in no row."""
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    """Values that the rows of their items do not say, by the indices of the items that have any."""


def claim(items: Sequence[Any], rows: Sequence[Span], text: str, schema: Schema | None = None) -> Claims:
    """Return which row each item comes from: the row that says most of its values.

    Values that many rows say count little. Items follow the rows in order, as far as values do not say
    otherwise; equal items have equal rows in order. Null and booleans prove nothing, nor do fields that
    the rows do not state for most items. Time n log n.

    Args:
        items: the items of one list.
        rows: ranges of the text, in document order.
        text: the rows with what they are read with: a document, or the text of a segment.
        schema: the schema of one item; formats and choices help to find the values.
    """
    if are_verbatim(items, rows, text):
        return Claims(list(range(len(rows))))
    assignment = _Assignment(RowValues(items, rows, text, schema))
    row_of, nearest = assignment.row_of, assignment.nearest
    unsupported = [
        item for item, row in enumerate(nearest) if row is None and assignment.shows_something(item)
    ]
    return Claims(row_of, mixed_items(assignment.values, row_of, nearest), unsupported)


class _Assignment:
    """Assigns rows to items: in order along those with few rows, then between these, then out of order."""

    def __init__(self, values: RowValues) -> None:
        self.values = values
        self.row_of: list[int | None] = [None] * len(values.of)
        self._free = [True] * values.number
        self._all_said: dict[tuple[int, ...], list[int]] = {}
        self._possible = [self._rows_of(item) for item in range(len(values.of))]
        few = [rows if len(rows) <= MAX_CANDIDATES else [] for rows in self._possible]
        candidates = [self._weighed(item, rows) for item, rows in enumerate(few)]
        self._take_all(heaviest_chain(candidates))
        for first, last, low, high in self._gaps():
            self._fill(first, last, low, high)
        self.nearest = [self._nearest(item) for item in range(len(values.of))]

    def shows_something(self, item: int) -> bool:
        """Return whether an item has a value that proves something."""
        return bool(self.values.of[item])

    def _take_all(self, pairs: Sequence[tuple[int, int]]) -> None:
        for item, row in pairs:
            self.row_of[item] = row
            self._free[row] = False

    def _rows_of(self, item: int) -> list[int]:
        """Return the rows that say all of an item that rows say, or else those that say its rarest values."""
        said = sorted((one.rows for one in self.values.of[item] if one.rows), key=len)
        if not said:
            return []
        key = tuple(map(id, said))
        if key not in self._all_said:
            self._all_said[key] = sorted(said[0].intersection(*said[1:]))
        if self._all_said[key]:
            return self._all_said[key]
        voted: set[int] = set()
        for rows in said:
            if len(voted) + len(rows) > MAX_VOTED:
                break
            voted |= rows
        best = sorted(voted, key=lambda row: (-self.values.weight(item, row), row))[:MAX_CANDIDATES]
        return sorted(best)

    def _weighed(self, item: int, rows: Sequence[int], fields: float = 1.1) -> list[tuple[int, float]]:
        """Return rows with the weights of what they say of an item, those alone that say enough of it.

        That is a share of its values by weight, or a share of its fields that prove something.
        """
        if not rows:
            return []
        values = self.values
        least = MIN_SHARE * values.full_weight(item)
        weighed = [(row, values.weight(item, row)) for row in rows]
        return [
            (row, weight)
            for row, weight in weighed
            if weight > 0 and (weight >= least or values.share_of_fields(item, row) >= fields)
        ]

    def _gaps(self) -> list[tuple[int, int, int, int]]:
        """Return the ranges of items without a row, each with the rows between its neighbours."""
        gaps = []
        first, low = 0, 0
        for item, row in enumerate([*self.row_of, self.values.number]):
            if row is not None:
                if first < item and low < row:
                    gaps.append((first, item, low, row))
                first, low = item + 1, row + 1
        return gaps

    def _fill(self, first: int, last: int, low: int, high: int) -> None:
        """Assign the rows of a range to items; equal items start from one row after another."""
        seen: Counter[tuple[int, int]] = Counter()
        candidates = []
        for item in range(first, last):
            if high - low <= MAX_CANDIDATES:
                candidates.append(self._weighed(item, range(low, high), _MIN_FIELDS))
                continue
            possible = self._possible[item]
            start, end = bisect_left(possible, low), bisect_left(possible, high)
            skipped = min(seen[id(possible), start], max(0, end - start - MAX_CANDIDATES))
            seen[id(possible), start] += 1
            rows = possible[start + skipped : min(end, start + skipped + MAX_CANDIDATES)]
            candidates.append(self._weighed(item, rows))
        self._take_all([(first + item, row) for item, row in heaviest_chain(candidates)])

    def _nearest(self, item: int) -> int | None:
        """Return the row that says most of an item; it becomes the item's own where it is free."""
        if self.row_of[item] is not None:
            return self.row_of[item]
        weighed = self._weighed(item, self._possible[item][:MAX_VOTED])
        if not weighed:
            return None
        best = max(weight for _, weight in weighed)
        ties = [row for row, weight in weighed if weight >= _TIE * best]
        free = next((row for row in ties if self._free[row]), None)
        if free is not None:
            self._take_all([(item, free)])
        return ties[0] if free is None else free
