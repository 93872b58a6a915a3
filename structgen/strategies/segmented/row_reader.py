"""Read rows: each item must have its values from a row of its own, else the row is asked for alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.longdoc.claims import Claims
from structgen.longdoc.segments import Segment
from structgen.strategies.segmented.asking import Asking, alone
from structgen.types import Coverage, Span

MAX_ASKINGS = 2
"""Times that a row is asked for alone, after the answer that should have had its item."""
PROBES = 3
"""Rows that are asked for alone before the items of a list are taken for derived ones, not in the text."""


@dataclass
class RowItems:
    """The items of some rows, in the order of the rows."""

    rows: Sequence[Span]
    items: dict[int, Any] = field(default_factory=dict)
    """The item of each row that has one, by the number of the row."""
    unsupported: set[int] = field(default_factory=set)
    """Rows whose items have no value from the row."""
    inner: dict[int, Mapping[str, Coverage]] = field(default_factory=dict)
    """The coverage of the lists inside of an item, by the number of its row and the pointer in the item."""

    @property
    def missing(self) -> list[int]:
        """Numbers of the rows without an item that has its values from the row."""
        return [row for row in range(len(self.rows)) if row not in self.items or row in self.unsupported]

    def take(self, items: Sequence[Any], claims: Claims, rows: Sequence[int]) -> None:
        """Take the items whose values stand in one row each; `rows` are the numbers of the claimed rows."""
        mixed = set(claims.mixed)
        for index, (item, row) in enumerate(zip(items, claims.row_of, strict=True)):
            if row is not None and index not in mixed:
                self.items[rows[row]] = item
                self.unsupported.discard(rows[row])

    def take_unsupported(self, row: int, item: Any) -> None:
        """Take an item for a row that has none, although its values do not stand there."""
        if row not in self.items:
            self.items[row] = item
            self.unsupported.add(row)


@dataclass(frozen=True)
class RowReader:
    """Reads segments of rows that are certain."""

    asking: Asking

    async def read(self, number: int, segment: Segment) -> RowItems:
        """Return the items of a segment's rows, each from its own row as far as a few askings give them."""
        reading = RowItems(segment.rows)
        items = await self.asking.items(number, segment, exact=True)
        rows = range(len(segment.rows))
        reading.take(items, await self.asking.claim(items, segment), rows)
        derived = not reading.items and len(items) == len(rows)
        if derived and len(rows) == 1 and not self._has_titles(items[0], segment, 0):
            reading.take_unsupported(0, items[0])
        await self.ask_alone(number, segment, reading, PROBES if derived else len(rows))
        if derived and not any(row not in reading.unsupported for row in reading.items):
            for row, item in enumerate(items):
                if not self._has_titles(item, segment, row):
                    reading.take_unsupported(row, item)
        elif derived:
            await self.ask_alone(number, segment, reading, len(rows))
        return reading

    async def ask_alone(self, number: int, segment: Segment, reading: RowItems, most: int) -> None:
        """Ask for the missing rows one by one, at most for so many of them."""
        for row in reading.missing[:most]:
            for asking in range(1, MAX_ASKINGS + 1):
                if await self._ask_row(number, alone(segment, row), row, reading, asking):
                    break

    async def _ask_row(self, number: int, segment: Segment, row: int, reading: RowItems, asking: int) -> bool:
        """Ask for one row; return whether its item has its values from there."""
        items = await self.asking.items(number, segment, exact=True, asking=asking)
        reading.take(items, await self.asking.claim(items, segment), [row])
        if items and row not in reading.items and not self._has_titles(items[0], segment, 0):
            reading.take_unsupported(row, items[0])
        return row in reading.items and row not in reading.unsupported

    def _has_titles(self, item: Any, segment: Segment, row: int) -> bool:
        return self.asking.has_titles(item, segment, segment.rows[row])
