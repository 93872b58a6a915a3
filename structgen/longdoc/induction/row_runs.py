"""Runs of induced rows with what they are read with, and counted rows that stand beside them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from structgen.longdoc.induction.item_places import ValuePlace
from structgen.longdoc.layout.anchors import values_of
from structgen.longdoc.layout.line_words import has_sentence
from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.types import Span

MAX_ABOVE = 200
"""Characters of the lines above the first row that rows are read with."""
MIN_CLAIMED = 2
"""Rows with an item that a counted run must have, before its other rows count."""


def row_runs(groups: Sequence[Sequence[Span]], shared: Sequence[ValuePlace], text: str) -> Iterator[RowRun]:
    """Yield the runs of rows, with the values above them that the text writes once for several rows."""
    starts = [place.start for place in shared]
    floor = 0
    for group in groups:
        above = _above(text, floor, group[0].start)
        part: list[Span] = []
        for row in group:
            if part and bisect_left(starts, row.start) != bisect_left(starts, part[0].start):
                yield _run(part, above, shared, starts, text)
                part = []
            part.append(row)
        yield _run(part, above, shared, starts, text)
        floor = group[-1].end


def _run(
    rows: Sequence[Span],
    above: Span | None,
    shared: Sequence[ValuePlace],
    starts: Sequence[int],
    text: str,
) -> RowRun:
    context = [above] if above else []
    before = bisect_left(starts, rows[0].start)
    if before:
        line = _line(text, shared[before - 1])
        if above is None or line.start >= above.end:
            context.append(line)
        elif line.end <= above.start:
            context.insert(0, line)
    return RowRun(Rows((row.start, row.end) for row in rows), tuple(context), "items")


def _above(text: str, floor: int, start: int) -> Span | None:
    """Return the whole lines that stand closely above a place; None where there are none."""
    first = max(floor, start - MAX_ABOVE)
    if first > floor:
        first = text.find("\n", first, start) + 1 or start
    above = text[first:start]
    left, right = len(above) - len(above.lstrip()), len(above.rstrip())
    return Span(first + left, first + right) if above.strip() else None


def _line(text: str, place: ValuePlace) -> Span:
    end = text.find("\n", place.end)
    return Span(text.rfind("\n", 0, place.start) + 1, len(text) if end < 0 else end)


def counted_beside(counted: ListRows, rows: Sequence[Span], own: Sequence[Span], text: str) -> list[RowRun]:
    """Return counted rows that are none of those that items show, and that say as much as rows of items.

    Args:
        counted: the estimate.
        rows: all rows that the items show, in document order.
        own: those of them that have an item.
        text: the document.
    """
    least = [min(numbers) for numbers in zip(*(values_of(_text(text, row)) for row in own), strict=True)]
    if not any(least):
        return []
    are_sentences = any(has_sentence(_text(text, row)) for row in own)
    runs = []
    for run in counted.runs:
        if sum(_overlaps(row, own) for row in run.rows) < min(MIN_CLAIMED, len(run.rows)):
            continue
        beside = [
            (row.start, row.end)
            for row in run.rows
            if not _overlaps(row, rows)
            and (are_sentences or not has_sentence(_text(text, row)))
            and all(had >= needed for had, needed in zip(values_of(_text(text, row)), least, strict=True))
        ]
        if beside:
            runs.append(RowRun(Rows(beside), run.context, "items", header=run.header))
    return runs


def _text(text: str, row: Span) -> str:
    return text[row.start : row.end]


def _overlaps(row: Span, others: Sequence[Span]) -> bool:
    at = bisect_right(others, row.start, key=lambda other: other.end)
    return at < len(others) and others[at].start < row.end
