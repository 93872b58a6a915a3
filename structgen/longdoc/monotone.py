"""The heaviest chain of pairs of an item and a row, both in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

_Link = tuple[int, int, Any]
"""An item, its row, and the link before."""
Candidates = Sequence[Sequence[tuple[int, float]]]
"""By the index of the item: rows in ascending order, each with its weight."""


def heaviest_chain(candidates: Candidates) -> list[tuple[int, int]]:
    """Return pairs of an item and a row, both strictly ascending, with the largest sum of weights.

    Of equal sums the first items and rows win. Time n log n in the number of candidates.
    """
    rows: list[int] = []
    sums: list[float] = []
    links: list[_Link] = []
    for item, weighed in enumerate(candidates):
        additions = []
        for row, weight in weighed:
            at = bisect_left(rows, row)
            before = (sums[at - 1], links[at - 1]) if at else (0.0, None)
            additions.append((row, before[0] + weight, (item, row, before[1])))
        for row, total, link in additions:
            _insert(rows, sums, links, row, total, link)
    chain = []
    step: _Link | None = links[-1] if links else None
    while step is not None:
        chain.append((step[0], step[1]))
        step = step[2]
    return chain[::-1]


def _insert(
    rows: list[int], sums: list[float], links: list[_Link], row: int, total: float, link: _Link
) -> None:
    """Keep the largest sum up to each row: a later row stays only with a larger sum."""
    at = bisect_left(rows, row)
    if at and sums[at - 1] >= total:
        return
    if at < len(rows) and rows[at] == row and sums[at] >= total:
        return
    last = at
    while last < len(rows) and sums[last] <= total:
        last += 1
    rows[at:last] = [row]
    sums[at:last] = [total]
    links[at:last] = [link]
