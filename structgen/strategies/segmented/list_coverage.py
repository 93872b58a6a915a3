"""The coverage of a list that was checked: the rows that it lacks, and what its rows do not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_result import entries_of, without_row
from structgen.types import Coverage


def list_coverage(check: ListCheck, items: Sequence[Any]) -> Coverage:
    """Return the coverage of the list that results from a check."""
    rows = check.induced.told if check.induced is not None else check.rows
    if not check.spans:
        return Coverage(rows.expected, len(items), (), rows.basis, rows.certain)
    entries = entries_of(check, items)
    without = {*check.doubted_items, *without_row(check)}
    unclaimed = tuple(check.spans[row] for row in check.unclaimed())
    places = [(at, "") for at, entry in enumerate(entries) if entry.index in without]
    for at, entry in enumerate(entries):
        if entry.row is not None:
            places += [(at, doubt.pointer) for doubt in check.doubts.get(entry.row, ())]
    shown = tuple(f"{rows.pointer}/{at}{member}" for at, member in sorted(places))
    return Coverage(rows.expected, len(items), unclaimed, rows.basis, rows.certain, shown)
