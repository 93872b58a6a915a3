"""Sections whose items hold lists of their own: each heading with the rows below it is one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from structgen.longdoc.layout.headings import heading_above, heading_form
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines


def sections(lines: Lines, inner: Sequence[LineRun], apart: Collection[int]) -> LineRun | None:
    """Return the sections that the runs of the inner list stand in; None where no headings part them."""
    heads: list[int] = []
    floor = 0
    for run in inner:
        head = heading_above(lines, run.first, floor, apart)
        if head is not None:
            heads.append(head)
        floor = run.stop
    if not heads:
        return None
    forms = Counter(heading_form(lines, head, apart) for head in heads)
    form, alike = forms.most_common(1)[0]
    starts = {head for head in heads if heading_form(lines, head, apart) == form}
    covered = bytearray(len(lines))
    for run in inner:
        covered[run.first : run.stop] = b"\x01" * (run.stop - run.first)
    if form != "plain":
        starts |= {
            line
            for line in range(min(starts), len(lines))
            if not covered[line] and heading_form(lines, line, apart) == form
        }
    ordered = sorted(starts)
    result = LineRun("entries", ordered[0], len(lines), kind="section")
    for start, stop in pairwise([*ordered, _end(lines, inner, ordered[-1])]):
        result.add(start, max(stop, start + 1))
    result.stop = result.stops[-1]
    whole = inner[0].first > ordered[0] and alike == len(inner)
    result.quality = 1.0 if whole else 0.5
    return result


def _end(lines: Lines, inner: Sequence[LineRun], last: int) -> int:
    """Return the line after the last section: its last run, or its heading's paragraph."""
    stop = max(inner[-1].stop, last + 1)
    while stop < len(lines) and not lines.is_apart(stop):
        stop += 1
    return stop
