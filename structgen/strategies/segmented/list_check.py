"""Check a list that the model wrote whole against the rows of the document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from structgen import json_text
from structgen.longdoc.claims import Claims, claim
from structgen.longdoc.doubt_tally import DoubtTally, not_carried
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.row_doubts import Doubt, doubts
from structgen.longdoc.row_text import RowTexts
from structgen.longdoc.rows import ListRows, RowRun
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.types import Coverage, Span

MISPLACED_SHARE = 10
"""Up to one in so many items out of the order of their rows is put in its place; more are another order."""
MIN_CLAIMED = 2
"""Items that a run of estimated rows must have given, before its other rows count as missing."""


@dataclass
class ListCheck:
    """One list of a value, and the rows that it should come from."""

    rows: ListRows
    items: Sequence[Any]
    document: str
    at_once: int
    """Rows that the model reads at once."""
    induced: InducedRows | None = None
    """What the items show of their rows, where these are the rows of the check."""
    found: dict[int, Any] = field(default_factory=dict)
    """Items that were asked for, by the numbers of their rows."""
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    """Values that their rows probably do not say, by the numbers of these rows."""

    def __post_init__(self) -> None:
        """Give each row of all runs a number."""
        self.spans: list[Span] = [row for run in self.rows.runs for row in run.rows]
        self.runs: list[RowRun] = [run for run in self.rows.runs for _ in run.rows]
        self.claims = Claims([None] * len(self.items), [], [])

    def claim(self, item_schema: Schema | None, texts: RowTexts) -> None:
        """Find the row of each item; this may take long: call it in a thread."""
        claims = claim(self.items, self.spans, self.document, item_schema)
        if self.induced is not None:
            mixed = sorted({*claims.mixed, *self.induced.astray(claims.row_of)})
            claims = replace(claims, mixed=mixed)
        if claims.unsupported and not self.rows.certain:
            claims = replace(claims, unsupported=self._unsaid(claims.unsupported, item_schema))
        self.claims = claims
        if self.rows.certain and not self.is_derived:
            self._find_doubts(item_schema, texts)

    def _find_doubts(self, item_schema: Schema | None, texts: RowTexts) -> None:
        """Find the values of items that their rows do not say."""
        tally, rows, before = DoubtTally(), list[int](), None
        for index, row in enumerate(self.claims.row_of):
            if row is None or index in self.claims.mixed:
                continue
            item, run = self.items[index], self.runs[row]
            span = self.spans[row]
            headings = "\n".join(self.document[one.start : one.end] for one in run.headings)
            found = doubts(item, item_schema, texts.row(span, run.header), headings)
            stop = self.spans[row + 1].start if row + 1 < len(self.spans) else len(self.document)
            if found and (wider := texts.with_rest(span, stop)) != span:
                wrapped = doubts(item, item_schema, texts.row(wider, run.header), headings)
                found = wrapped if len(wrapped) < len(found) else found
            tally.add(not_carried(found, item, before))
            rows.append(row)
            before = item
        for number, doubt in tally.told():
            self.doubts.setdefault(rows[number], []).append(doubt)

    def _unsaid(self, numbers: Sequence[int], item_schema: Schema | None) -> list[int]:
        """Return the items that the whole document does not say, of those that estimated rows do not."""
        items, whole = [self.items[number] for number in numbers], [Span(0, len(self.document))]
        return [numbers[at] for at in claim(items, whole, self.document, item_schema).unsupported]

    @property
    def claimed(self) -> set[int]:
        """Numbers of the rows that have an item of their own.

        Where the rows are estimates, an item may well have its values from several of them.
        """
        mixed = set(self.claims.mixed) if self._are_rows_known else set[int]()
        own = (row for index, row in enumerate(self.claims.row_of) if index not in mixed)
        return {row for row in own if row is not None} | self.found.keys()

    @property
    def _are_rows_known(self) -> bool:
        """Whether each item has a row of its own: a certain one, or one that the items themselves showed."""
        return self.rows.certain or self.induced is not None

    @property
    def is_derived(self) -> bool:
        """Whether no item has a value from the rows: these tell only the number of items then."""
        return not self.claimed and bool(self.items)

    def missing(self) -> list[int]:
        """Return the numbers of the rows without an item; of estimated rows, those among claimed ones."""
        claimed, numbers = self.claimed, range(len(self.spans))
        if self.is_derived:
            return list(numbers[len(self.items) :]) if self.rows.certain else []
        if self._are_rows_known:
            return [row for row in numbers if row not in claimed]
        counts: dict[int, int] = {}
        for row in claimed:
            counts[id(self.runs[row])] = counts.get(id(self.runs[row]), 0) + 1
        return [row for row in numbers if row not in claimed and self._is_list(row, counts)]

    def _is_list(self, row: int, counts: dict[int, int]) -> bool:
        run = self.runs[row]
        return counts.get(id(run), 0) >= min(MIN_CLAIMED, len(run.rows))

    def segments(self, missing: Sequence[int], size: int) -> Iterator[tuple[list[int], Segment]]:
        """Yield segments of missing rows of one run each, with the numbers of the rows."""
        batch: list[int] = []
        for row in missing:
            if batch and (len(batch) == size or self.runs[row] is not self.runs[batch[0]]):
                yield batch, self._segment(batch)
                batch = []
            batch.append(row)
        if batch:
            yield batch, self._segment(batch)

    def _segment(self, batch: Sequence[int]) -> Segment:
        spans = tuple(self.spans[row] for row in batch)
        run = self.runs[batch[0]]
        return Segment(spans, run.context, self.rows.pointer, spans, run.header)

    def take(self, batch: Sequence[int], items: Sequence[Any], claims: Claims) -> None:
        """Take the items of a segment that come from one of its rows each, where these say more of them."""
        mixed, claimed = set(claims.mixed), self.claimed
        for index, (item, row) in enumerate(zip(items, claims.row_of, strict=True)):
            if row is None or index in mixed:
                continue
            at, found = batch[row], claims.doubts.get(index, [])
            if at not in claimed or len(found) < len(self.doubts.get(at, ())):
                self.found[at] = item
                self.doubts[at] = found

    def result(self) -> list[Any]:
        """Return the list: items that were asked for stand in the order of the rows."""
        row_of, mixed = list(self.claims.row_of), set(self.claims.mixed)
        left_out, kept, last = self.left_out, list[tuple[int, Any]](), -1
        for index, (item, row) in enumerate(zip(self.items, row_of, strict=True)):
            if index in left_out:
                continue
            if row in self.found or (row is None and index in mixed and self.found):
                continue
            last = last if row is None else row
            kept.append((last, item))
        if not self.found and not self._has_few_misplaced([row for row, _ in kept]):
            return [item for _, item in kept]
        return [item for _, item in sorted([*kept, *self.found.items()], key=lambda entry: entry[0])]

    @property
    def left_out(self) -> set[int]:
        """Numbers of the items that the list is better without, where each of its certain rows has an item.

        These equal an item that has a row, or stand in place of rows that had to be asked for.
        """
        without = self._without_row
        if not without:
            return set()
        repeated = without & self._repeated
        replaced = sorted(without - repeated)[: len(self.found)]
        return repeated.union(replaced)

    @property
    def _without_row(self) -> set[int]:
        """Numbers of the items without a row, where each of the certain rows has its item."""
        if not self._are_rows_known or self.is_derived or self.missing():
            return set()
        without = {index for index, row in enumerate(self.claims.row_of) if row is None}
        return without if self.rows.certain else without & (self._repeated | set(self.claims.unsupported))

    @property
    def _repeated(self) -> set[int]:
        """Numbers of the items without a row that equal an item that has one."""
        row_of = self.claims.row_of
        if self.induced is not None:
            return self.induced.repeated(row_of)
        own = {json_text.dumps(self.items[at]) for at, row in enumerate(row_of) if row is not None}
        none = [at for at, row in enumerate(row_of) if row is None]
        return {at for at in none if json_text.dumps(self.items[at]) in own}

    def rows_of(self, items: Sequence[Any]) -> list[int | None]:
        """Return the row of each item of the list that `result` returned."""
        rows = {id(item): row for item, row in zip(self.items, self.claims.row_of, strict=True)}
        rows |= {id(item): row for row, item in self.found.items()}
        return [rows.get(id(item)) for item in items]

    def _has_few_misplaced(self, order: Sequence[int]) -> bool:
        """Return whether a few items, but some, are out of the order of their rows."""
        tails: list[int] = []
        for row in order:
            place = bisect_right(tails, row)
            tails[place : place + 1] = [row]
        misplaced = len(order) - len(tails)
        return self.rows.certain and 0 < misplaced <= max(1, len(order) // MISPLACED_SHARE)

    def coverage(self, items: Sequence[Any]) -> Coverage:
        """Return the coverage of the list that `result` returned."""
        rows = self.rows
        if not self.spans:
            return Coverage(rows.expected, len(items), (), rows.basis, rows.certain)
        kept = {id(item) for item in items}
        pointers = {id(item): index for index, item in enumerate(items)}
        without = sorted({*self.claims.unsupported, *self._without_row})
        unsupported = [self.items[index] for index in without if id(self.items[index]) in kept]
        unclaimed = tuple(self.spans[row] for row in self.missing())
        places = [(pointers[id(item)], "") for item in unsupported]
        for index, row in enumerate(self.rows_of(items)):
            if row is not None:
                places += [(index, doubt.pointer) for doubt in self.doubts.get(row, ())]
        shown = tuple(f"{rows.pointer}/{index}{at}" for index, at in sorted(places))
        return Coverage(rows.expected, len(items), unclaimed, rows.basis, rows.certain, shown)
