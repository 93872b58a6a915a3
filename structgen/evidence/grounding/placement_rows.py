"""The window of each item of a list: its row."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from structgen.evidence.grounding.placement_groups import Group
from structgen.evidence.grounding.placement_labels import Label
from structgen.evidence.grounding.placement_state import Placement
from structgen.evidence.grounding.placement_windows import Window, chain, windows

_SECTION = 0.5
"""Share of a heading's score that a window has from the heading of its list."""


def item_windows(sequence: Sequence[Group], state: Placement) -> list[Window | None]:
    """Return the window of each item, in document order as far as the source has that order.

    Items that do not follow the order take the best window that is left.
    """
    candidates = [_candidates(group, state) for group in sequence]
    chosen = chain(candidates, len(state.lines.text))
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


def _candidates(group: Group, state: Placement) -> list[Window]:
    own = [state.spots[leaf] for leaf in group.members if state.spots[leaf]]
    found = windows(own, state.lines)
    if len(found) < 2:
        return found
    name = next((step for step in reversed(group.path) if isinstance(step, str)), "")
    label = Label((), frozenset(), state.labels.words(name))
    scored = []
    for window in found:
        score = window.score + _SECTION * state.labels.section(label, state.lines.at(window.start))
        if state.claims.overlaps(window.start, window.end):
            score *= 0.6
        scored.append(Window(window.start, window.end, score))
    return scored
