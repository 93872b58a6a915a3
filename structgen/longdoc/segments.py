"""Segments of a document: what the model reads at once, with the way back to the document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from structgen.types import Span


@dataclass(frozen=True)
class Segment:
    """Ranges of a document that are read together: what it is read with first, then its own text."""

    own: tuple[Span, ...]
    """What the segment is responsible for, in document order."""
    context: tuple[Span, ...] = ()
    """Headings and a table's header, or the end of the segment before: other segments have their items."""
    pointer: str | None = None
    """The only list that the segment fills; None where it fills the whole object."""
    rows: tuple[Span, ...] = ()
    """The rows that it certainly has for that list; empty where they are not known."""
    header: Span | None = None
    """The titles of the columns of these rows, where they have any."""

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """All ranges in the order of the segment's text."""
        return (*self.context, *self.own)

    def text(self, document: str) -> str:
        """Return the text that the model reads: the ranges, one after another on lines of their own."""
        return "\n".join(document[span.start : span.end] for span in self.spans)

    @cached_property
    def _starts(self) -> Sequence[int]:
        starts, offset = [], 0
        for span in self.spans:
            starts.append(offset)
            offset += span.end - span.start + 1
        return starts

    @property
    def headings(self) -> tuple[Span, ...]:
        """The context but for the titles of columns."""
        return tuple(span for span in self.context if span != self.header)

    @property
    def rows_in_text(self) -> list[Span]:
        """The rows as ranges of the segment's text; its own ranges are the rows."""
        starts = self._starts[len(self.context) :]
        return [
            Span(start, start + row.end - row.start) for start, row in zip(starts, self.rows, strict=True)
        ]

    def offset(self, position: int) -> int:
        """Return the offset in the document of a position of the segment's text."""
        index = max(0, bisect_right(self._starts, position) - 1)
        span = self.spans[index]
        return min(span.start + position - self._starts[index], span.end)

    def place(self, span: Span) -> Span | None:
        """Return where a range of the document stands in the segment's text; None if it is not all there."""
        for start, each in zip(self._starts, self.spans, strict=True):
            if each.start <= span.start and span.end <= each.end:
                return Span(start + span.start - each.start, start + span.end - each.start)
        return None

    def is_own(self, position: int) -> bool:
        """Return whether a position of the segment's text is in its own part, not in the context."""
        return max(0, bisect_right(self._starts, position) - 1) >= len(self.context)
