"""Rows below dates: those of each day are read with its date."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from structgen.longdoc.layout.dated_blocks import is_date_alone
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.rows import RowRun
from structgen.types import Span


def days(lines: Lines, run: LineRun, whole: RowRun) -> list[RowRun]:
    """Return the rows of each day as a run of their own, which is read with its date."""
    heads = [Span(lines.starts[at], lines.ends[at]) for at in run.skipped if is_date_alone(lines[at])]
    found, first = [], 0
    for head, after in pairwise([*heads, None]):
        stop = len(whole.rows) if after is None else bisect_left(whole.rows.starts, after.start)
        if head is not None and stop > first:
            found.append(replace(whole, rows=whole.rows[first:stop], context=(*whole.context, head)))
        first = stop
    return found
