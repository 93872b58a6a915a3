"""Check a list that the model wrote whole: which row each item comes from, and which rows lack an item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from structgen.longdoc.claims import Claims, claim
from structgen.longdoc.doubt_tally import DoubtTally, not_carried
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.row_doubts import Doubt, doubts_in_row
from structgen.longdoc.row_text import RowTexts
from structgen.longdoc.rows import ListRows, RowRun
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.types import Span

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
    likely: Sequence[int] = ()
    """Numbers of estimated rows that are asked for once where the list has no item."""
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
            stop = self.spans[row + 1].start if row + 1 < len(self.spans) else len(self.document)
            found = doubts_in_row(item, item_schema, texts, span, run.header, headings, stop)
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
        mixed = set(self.claims.mixed) if self.are_rows_known else set[int]()
        own = (row for index, row in enumerate(self.claims.row_of) if index not in mixed)
        return {row for row in own if row is not None} | self.found.keys()

    @property
    def are_rows_known(self) -> bool:
        """Whether each item has a row of its own: a certain one, or one that the items themselves showed."""
        return self.rows.certain or self.induced is not None

    @property
    def is_derived(self) -> bool:
        """Whether no item has a value from the rows: these tell only the number of items then."""
        return not self.claimed and bool(self.items)

    @property
    def is_unread(self) -> bool:
        """Whether the list has no item, although rows of the document look like its rows."""
        return bool(self.likely) and not self.items and not self.found

    def missing(self) -> list[int]:
        """Return the numbers of the rows without an item; of estimated rows, those among claimed ones."""
        if self.is_unread:
            return list(self.likely)
        claimed, numbers = self.claimed, range(len(self.spans))
        if self.is_derived:
            return list(numbers[len(self.items) :]) if self.rows.certain else []
        if self.are_rows_known:
            return [row for row in numbers if row not in claimed]
        counts: dict[int, int] = {}
        for row in claimed:
            counts[id(self.runs[row])] = counts.get(id(self.runs[row]), 0) + 1
        return [row for row in numbers if row not in claimed and self._is_list(row, counts)]

    def unclaimed(self) -> list[int]:
        """Return the numbers of the rows that are told as lacking an item.

        An item that is mixed by an estimate of its row has one: the item is told instead.
        """
        if self.rows.certain:
            return self.missing()
        if self.is_unread:
            return []
        mixed = {self.claims.row_of[item] for item in self.claims.mixed}
        return [row for row in self.missing() if row not in mixed]

    @property
    def doubted_items(self) -> list[int]:
        """Numbers of the items that are told as unsupported, but for those that the list may be without."""
        if self.rows.certain or not self.are_rows_known:
            return self.claims.unsupported
        replaced = self.found.keys()
        mixed = (item for item in self.claims.mixed if self.claims.row_of[item] not in replaced)
        return [*self.claims.unsupported, *mixed]

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
