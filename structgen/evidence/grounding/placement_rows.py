"""The window of each item of a list: its row."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence

from structgen.evidence.grounding.placement_chain import in_order
from structgen.evidence.grounding.placement_groups import Group
from structgen.evidence.grounding.placement_labels import Label
from structgen.evidence.grounding.placement_state import Placement
from structgen.evidence.grounding.placement_walk import MIN_ITEMS, Walk
from structgen.evidence.grounding.placement_windows import Window, windows

_SECTION = 0.5
"""Share of a heading's score that a window has from the heading of its list."""
_MIN_PLACES, _MAX_PLACES = 24, 30_000
"""Places that the windows of one item are built from at least, and of all items of a list together."""
_SHARE_OF_BEST, _SHARE_OF_OUTER = 0.45, 0.15
"""Share of the best window's score that others need; an outer item's values stand around its items."""


def item_candidates(sequence: Sequence[Group], state: Placement) -> list[list[Window]]:
    """Return for each item the windows that may hold it.

    Items with the same values have the same windows; each one skips those that the items before it can have.
    """
    shares = [_SHARE_OF_OUTER if group.last > i else _SHARE_OF_BEST for i, group in enumerate(sequence)]
    anchors = [_anchors(group, state) for group in sequence]
    walked = Walk(anchors, state, shares).found if len(sequence) >= MIN_ITEMS else [[] for _ in sequence]
    keys = [tuple(sorted(id(state.spots[leaf]) for leaf in own)) for own in anchors]
    equal = Counter(keys)
    limit = max(_MIN_PLACES, _MAX_PLACES // len(sequence))
    known: dict[tuple[int, ...], list[Window]] = {}
    seen: Counter[tuple[int, ...]] = Counter()
    candidates = []
    for members, key, share, own in zip(anchors, keys, shares, walked, strict=True):
        if own:
            candidates.append(own)
            continue
        if key not in known:
            spots = [state.spots[leaf] for leaf in members]
            known[key] = windows(spots, state.lines, share, limit * equal[key])
        found = known[key]
        if equal[key] > 1 and len(found) > _MIN_PLACES + limit:
            found = found[min(seen[key], max(0, len(found) - limit)) :][:limit]
        seen[key] += 1
        candidates.append(found)
    return candidates


def _anchors(group: Group, state: Placement) -> Sequence[int]:
    """Return the leaves that tell where an item stands: its booleans only where nothing else does.

    The mark of a wrong boolean stands in the row of another item.
    """
    others = [leaf for leaf in group.members if not isinstance(state.leaves[leaf].value, bool)]
    return others if any(state.spots[leaf] for leaf in others) else group.members


def certainty(candidates: Sequence[Sequence[Window]]) -> float:
    """Return how well the windows of a list hold its items: the mean score of the best ones."""
    best = [max(window.score for window in one) for one in candidates if one]
    return sum(best) / len(best) if best else 0.0


def item_windows(
    sequence: Sequence[Group], found: Sequence[Sequence[Window]], state: Placement
) -> list[Window | None]:
    """Return the window of each item, in document order as far as the source has that order.

    Items that do not follow the order take the best window that is left.
    """
    candidates = [_weighed(group, one, state) for group, one in zip(sequence, found, strict=True)]
    chosen = in_order(candidates, len(state.lines.text))
    taken = sorted((window.start, window.end) for window in chosen if window is not None)
    for position, window in enumerate(chosen):
        if window is None and candidates[position]:
            free = [one for one in candidates[position] if not _overlaps(taken, one)]
            if free:
                best = max(free, key=lambda one: (one.score, -one.start))
                chosen[position] = best
                insort(taken, (best.start, best.end))
    return chosen


def _overlaps(taken: list[tuple[int, int]], window: Window) -> bool:
    position = bisect_left(taken, (window.end, -1))
    return any(end > window.start for _, end in taken[max(0, position - 2) : position])


def _weighed(group: Group, found: Sequence[Window], state: Placement) -> Sequence[Window]:
    """Return windows with a score for the heading above them, and with less for those of other lists."""
    if len(found) < 2:
        return found
    name = next((step for step in reversed(group.path) if isinstance(step, str)), "")
    label = Label((), frozenset(), state.labels.words(name))
    if not state.claims and not state.labels.has_sections(label):
        return found
    scored = []
    for window in found:
        score = window.score + _SECTION * state.labels.section(label, state.lines.at(window.start))
        if state.claims.overlaps(window.start, window.end):
            score *= 0.6
        scored.append(Window(window.start, window.end, score))
    return scored
