"""Rows among entries that lack what each row of the list must have: lines of sums, or a doubt."""

from __future__ import annotations

from array import array
from dataclasses import replace

from structgen.longdoc.layout.cells import LONGEST
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import RowNeeds

MAX_FOOT = 20
"""Lines of sums below the rows, at most."""
_OTHER_KINDS = {"table", "label", "day"}
"""Runs whose rows are told by their columns or labels, or have their dates above."""
MAX_ROWS = 20_000
"""Rows that are looked at; of more, so many evenly."""


def without_foot(lines: Lines, run: LineRun, spec: ListSpec) -> LineRun:
    """Return entries without those at the end that lack values and stand below a sum: `Shipping 25.00`."""
    needs = RowNeeds.of(spec)
    stop = len(run.starts)
    if run.kind in _OTHER_KINDS or not needs.values:
        return run
    while stop > max(0, len(run.starts) - MAX_FOOT) and not _holds(lines, run, stop - 1, needs):
        stop -= 1
    if not 0 < stop < len(run.starts):
        return run
    between = lines.texts(run.stops[stop - 1], run.starts[stop])
    if not any(map(is_summary, between)):
        return run
    skipped = sorted({*run.skipped, *range(run.stops[stop - 1], run.stops[-1])})
    return replace(
        run,
        starts=run.starts[:stop],
        stops=run.stops[:stop],
        stop=run.stops[stop - 1],
        skipped=array("q", skipped),
    )


def lacks_values(lines: Lines, run: LineRun, spec: ListSpec) -> bool:
    """Return whether an entry lacks what each row must have by the schema."""
    needs = RowNeeds.of(spec)
    if run.kind in _OTHER_KINDS or not needs.values:
        return False
    step = max(1, len(run.starts) // MAX_ROWS)
    return not all(_holds(lines, run, row, needs) for row in range(0, len(run.starts), step))


def _holds(lines: Lines, run: LineRun, row: int, needs: RowNeeds) -> bool:
    text = lines.source[lines.starts[run.starts[row]] : lines.ends[run.stops[row] - 1]]
    return needs.hold(text[:LONGEST])
