"""The places of the scalars that stand in no item of a list."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from operator import itemgetter

from structgen.evidence.grounding.placement_state import Placement
from structgen.evidence.grounding.places import Place
from structgen.schema.traversal import JsonPath

_NEAREST = 8
"""Places on either side of its neighbour that are considered for an element out of order."""
_SAMPLES = 50
"""Leaves with one place that tell on which side the labels are."""
_TRIED = 64
"""Places of a leaf that are tried, the best ones first."""
_LABELLED = 200_000
"""Places whose labels are read in one object."""
_IN_ROW, _TAKEN, _SIBLING, _ORDER, _FIRST = 0.5, 0.6, 0.25, 0.1, 0.15
"""Cost of a place in an item's row, and of one that another leaf has; scores of one beside its siblings,
in the order of the object, and of the first one of the source."""


def place_scalars(members: Sequence[int], state: Placement) -> None:
    """Choose the places of the lists of scalars first, then of the single scalars."""
    lists: dict[JsonPath, list[int]] = defaultdict(list)
    single: list[int] = []
    for leaf in members:
        path = state.leaves[leaf].path
        if not state.spots[leaf]:
            continue
        if path and isinstance(path[-1], int):
            lists[path[:-1]].append(leaf)
        else:
            single.append(leaf)
    for elements in lists.values():
        state.choose_in_order(elements, 0, len(state.lines.text) + 1, labelled=True)
    for elements in lists.values():
        _place_late(elements, state)
    _place_single(single, state)


def _place_late(elements: Sequence[int], state: Placement) -> None:
    """Place the elements of a list that do not follow its order: as near as possible to the one before."""
    at = next((state.place(leaf, i).start for leaf in elements if (i := state.chosen[leaf]) is not None), 0)
    for leaf in elements:
        chosen = state.chosen[leaf]
        if chosen is None:
            near = state.spots[leaf].nearest(at, _NEAREST)
            chosen = min(near, key=lambda i: (not state.free(leaf, i), abs(state.spots[leaf].starts[i] - at)))
            state.choose(leaf, chosen)
        at = state.place(leaf, chosen).start


def _place_single(members: Sequence[int], state: Placement) -> None:
    sure = (leaf for leaf in members if len(state.spots[leaf]) == 1)
    state.labels.learn_side((state.leaves[leaf], state.place(leaf, 0)) for leaf in islice(sure, _SAMPLES))
    limit = max(16, _LABELLED // max(1, len(members)))
    equal: dict[tuple[int, int], list[tuple[float, int]]] = {}
    options = {}
    for leaf in members:
        key = (id(state.spots[leaf]), id(state.labels.of(state.leaves[leaf])))
        if key not in equal:
            equal[key] = _options(leaf, state, limit)
        options[leaf] = equal[key]
    anchors: dict[JsonPath, list[tuple[int, int]]] = defaultdict(list)
    for leaf, scored in options.items():
        if len(scored) == 1 or scored[0][0] - scored[1][0] > 0.3:
            anchors[state.leaves[leaf].path[:-1]].append((state.place(leaf, scored[0][1]).start, leaf))
    for siblings in anchors.values():
        siblings.sort()
    for leaf, scored in options.items():
        known = anchors.get(state.leaves[leaf].path[:-1])
        if known and len(scored) > 1:
            nearer = [(score + _beside_siblings(leaf, index, known, state), index) for score, index in scored]
            options[leaf] = sorted(nearer, key=lambda pair: (-round(pair[0], 6), pair[1]))
    _assign(options, state)


def _options(leaf: int, state: Placement, limit: int) -> list[tuple[float, int]]:
    """Return the places of a leaf with their scores, the best one first."""
    spots = state.spots[leaf]
    if len(spots) == 1:
        return [(0.0, 0)]
    label = state.labels.of(state.leaves[leaf])
    score_of, lines, costs, has_rows = (
        state.labels.score,
        spots.lines(state.lines),
        spots.costs,
        bool(state.rows),
    )
    indices: Sequence[int] = range(len(spots))
    if len(spots) > limit:
        indices = [*range(limit * 3 // 4), *range(len(spots) - limit // 4, len(spots))]
    scored = []
    for index in indices:
        place = spots.places[index]
        score = score_of(label, place, lines[index]) - costs[index] + (0.0 if index else _FIRST)
        scored.append((round(score - (_IN_ROW if has_rows and _in_row(place, state) else 0.0), 6), index))
    scored.sort(key=itemgetter(0), reverse=True)
    return scored


def _in_row(place: Place, state: Placement) -> bool:
    position = bisect_right(state.rows, (place.start, len(state.lines.text) + 1)) - 1
    return position >= 0 and state.rows[position][1] > place.start


def _beside_siblings(leaf: int, index: int, known: Sequence[tuple[int, int]], state: Placement) -> float:
    """Return a score for the distance to siblings that leave no doubt, and for their order."""
    start = state.place(leaf, index).start
    after = bisect_right(known, (start, leaf))
    near = known[max(0, after - 2) : after + 2]
    line = state.lines.at(start)
    distance = min(abs(line - state.lines.at(other)) for other, _ in near)
    ordered = sum((other < start) == (sibling < leaf) for other, sibling in near) / len(near)
    return _SIBLING / (1 + distance / 3) + _ORDER * ordered


def _assign(options: dict[int, list[tuple[float, int]]], state: Placement) -> None:
    """Give each leaf its best place, the surest leaf first; a place that is taken counts less."""
    for leaf in sorted(options, key=lambda one: (-round(_surety(options[one]), 3), one)):
        taken: tuple[float, int] | None = None
        for score, index in options[leaf][:_TRIED]:
            if taken is not None and taken[0] >= score:
                break
            if state.free(leaf, index):
                taken = score, index
                break
            if taken is None:
                taken = score - _TAKEN, index
        state.choose(leaf, taken[1] if taken else 0)


def _surety(scored: Sequence[tuple[float, int]]) -> float:
    return 9.0 if len(scored) == 1 else scored[0][0] + (scored[0][0] - scored[1][0])
