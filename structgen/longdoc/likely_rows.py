"""Estimated rows that say all that the schema asks of a row: an empty list may well have left them out."""

from __future__ import annotations

from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import RowNeeds
from structgen.longdoc.rows import ListRows, RowRun

MIN_ROWS = 2
"""Rows of a run of which something can be said."""
SAMPLE = 40


def likely_runs(rows: ListRows, spec: ListSpec, text: str) -> list[RowRun]:
    """Return the runs of an estimate all of whose rows have the dates and numbers that the schema asks for.

    None where the text states that the list is empty, or the schema asks for neither.
    """
    needs = RowNeeds.of(spec)
    if rows.certain or rows.stated == 0 or not needs.values:
        return []
    return [run for run in rows.runs if len(run.rows) >= MIN_ROWS and _say_all(run, needs, text)]


def _say_all(run: RowRun, needs: RowNeeds, text: str) -> bool:
    step = max(1, len(run.rows) // SAMPLE)
    numbers = range(0, len(run.rows), step)
    return all(needs.hold(text[run.rows[at].start : run.rows[at].end]) for at in numbers)
