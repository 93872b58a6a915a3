"""The best windows of items in document order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from structgen.evidence.grounding.placement_windows import Window

_MAX_WINDOWS = 40_000
"""Windows of all items that are compared at once; those of the items with the fewest go first."""

_WINDOWS_OF_ITEM = 8


def in_order(items: Sequence[Sequence[Window]], span: int) -> list[Window | None]:
    """Return for each item one of its windows or None, such that they follow one another in the source.

    The sum of the scores is the largest one. Where there are very many windows, the items with the fewest are
    placed first, and the others between them. Windows come in document order; `span` is the source's length.
    """
    if sum(map(len, items)) <= max(_MAX_WINDOWS, _WINDOWS_OF_ITEM * len(items)):
        return _chain(items, span)
    order = sorted((i for i, item in enumerate(items) if item), key=lambda i: (len(items[i]), i))
    total = 0
    first: set[int] = set()
    for item in order:
        total += min(len(items[item]), _MAX_WINDOWS)
        if first and total > _MAX_WINDOWS:
            break
        first.add(item)
    result = _chain([item[:_MAX_WINDOWS] if i in first else () for i, item in enumerate(items)], span)
    each = max(1, _MAX_WINDOWS // len(items))
    position, low = 0, 0
    while position < len(items):
        placed = result[position]
        if placed is not None:
            position, low = position + 1, max(low, placed.end)
            continue
        after = next((i for i in range(position, len(items)) if result[i] is not None), len(items))
        bound = result[after] if after < len(items) else None
        high = span + 1 if bound is None else bound.start
        between = [() if i in first else _between(items[i], low, high) for i in range(position, after)]
        # Equal items have the same windows: each one skips those that the items before it can have.
        between = [one[min(n, max(0, len(one) - each)) :][:each] for n, one in enumerate(between)]
        result[position:after] = _chain(between, span)
        position = after
    return result


def _between(found: Sequence[Window], low: int, high: int) -> Sequence[Window]:
    first = bisect_left(found, low, key=lambda window: window.start)
    last = bisect_left(found, high, key=lambda window: window.start)
    return [window for window in found[first:last] if window.end <= high]


def _chain(items: Sequence[Sequence[Window]], span: int) -> list[Window | None]:
    """Return what `in_order` does, from all windows; of equal sums, the one over the shortest range.

    Time n log n in the number of windows.
    """
    ends: list[int] = []
    values: list[float] = []
    links: list[tuple[int, int] | None] = []
    back: dict[tuple[int, int], tuple[int, int] | None] = {}
    best: tuple[float, tuple[int, int]] | None = None
    spread = 0.5 / max(span, 1)
    for item, candidates in enumerate(items):
        additions = []
        for index, window in enumerate(candidates):
            score = window.score
            position = bisect_right(ends, window.start) - 1
            value, link = score + spread * window.start, None
            if position >= 0 and values[position] + score > value:
                value, link = values[position] + score, links[position]
            back[item, index] = link
            additions.append((window.end, value, (item, index)))
            net = value - spread * window.end
            if best is None or net > best[0] + 1e-12:
                best = (net, (item, index))
        for end, value, own in additions:
            _insert(ends, values, links, end, value, own)
    result: list[Window | None] = [None] * len(items)
    step = best[1] if best else None
    while step is not None:
        result[step[0]] = items[step[0]][step[1]]
        step = back[step]
    return result


def _insert(
    ends: list[int],
    values: list[float],
    links: list[tuple[int, int] | None],
    end: int,
    value: float,
    own: tuple[int, int],
) -> None:
    """Keep the best value up to each end: a later end stays only with a higher value."""
    position = bisect_right(ends, end)
    if position and values[position - 1] >= value:
        return
    first = bisect_left(ends, end)
    last = first
    while last < len(ends) and values[last] <= value:
        last += 1
    ends[first:last] = [end]
    values[first:last] = [value]
    links[first:last] = [own]
