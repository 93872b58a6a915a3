"""The rows that items of lists come from, as segments that can be asked for again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from structgen.longdoc.rows import ListRows
from structgen.longdoc.segments import Segment
from structgen.strategies.segmented.list_account import ListAccount
from structgen.types import Span

RowOf = Callable[[int], Segment | None]
"""Returns the segment of the row that an item of a list comes from, by the item's index."""


def of_account(account: ListAccount) -> RowOf:
    """Return the rows of a list whose rows are certain."""
    return partial(_of_account, account)


def of_places(rows: ListRows, places: Sequence[Span | None]) -> RowOf:
    """Return the rows of a list by the places of its items."""
    return partial(_of_places, rows, places)


def _of_account(account: ListAccount, index: int) -> Segment | None:
    return _segment(account.rows, account.row_of(index))


def _of_places(rows: ListRows, places: Sequence[Span | None], index: int) -> Segment | None:
    return _segment(rows, places[index] if index < len(places) else None)


def _segment(rows: ListRows, row: Span | None) -> Segment | None:
    """Return the segment of one row, with the context of its run; None without a row."""
    if row is None:
        return None
    run = next((run for run in rows.runs if row in run.rows), None)
    return None if run is None else Segment((row,), run.context, rows.pointer, (row,), run.header)
