"""The list that results from a check: which items it keeps, and in which order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.strategies.segmented.list_check import ListCheck

MISPLACED_SHARE = 10
"""Up to one in so many items out of the order of their rows is put in its place; more are another order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list that was checked. Equal items, such as small numbers, may be one object."""

    item: Any
    row: int | None
    """The number of the row that it comes from."""
    index: int | None
    """Its number in the list as the model wrote it; None for an item that was asked for."""


def resulting_list(check: ListCheck) -> list[Any]:
    """Return the list: items that were asked for stand in the order of the rows."""
    return [entry.item for entry in _resulting(check)]


def entries_of(check: ListCheck, items: Sequence[Any]) -> list[Entry]:
    """Return the entries of the list that results; of the list as the model wrote it, if `items` are that."""
    if items is not check.items:
        return _resulting(check)
    return [Entry(item, row, index) for index, (item, row) in enumerate(_claimed(check))]


def rows_of(check: ListCheck, items: Sequence[Any]) -> list[int | None]:
    """Return the row of each item of the list that results."""
    return [entry.row for entry in entries_of(check, items)]


def _resulting(check: ListCheck) -> list[Entry]:
    mixed, surplus, last = set(check.claims.mixed), left_out(check), -1
    kept: list[tuple[int, Entry]] = []
    for index, (item, row) in enumerate(_claimed(check)):
        if index in surplus:
            continue
        if row in check.found or (row is None and index in mixed and check.found):
            continue
        last = last if row is None else row
        kept.append((last, Entry(item, row, index)))
    if not check.found and not (check.rows.certain and _has_few_misplaced([row for row, _ in kept])):
        return [entry for _, entry in kept]
    asked = [(row, Entry(item, row, None)) for row, item in check.found.items()]
    return [entry for _, entry in sorted([*kept, *asked], key=lambda each: each[0])]


def _claimed(check: ListCheck) -> Iterator[tuple[Any, int | None]]:
    return zip(check.items, check.claims.row_of, strict=True)


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
