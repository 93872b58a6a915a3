"""Rows below headings inside of a run: those of each section are read with its heading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from structgen.longdoc.layout.headings import Marked, enclosing, heading_form
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.rows import RowRun
from structgen.types import Span


def under_headings(
    lines: Lines, run: LineRun, whole: RowRun, marked: Marked, apart: Collection[int]
) -> list[RowRun]:
    """Return the rows below each heading as a run of their own, with that heading in its context."""
    inner = [at for at in run.skipped if run.starts[0] < at < run.starts[-1]]
    heads = [at for at in inner if _is_heading(lines, at, apart)]
    if 2 * len(heads) > len(run.starts):  # plain lines between all rows, such as signatures, are no headings
        heads = [at for at in heads if (heading_form(lines, at, apart) or "").startswith("#")]
    header = whole.context[-1:] if run.header else ()
    found, first = [], 0
    for head, after in pairwise([None, *heads, None]):
        stop = len(run.starts) if after is None else bisect_left(run.starts, after)
        if stop > first:
            context = whole.context
            if head is not None:
                above = dict.fromkeys([*enclosing(marked, run.starts[first]), head])
                context = (*(Span(lines.starts[at], lines.ends[at]) for at in above), *header)
            found.append(replace(whole, rows=whole.rows[first:stop], context=context))
        first = stop
    return found


def _is_heading(lines: Lines, line: int, apart: Collection[int]) -> bool:
    form = heading_form(lines, line, apart)
    return form is not None and (form.startswith("#") or lines.is_apart(line))
