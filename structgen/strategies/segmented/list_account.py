"""What is known of one list while its segments are read: its items, and the rows that lack one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from structgen import json_text
from structgen.longdoc.doubt_tally import DoubtTally, not_carried
from structgen.longdoc.item_joining import JoinedItems
from structgen.longdoc.rows import ListRows
from structgen.strategies.segmented.list_joining import conflict_warnings, with_rows_of
from structgen.strategies.segmented.row_reader import RowItems
from structgen.types import Coverage, Diagnostic, Span

MAX_SUPPORTED = 1_000
"""Items that an unsupported item is compared with: a copy is mostly one of an item shortly before."""


@dataclass
class ListAccount:
    """A list whose rows are certain."""

    rows: ListRows
    joined: JoinedItems | None = None
    """The items so far, of a list whose items are joined by a key."""
    items: list[Any] = field(default_factory=list)
    found: int = 0
    _missing: list[Span] = field(default_factory=list)
    _unsupported: list[tuple[int, Span, str]] = field(default_factory=list)
    """Indices of items without a value from their rows, these rows, and the items as text."""
    _supported: dict[str, None] = field(default_factory=dict)
    """The last items with values from their rows, as text: what an unsupported item may be a copy of."""
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
            item, index = reading.items[number], self.found
            if self.joined is not None:
                index = self.joined.add(item, row)
            text = json_text.dumps(item)
            if number in reading.unsupported:
                self._unsupported.append((index, row, text))
            else:
                self._supported[text] = None
                if len(self._supported) > MAX_SUPPORTED:
                    del self._supported[next(iter(self._supported))]
            for at, coverage in reading.inner.get(number, {}).items():
                whole = f"{self.rows.pointer}/{index}"
                inner, before = whole + at, self._inner.get(whole + at)
                own = replace(coverage, unsupported=tuple(whole + each for each in coverage.unsupported))
                self._inner[inner] = own if before is None else with_rows_of(before, own, inner)
            if index == self.found:
                new.append(item)
                self.found += 1
            self._doubts.add(not_carried(reading.doubts.get(number, ()), item, self._last), index)
            self._last = item
        if self.joined is not None:
            self.items = self.joined.items
        elif keep:
            self.items += new
        return new

    def row_of(self, index: int) -> Span | None:
        """Return the row that an item of the list comes from."""
        if self.joined is not None:
            return self.joined.place(index)
        missing = set(self._missing)
        read = (row for run in self.rows.runs for row in run.rows if row not in missing)
        return next(islice(read, index, None), None)

    @property
    def conflicts(self) -> list[Diagnostic]:
        """The warnings of rows with one key and different values."""
        if self.joined is None:
            return []
        return conflict_warnings(self.rows.pointer, self.joined.conflicts, self.joined.untold)

    def coverages(self) -> dict[str, Coverage]:
        """Return the coverage of the list, and of the lists inside of its items, by their pointers."""
        return {self.rows.pointer: self._coverage(), **self._inner}

    def _coverage(self) -> Coverage:
        """Return the coverage of the list.

        A row whose item has no value from it counts as unclaimed where most items have theirs, or where the
        item is a copy of another row's: otherwise the schema asks for derived values, of which the rows show
        nothing.
        """
        pointer = self.rows.pointer
        unclaimed: Sequence[Span] = self._missing
        are_few = 2 * len(self._unsupported) < self.found
        doubtful = [row for _, row, text in self._unsupported if are_few or text in self._supported]
        if doubtful:
            unclaimed = sorted([*unclaimed, *doubtful], key=lambda row: row.start)
        items = ((index, "") for index in dict.fromkeys(index for index, _, _ in self._unsupported))
        values = ((index, doubt.pointer) for index, doubt in self._doubts.told())
        unsupported = tuple(f"{pointer}/{index}{at}" for index, at in sorted([*items, *values]))
        coverage = Coverage(self.rows.expected, self.found, tuple(unclaimed), self.rows.basis)
        return replace(coverage, certain=self.rows.certain, unsupported=unsupported)
