"""The coverage of a list that was checked: the rows that it lacks, and what its rows do not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_result import rows_of, without_row
from structgen.types import Coverage


def list_coverage(check: ListCheck, items: Sequence[Any]) -> Coverage:
    """Return the coverage of the list that results from a check."""
    rows = check.induced.told if check.induced is not None else check.rows
    if not check.spans:
        return Coverage(rows.expected, len(items), (), rows.basis, rows.certain)
    kept = {id(item) for item in items}
    pointers = {id(item): index for index, item in enumerate(items)}
    without = sorted({*check.doubted_items, *without_row(check)})
    unsupported = [check.items[index] for index in without if id(check.items[index]) in kept]
    unclaimed = tuple(check.spans[row] for row in check.unclaimed())
    places = [(pointers[id(item)], "") for item in unsupported]
    for index, row in enumerate(rows_of(check, items)):
        if row is not None:
            places += [(index, doubt.pointer) for doubt in check.doubts.get(row, ())]
    shown = tuple(f"{rows.pointer}/{index}{at}" for index, at in sorted(places))
    return Coverage(rows.expected, len(items), unclaimed, rows.basis, rows.certain, shown)
