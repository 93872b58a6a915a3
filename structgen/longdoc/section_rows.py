"""The rows of the lists inside of one item, from those of the whole document."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from structgen.longdoc.rows import ListRows, RowRun, Rows
from structgen.longdoc.segments import Segment
from structgen.types import Span


class SectionRows:
    """The certain rows of the lists right inside of the items of a list, by the sections of these items."""

    def __init__(self, rows: ListRows) -> None:
        known = [each for each in rows.inner if each.rows.certain and len(each.path) == 1]
        self._inner = [each.rows for each in known if rows.certain]
        self._pointers = [each.path[0] for each in known if rows.certain]

    @property
    def number(self) -> int:
        """The number of rows in all sections."""
        return sum(len(run.rows) for rows in self._inner for run in rows.runs)

    @cached_property
    def _firsts(self) -> list[list[int]]:
        return [[run.rows.starts[0] for run in rows.runs] for rows in self._inner]

    def of(self, section: Segment) -> dict[str, ListRows]:
        """Return the rows of a section by the pointers of their lists, as ranges of the section's text.

        A list that no rows are known of in the section is left out.
        """
        found = {}
        for pointer, rows, firsts in zip(self._pointers, self._inner, self._firsts, strict=True):
            runs = [
                _within(run, part, section)
                for span in section.own
                for run, part in _parts(rows.runs, firsts, span)
            ]
            if runs:
                found[pointer] = ListRows(pointer, tuple(runs), certain=True)
        return found


def _parts(runs: Sequence[RowRun], firsts: Sequence[int], span: Span) -> Iterator[tuple[RowRun, Rows]]:
    """Yield the runs with rows in a range, and these rows."""
    for run in runs[max(0, bisect_right(firsts, span.start) - 1) :]:
        starts = run.rows.starts
        if starts[0] >= span.end:
            break
        part = run.rows[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        if part:
            yield run, part


def _within(run: RowRun, part: Rows, section: Segment) -> RowRun:
    rows = Rows((moved.start, moved.end) for row in part if (moved := section.place(row)))
    context = tuple(moved for span in run.context if (moved := section.place(span)))
    header = None if run.header is None else section.place(run.header)
    return RowRun(rows, context, run.basis, certain=True, header=header)
