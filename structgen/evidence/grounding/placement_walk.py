"""The windows of the items of a long list, found by walking from row to row.

A window is looked for around the place where the row before lets it expect, so that the work for an item does
not depend on how often the source has its values. Walks begin at items with rare values, where the most
items around follow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from statistics import median_low

from structgen.evidence.grounding.placement_groups import Spots
from structgen.evidence.grounding.placement_state import Placement
from structgen.evidence.grounding.placement_windows import Window, windows

MIN_ITEMS = 128
"""Items of a list that is walked through; the windows of shorter lists are compared with one another."""
_NARROW, _WIDE = (240, 3), (1_500, 20)
"""Characters, or else rows, on either side of the expected place that are read first, and then."""
_MAX_BAND = 20_000
_SURE, _LEAST = 0.95, 0.6
"""Share of an item's weight that ends the search for it, and that a window must have."""
_ALIKE = 0.9
"""Share of the best window's score of those that are equally good: the one nearest to the expected place."""
_LOST, _LOST_IN_TRIAL = 10, 2
"""Items without a window after which a walk, or the trial of one, ends."""
_TRIAL = 16
"""Items on either side that tell where a walk begins."""
_SEEDS, _BEGINNINGS = 3, 200
"""Items of a gap that walks are begun at, and places that are tried for each."""
_FEWEST = 3
"""Items that a walk must have found."""
_DENSE, _MAX_FAILED = 0.6, 12
"""Share of the items on its way that a walk must find, and beginnings that may lead nowhere in all."""
_KEPT = 8
"""Windows of an item that are kept, the nearest to the expected place first."""


class Walk:
    """The windows of a sequence of items, as far as rows follow one another in the source."""

    def __init__(self, items: Sequence[Sequence[int]], state: Placement, shares: Sequence[float]) -> None:
        self.lines = state.lines
        self.length = len(state.lines.text)
        self.shares = shares
        self.spots = [[spot for leaf in members if (spot := state.spots[leaf])] for members in items]
        self.weights = [sum(spot.weight for spot in spots) for spots in self.spots]
        self.rarity = [min(map(len, spots), default=self.length) for spots in self.spots]
        self.found: list[list[Window]] = [[] for _ in items]
        """The windows of each item; none where no walk came through."""
        self.failed = 0
        """Items that no walk began at: many where the source has another order."""
        self._search()

    def _search(self) -> None:
        """Walk from the rarest items of each gap between the walks so far."""
        gaps = [(0, len(self.spots), 0, self.length)]
        while gaps:
            first, last, low, high = gaps.pop()
            if last - first < _FEWEST or low >= high:
                continue
            walked = self._through(first, last, low, high)
            if walked:
                begin, end = min(walked), max(walked)
                for item, (expected, nearby) in walked.items():
                    nearby.sort(key=lambda window, at=expected: abs(window.start - at))  # type: ignore[misc]
                    self.found[item] = sorted(nearby[:_KEPT])
                gaps.append((first, begin, low, walked[begin][0]))
                gaps.append((end + 1, last, walked[end][0], high))

    def _through(self, first: int, last: int, low: int, high: int) -> dict[int, tuple[int, list[Window]]]:
        """Return where items were found by the best walk through a gap, and their windows."""
        if self.failed > _MAX_FAILED:
            return {}
        for seed in sorted(range(first, last), key=self.rarity.__getitem__)[:_SEEDS]:
            nearby = self._windows(seed, low, high)
            best = max((window.score for window in nearby), default=0.0)
            if not best or best < _LEAST * self.weights[seed]:
                continue
            starts = [window for window in nearby if window.score >= _ALIKE * best][:_BEGINNINGS]
            begin = starts[0]
            if len(starts) > 1:
                begin = max(starts, key=lambda one: self._trial(seed, one, first, last, low, high))
            walked = {seed: (begin.start, [begin])}
            for step in (1, -1):
                walked |= self._steps(seed, begin, step, (first, last), (low, high), _LOST)
            if len(walked) >= max(min(_FEWEST, last - first), _DENSE * (max(walked) - min(walked) + 1)):
                return walked
            self.failed += 1
        return {}

    def _trial(self, seed: int, begin: Window, first: int, last: int, low: int, high: int) -> int:
        """Return how many items around follow a window of the seed."""
        bounds = max(first, seed - _TRIAL), min(last, seed + _TRIAL + 1)
        steps = (self._steps(seed, begin, step, bounds, (low, high), _LOST_IN_TRIAL) for step in (1, -1))
        return sum(map(len, steps))

    def _steps(
        self, seed: int, begin: Window, step: int, items: tuple[int, int], bounds: tuple[int, int], lost: int
    ) -> dict[int, tuple[int, list[Window]]]:
        """Return the items found in one direction, each with its place and the windows around it."""
        walked: dict[int, tuple[int, list[Window]]] = {}
        pitch = begin.end - begin.start + 1
        pitches: deque[int] = deque(maxlen=9)
        at, last, missed = begin.start, seed, 0
        for item in range(seed + step, items[1] if step > 0 else items[0] - 1, step):
            expected = at + (item - last) * pitch
            nearby = self._near(item, expected, pitch, bounds, lost == _LOST_IN_TRIAL)
            if nearby is None:
                missed += 1
                if missed == lost:
                    break
                continue
            window = nearby[0]
            walked[item] = window.start, nearby
            pitches.append((window.start - at) // (item - last))
            pitch, at, last, missed = max(1, median_low(pitches)), window.start, item, 0
        return walked

    def _near(
        self, item: int, expected: int, pitch: int, bounds: tuple[int, int], is_trial: bool
    ) -> list[Window] | None:
        """Return the windows around an expected place, that of the item first; None where none is good."""
        weight = self.weights[item]
        if not weight:
            return None
        for characters, rows in (_NARROW, _WIDE)[: 1 if is_trial else 2]:
            reach = min(_MAX_BAND, max(characters, rows * pitch))
            nearby = self._windows(item, max(bounds[0], expected - reach), min(bounds[1], expected + reach))
            best = max((window.score for window in nearby), default=0.0)
            if best >= (_SURE if characters == _NARROW[0] else _LEAST) * weight:
                good = [window for window in nearby if window.score >= _ALIKE * best]
                window = min(good, key=lambda one: abs(one.start - expected))
                return [window, *(other for other in nearby if other is not window)]
        return None

    def _windows(self, item: int, low: int, high: int) -> list[Window]:
        spots = [*_between(self.spots[item], low, high)]
        return windows(spots, self.lines, self.shares[item], _BEGINNINGS * 8) if spots else []


def _between(spots: Sequence[Spots], low: int, high: int) -> Iterator[Spots]:
    known: dict[int, Spots] = {}
    for spot in spots:
        if id(spot) not in known:
            known[id(spot)] = spot.between(low, high)
        if known[id(spot)]:
            yield known[id(spot)]
