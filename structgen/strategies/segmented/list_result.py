"""The list that results from a check: which items it keeps, and in which order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from structgen import json_text
from structgen.strategies.segmented.list_check import ListCheck

MISPLACED_SHARE = 10
"""Up to one in so many items out of the order of their rows is put in its place; more are another order."""


def resulting_list(check: ListCheck) -> list[Any]:
    """Return the list: items that were asked for stand in the order of the rows."""
    row_of, mixed = list(check.claims.row_of), set(check.claims.mixed)
    surplus, kept, last = left_out(check), list[tuple[int, Any]](), -1
    for index, (item, row) in enumerate(zip(check.items, row_of, strict=True)):
        if index in surplus:
            continue
        if row in check.found or (row is None and index in mixed and check.found):
            continue
        last = last if row is None else row
        kept.append((last, item))
    if not check.found and not (check.rows.certain and _has_few_misplaced([row for row, _ in kept])):
        return [item for _, item in kept]
    return [item for _, item in sorted([*kept, *check.found.items()], key=lambda entry: entry[0])]


def rows_of(check: ListCheck, items: Sequence[Any]) -> list[int | None]:
    """Return the row of each item of the list that results."""
    rows = {id(item): row for item, row in zip(check.items, check.claims.row_of, strict=True)}
    rows |= {id(item): row for row, item in check.found.items()}
    return [rows.get(id(item)) for item in items]


def left_out(check: ListCheck) -> set[int]:
    """Return the numbers of the items that the list is better without, where each known row has an item.

    These equal an item that has a row, or stand in place of rows that had to be asked for.
    """
    without = without_row(check)
    if not without:
        return set()
    repeated = without & _repeated(check)
    replaced = sorted(without - repeated)[: len(check.found)]
    return repeated.union(replaced)


def without_row(check: ListCheck) -> set[int]:
    """Return the numbers of the items without a row, where each known row has its item."""
    if not check.are_rows_known or check.is_derived or check.unclaimed():
        return set()
    without = {index for index, row in enumerate(check.claims.row_of) if row is None}
    return without if check.rows.certain else without & (_repeated(check) | set(check.claims.unsupported))


def _repeated(check: ListCheck) -> set[int]:
    """Return the numbers of the items without a row that equal an item that has one."""
    row_of = check.claims.row_of
    if check.induced is not None:
        return check.induced.repeated(row_of)
    own = {json_text.dumps(check.items[at]) for at, row in enumerate(row_of) if row is not None}
    none = [at for at, row in enumerate(row_of) if row is None]
    return {at for at in none if json_text.dumps(check.items[at]) in own}


def _has_few_misplaced(order: Sequence[int]) -> bool:
    """Return whether a few items, but some, are out of the order of their rows."""
    tails: list[int] = []
    for row in order:
        place = bisect_right(tails, row)
        tails[place : place + 1] = [row]
    misplaced = len(order) - len(tails)
    return 0 < misplaced <= max(1, len(order) // MISPLACED_SHARE)
