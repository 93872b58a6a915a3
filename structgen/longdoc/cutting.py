"""Cuts of a text whose rows are not known: at pages, headings, blank lines and lines."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from structgen.evidence.source import PAGE_BREAK, Source
from structgen.longdoc.planning import CONTEXT_SHARE, SegmentBudget, fitting_context
from structgen.longdoc.rows import RowRun, Rows
from structgen.longdoc.segments import Segment
from structgen.types import Span

OVERLAP_SHARE = 10
"""The end of the segment before is repeated as context: at most one in so many characters."""
INSIDE_ROW, LINE, BLANK_LINE, HEADING, PAGE = range(5)
"""How well a text may be cut at a place, from worst to best."""
_HEADING = re.compile(r"#{1,6} |[^\W\d_][^\n]{0,80}\n[ \t]*\n")
_WORD_END = re.compile(r"\s(?=\S)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a segment may end: before the text at `index` of the span with number `span`."""

    span: int
    offset: int
    rank: int
    characters: int
    """Characters of the segment that would end here."""

    def order(self, room: int) -> tuple[bool, bool, int, int]:
        """Return what the best place is the largest by: a row stays whole, then half of the room is used."""
        return self.rank > INSIDE_ROW, 2 * self.characters >= room, self.rank, self.characters


@dataclass
class Cutter:
    """Cuts ranges of a document into segments within a budget; a cut is at most in a very long line."""

    source: Source
    spans: Sequence[Span]
    budget: SegmentBudget
    runs: Sequence[RowRun] = ()
    """Runs whose rows are estimates, in document order: no row is cut, and their context goes along."""
    _pages: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the places of rows and pages."""
        self._pages = frozenset(self.source.page_starts)
        self._rows = Rows(
            (row.start, row.end) for row in heapq.merge(*(run.rows for run in self.runs), key=_start)
        )

    def segments(self) -> Iterator[Segment]:
        """Yield the segments in document order; together they have all of the ranges, each part once."""
        first, offset = 0, self.spans[0].start if self.spans else 0
        before: tuple[Span, ...] = ()
        while first < len(self.spans):
            context = self._context(offset, before)
            used = sum(span.end - span.start + 1 for span in context)
            end = self._end(first, offset, max(1, self.budget.characters - used))
            own = self._between(first, offset, end)
            if own:
                yield Segment(own, context)
                before = own
            first, offset = end.span, end.offset
            if first < len(self.spans) and offset >= self.spans[first].end:
                first += 1
                offset = self.spans[first].start if first < len(self.spans) else offset

    def _between(self, first: int, offset: int, end: _Place) -> tuple[Span, ...]:
        spans = []
        for number in range(first, min(end.span + 1, len(self.spans))):
            span = self.spans[number]
            start = offset if number == first else span.start
            stop = end.offset if number == end.span else span.end
            if start < stop and not self.source.text[start:stop].isspace():
                spans.append(Span(start, stop))
        return tuple(spans)

    def _end(self, first: int, offset: int, room: int) -> _Place:
        """Return where the segment that starts here ends."""
        best: _Place | None = None
        characters = rows = 0
        for number in range(first, len(self.spans)):
            span = self.spans[number]
            start = offset if number == first else span.start
            for line_start, line_end in self._lines(start, span.end):
                row = self._begins_row(line_start)
                size = line_end - line_start + (line_start == span.start)
                if characters and (characters + size > room or (row and rows == self.budget.rows)):
                    here = _Place(number, line_start, LINE, characters)
                    return here if best is None or (row and rows) else best
                if not characters and size > room:
                    return _Place(number, self._in_line(line_start, line_end, room), LINE, room)
                rows += row
                rank = self._rank(line_start, line_end)
                characters += size
                place = _Place(number, line_end, rank, characters)
                if best is None or place.order(room) >= best.order(room):
                    best = place
        return _Place(len(self.spans), 0, PAGE, characters)

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        text = self.source.text
        while start < end:
            stop = text.find("\n", start, end)
            stop = end if stop < 0 else stop + 1
            yield start, stop
            start = stop

    def _begins_row(self, start: int) -> bool:
        index = bisect_left(self._rows.starts, start)
        return index < len(self._rows) and self._rows.starts[index] == start

    def _in_row(self, offset: int) -> bool:
        index = bisect_left(self._rows.starts, offset) - 1
        return index >= 0 and self._rows[index].end > offset

    def _rank(self, line_start: int, line_end: int) -> int:
        """Return how well the text may be cut after a line."""
        text = self.source.text
        if self._in_row(line_end):
            return INSIDE_ROW
        if line_end in self._pages or text.startswith(PAGE_BREAK, line_end):
            return PAGE
        blank = text[line_start:line_end].isspace()
        if (blank or text.startswith("#", line_end)) and _HEADING.match(text, line_end):
            return HEADING
        return BLANK_LINE if blank else LINE

    def _in_line(self, start: int, end: int, room: int) -> int:
        """Return where a line that is too long is cut: after a word, as far as there is one."""
        ends = [
            match.end() for match in _WORD_END.finditer(self.source.text, start + room // 2, start + room)
        ]
        return ends[-1] if ends else min(end, start + room)

    def _context(self, offset: int, before: tuple[Span, ...]) -> tuple[Span, ...]:
        """Return the headings of the run that goes on at an offset, else the end of the segment before."""
        room = self.budget.characters // CONTEXT_SHARE
        for run in self.runs:
            if run.rows and run.rows[0].start < offset <= run.rows[-1].end:
                return fitting_context([span for span in run.context if span.end <= offset], room)
        if not before:
            return ()
        last, room = before[-1], self.budget.characters // OVERLAP_SHARE
        start = self.source.text.find("\n", max(last.start, last.end - room), last.end - 1) + 1
        if not start:
            return ()
        index = bisect_right(self._rows.starts, last.end) - 1
        if index >= 0:
            start = max(start, min(self._rows[index].start, last.end))
        return (Span(start, last.end),) if last.start < start < last.end else ()


def _start(row: Span) -> int:
    return row.start
