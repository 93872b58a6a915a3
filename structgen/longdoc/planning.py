"""The plan of a long document: which ranges of it the model reads together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from structgen.longdoc.rows import ListRows, RowRun
from structgen.longdoc.segments import Segment
from structgen.types import Span

SHOWN_ROWS = 2
"""Rows of a run that stay in the text for what is not in the list: they show what the run is."""
CONTEXT_SHARE = 2
"""The context of a segment takes at most one in so many of its characters."""


@dataclass(frozen=True, slots=True)
class SegmentBudget:
    """How much of a document the model reads at once."""

    characters: int
    rows: int


def row_segments(rows: ListRows, budget: SegmentBudget) -> Iterator[Segment]:
    """Yield the segments of the certain runs of a list: each row in exactly one, in document order.

    A row that is longer than the budget has a segment of its own.
    """
    for run in rows.runs:
        if run.certain:
            yield from _segments_of_run(rows.pointer, run, budget)


def _segments_of_run(pointer: str, run: RowRun, budget: SegmentBudget) -> Iterator[Segment]:
    context = fitting_context(run.context, budget.characters // CONTEXT_SHARE)
    room = budget.characters - _length(context)
    batch: list[Span] = []
    length = 0
    for row in run.rows:
        size = row.end - row.start + 1
        if batch and (len(batch) == budget.rows or length + size > room):
            yield Segment(tuple(batch), context, pointer, tuple(batch), run.header)
            batch, length = [], 0
        batch.append(row)
        length += size
    if batch:
        yield Segment(tuple(batch), context, pointer, tuple(batch), run.header)


def fitting_context(context: Sequence[Span], characters: int) -> tuple[Span, ...]:
    """Return the context that fits: the innermost headings, of which a table's header is the last."""
    kept: list[Span] = []
    for span in reversed(context):
        characters -= span.end - span.start + 1
        if characters < 0:
            break
        kept.append(span)
    return tuple(reversed(kept))


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start + 1 for span in spans)


def spans_without(document: str, removed: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of a document without ranges in document order; white space alone is left out."""
    start = 0
    for span in removed:
        if _has_text(document, start, span.start):
            yield Span(start, span.start)
        start = max(start, span.end)
    if _has_text(document, start, len(document)):
        yield Span(start, len(document))


def _has_text(document: str, start: int, end: int) -> bool:
    return start < end and not document[start:end].isspace()


def hidden_rows(rows: ListRows, shown: int = SHOWN_ROWS) -> Iterator[Span]:
    """Yield the rows of a list's certain runs but the first few of each run, in document order.

    Rows that are parts of lines stay: the rest of the lines says other values.
    """
    for run in rows.runs:
        if run.certain and not run.shares_lines:
            yield from run.rows[shown:]
