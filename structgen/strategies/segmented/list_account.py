"""What is known of one list while its segments are read: its items, and the rows that lack one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from structgen.longdoc.doubt_tally import DoubtTally, not_carried
from structgen.longdoc.rows import ListRows
from structgen.strategies.segmented.row_reader import RowItems
from structgen.types import Coverage, Span


@dataclass
class ListAccount:
    """A list whose rows are certain."""

    rows: ListRows
    items: list[Any] = field(default_factory=list)
    found: int = 0
    _missing: list[Span] = field(default_factory=list)
    _unsupported: list[tuple[int, Span]] = field(default_factory=list)
    """Indices of items without a value from their rows, and these rows."""
    _doubts: DoubtTally = field(default_factory=DoubtTally)
    _inner: dict[str, Coverage] = field(default_factory=dict)
    _last: Any = None

    def add(self, reading: RowItems, *, keep: bool) -> list[Any]:
        """Add the items of the next rows and return them; `keep`: hold them for the whole list."""
        new = []
        for number, row in enumerate(reading.rows):
            if number not in reading.items:
                self._missing.append(row)
                continue
            if number in reading.unsupported:
                self._unsupported.append((self.found, row))
            for at, coverage in reading.inner.get(number, {}).items():
                self._inner[f"{self.rows.pointer}/{self.found}{at}"] = coverage
            item = reading.items[number]
            self._doubts.add(not_carried(reading.doubts.get(number, ()), item, self._last))
            self._last = item
            new.append(item)
            self.found += 1
        if keep:
            self.items += new
        return new

    def coverages(self) -> dict[str, Coverage]:
        """Return the coverage of the list, and of the lists inside of its items, by their pointers."""
        return {self.rows.pointer: self._coverage(), **self._inner}

    def _coverage(self) -> Coverage:
        """Return the coverage of the list.

        A row whose item has no value from it counts as unclaimed where most items have theirs: otherwise the
        schema asks for derived values, of which the rows show nothing.
        """
        pointer = self.rows.pointer
        unclaimed: Sequence[Span] = self._missing
        if 2 * len(self._unsupported) < self.found:
            doubtful = [row for _, row in self._unsupported]
            unclaimed = sorted([*unclaimed, *doubtful], key=lambda row: row.start)
        items = ((index, "") for index, _ in self._unsupported)
        values = ((index, doubt.pointer) for index, doubt in self._doubts.told())
        unsupported = tuple(f"{pointer}/{index}{at}" for index, at in sorted([*items, *values]))
        coverage = Coverage(self.rows.expected, self.found, tuple(unclaimed), self.rows.basis)
        return replace(coverage, certain=self.rows.certain, unsupported=unsupported)
