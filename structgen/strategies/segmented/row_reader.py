"""Read rows: each item must have its values from a row of its own, else the row is asked for alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.longdoc.claims import Claims
from structgen.longdoc.doubt_tally import MendingTally
from structgen.longdoc.row_doubts import Doubt
from structgen.longdoc.row_forms import RowForm
from structgen.longdoc.segments import Segment
from structgen.strategies.segmented.asking import Asking, alone
from structgen.types import Coverage, Span

MAX_ASKINGS = 2
"""Times that a row is asked for alone in its best form, after the answer that should have had its item."""
MAX_TABLED = 3
"""Rows at once up to which the model gets a plain table: one that reads more reads the document's own."""
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
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    """Values that the rows of their items do not say, by the number of the row."""
    inner: dict[int, Mapping[str, Coverage]] = field(default_factory=dict)
    """The coverage of the lists inside of an item, by the number of its row and the pointer in the item."""

    @property
    def missing(self) -> list[int]:
        """Numbers of the rows without an item that has its values from the row."""
        return [row for row in range(len(self.rows)) if row not in self.items or row in self.unsupported]

    def take(self, items: Sequence[Any], claims: Claims, rows: Sequence[int]) -> None:
        """Take the items whose values stand in one row each; `rows` are the numbers of the claimed rows.

        Of several for one row, the first of those whose row says most is kept.
        """
        mixed = set(claims.mixed)
        for index, (item, row) in enumerate(zip(items, claims.row_of, strict=True)):
            if row is None or index in mixed:
                continue
            at, doubts = rows[row], claims.doubts.get(index, [])
            has_none = at not in self.items or at in self.unsupported
            if has_none or len(doubts) < len(self.doubts.get(at, ())):
                self.items[at], self.doubts[at] = item, doubts
                self.unsupported.discard(at)

    def take_unsupported(self, row: int, item: Any) -> None:
        """Take an item for a row that has none, although its values do not stand there."""
        if row not in self.items:
            self.items[row] = item
            self.unsupported.add(row)


@dataclass(frozen=True)
class RowReader:
    """Reads segments of rows that are certain."""

    asking: Asking
    mending: dict[str, MendingTally] = field(default_factory=dict)
    """By the pointer of a list: which of its fields are worth asking for again."""

    async def read(self, number: int, segment: Segment) -> RowItems:
        """Return the items of a segment's rows, each from its own row as far as a few askings give them."""
        reading = RowItems(segment.rows)
        form = self.asking.forms(segment)[0] if len(segment.rows) <= MAX_TABLED else "document"
        items = await self.asking.items(number, segment, exact=True, form=form)
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
        await self._ask_for_doubted(number, segment, reading)
        return reading

    async def ask_alone(self, number: int, segment: Segment, reading: RowItems, most: int) -> None:
        """Ask for the missing rows one by one, at most for so many of them."""
        for row in reading.missing[:most]:
            for asking, form in self._askings(segment, row)[:MAX_ASKINGS]:
                await self._ask_row(number, alone(segment, row), row, reading, asking, form)
                if row in reading.items and row not in reading.unsupported:
                    break

    async def _ask_for_doubted(self, number: int, segment: Segment, reading: RowItems) -> None:
        """Ask alone for the rows whose items have values that are probably not theirs."""
        mending = self.mending.setdefault(segment.pointer or "", MendingTally())
        for row in [row for row, doubts in reading.doubts.items() if doubts]:
            before = reading.doubts[row]
            if not mending.are_worth_asking(before):
                continue
            for asking, form in self._askings(segment, row):
                await self._ask_row(number, alone(segment, row), row, reading, asking, form)
                if not reading.doubts[row]:
                    break
            mending.add(before, reading.doubts[row])

    def _askings(self, segment: Segment, row: int) -> list[tuple[int, RowForm]]:
        """Return how a row is asked for alone: in forms that the model did not read, then sampled anew."""
        forms = self.asking.forms(alone(segment, row))
        return [*((1, form) for form in forms[len(segment.rows) == 1 :]), (MAX_ASKINGS, forms[0])]

    async def _ask_row(
        self, number: int, segment: Segment, row: int, reading: RowItems, asking: int, form: RowForm
    ) -> None:
        """Ask for one row, and take its item where it is better than the one before."""
        items = await self.asking.items(number, segment, exact=True, asking=asking, form=form)
        reading.take(items, await self.asking.claim(items, segment), [row])
        if items and row not in reading.items and not self._has_titles(items[0], segment, 0):
            reading.take_unsupported(row, items[0])

    def _has_titles(self, item: Any, segment: Segment, row: int) -> bool:
        return self.asking.has_titles(item, segment, segment.rows[row])
