"""The places of an item's leaves: in its row, each in the column of its field."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from structgen.evidence.grounding.placement_chain import in_order
from structgen.evidence.grounding.placement_columns import Columns, position
from structgen.evidence.grounding.placement_groups import ANY, Group
from structgen.evidence.grounding.placement_rows import item_windows
from structgen.evidence.grounding.placement_siblings import Ranges, in_a_row, rows_apart
from structgen.evidence.grounding.placement_state import Placement
from structgen.evidence.grounding.placement_windows import Window
from structgen.schema.traversal import JsonPath

_NEAREST = 8
"""Places on either side of an item that are considered for a leaf that its row does not say."""
_MAX_INSIDE = 64
"""Places in a row that are considered for one leaf: a longer row is a line that has no rows."""
_IN_ROW, _LINE, _COLUMN, _LABEL, _LABEL_BESIDE = 0.6, 0.04, 0.8, 0.6, 0.15
"""Scores of a place: in the row's own lines, per line outside of them, in its column, and with its label.

The label tells less where the column is known: headers may stand above the first row only.
"""
_FREE, _WITHIN = 0.5, 0.8
"""Scores of a place outside of the row: that no leaf has, and that stands below the items inside."""
_FAR, _CHARACTERS = 0.15, 500
"""Greatest cost of the distance to the item's other values in the row; characters for a cost of 1."""
_FEW_ROWS = 2
"""Rows that a column has at least."""
_BY_COLUMNS, _WHOLE, _MOST = 0.75, 0.95, 0.6
"""A table whose rows hold a smaller share of its values is read by columns.

Then, and else, a column is looked for where rows hold at most these shares of its values.
"""


@dataclass(frozen=True, slots=True)
class _Row:
    """The whole lines of a window, and the range up to the items before and after."""

    first: int
    start: int
    end: int
    low: int
    high: int


def place_items(sequence: Sequence[Group], candidates: Sequence[Sequence[Window]], state: Placement) -> None:
    """Choose the places of all leaves of a list's items, and of the items below them."""
    found = item_windows(sequence, candidates, state)
    rows = [_row(position, found, sequence, state) for position in range(len(found))]
    own_rows = ((group.list_path, row) for group, row in zip(sequence, rows, strict=True))
    siblings = rows_apart((path, row.start, row.end) for path, row in own_rows if row is not None)
    _place_columns(sequence, rows, siblings, state)
    learned: dict[JsonPath, Columns] = {}
    for group, row in zip(sequence, rows, strict=True):
        shared = learned.setdefault(group.list_path, Columns())
        own = learned.setdefault(group.path[:-1], Columns(shared))
        if row is not None:
            _learn(group, row, own, state)
    footers = _footers(sequence, rows, state)
    for group, row in zip(sequence, rows, strict=True):
        if row is not None:
            others = siblings[group.list_path]
            _place_in_row(group, row, learned[group.path[:-1]], footers, others, state)
    for index, group in enumerate(sequence):
        _place_elsewhere(index, group, rows, siblings[group.list_path], state)
    state.rows += [(row.start, row.end) for row in rows if row is not None]
    state.rows.sort()


def _row(
    index: int, found: Sequence[Window | None], sequence: Sequence[Group], state: Placement
) -> _Row | None:
    window = found[index]
    if window is None:
        return None
    lines = state.lines
    before = next((one for one in reversed(found[max(0, index - 3) : index]) if one), None)
    after = next((one for one in found[index + 1 : index + 4] if one), None)
    first, last = lines.at(window.start), lines.at(max(window.start, window.end - 1))
    start, end = lines.begin(first), lines.begin(last + 1)
    reach = 3 * len(sequence[index].members) + 3
    low, high = lines.begin(max(0, first - reach)), lines.begin(last + reach + 1)
    if before is not None and before.end <= window.start:
        start, low = max(start, before.end), max(low, before.end)
    if after is not None and after.start >= window.end:
        same = lines.at(after.start) == last
        bound = after.start if same else lines.begin(lines.at(after.start))
        end, high = min(end, bound), min(high, bound)
    return _Row(first, start, end, low, high)


def _place_columns(
    sequence: Sequence[Group],
    rows: Sequence[_Row | None],
    siblings: Mapping[JsonPath, Ranges],
    state: Placement,
) -> None:
    """Place the fields that stand in columns that the source gives one after the other.

    Their values are not in the rows of the others, but in one block, in the order of the items.
    """
    lists: dict[JsonPath, dict[JsonPath, list[tuple[int, bool]]]] = defaultdict(lambda: defaultdict(list))
    for group, row in zip(sequence, rows, strict=True):
        for leaf in group.members:
            name = group.field_of(state.leaves[leaf])
            if state.spots[leaf] and ANY not in name:
                in_row = row is not None and bool(state.spots[leaf].within(row.start, row.end))
                lists[group.list_path][name].append((leaf, in_row))
    for path, fields in lists.items():
        within = [in_row for members in fields.values() for _, in_row in members]
        bound = _WHOLE if sum(within) < _BY_COLUMNS * len(within) else _MOST
        for members in fields.values():
            if len(members) >= _FEW_ROWS and sum(in_row for _, in_row in members) <= bound * len(members):
                in_rows = sum(in_row for _, in_row in members)
                _place_column([leaf for leaf, _ in members], in_rows, siblings[path], state)


def _place_column(members: Sequence[int], in_row: int, siblings: Ranges, state: Placement) -> None:
    """Place the values of one field in a block, if that says clearly more of them than the rows do."""
    known: dict[tuple[int, bool], list[Window]] = {}  # items with one value have the same places
    options = []
    for leaf in members:
        own, is_boolean = state.spots[leaf], isinstance(state.leaves[leaf].value, bool)
        key = id(own), is_boolean
        if key not in known:
            free = [i for i in range(len(own)) if state.free(leaf, i)]
            if is_boolean:
                free = [i for i in free if not in_a_row(siblings, own.starts[i])]
            known[key] = [Window(own.starts[i], own.places[i].end, 1 - own.cost(i)) for i in free]
        options.append(known[key])
    column = in_order(options, len(state.lines.text))
    placed = [window for window in column if window is not None]
    if len(placed) < max(_FEW_ROWS, min(len(members), in_row + 0.25 * len(members))):
        return
    if state.lines.at(placed[-1].start) - state.lines.at(placed[0].start) > 3 * len(members) + 10:
        return
    for leaf, window in zip(members, column, strict=True):
        if window is not None:
            own = state.spots[leaf]
            near = own.within(window.start, window.start + 1)
            state.choose(leaf, next(i for i in near if own.places[i].end == window.end))


def _learn(group: Group, row: _Row, columns: Columns, state: Placement) -> None:
    for leaf in group.members:
        name = group.field_of(state.leaves[leaf])
        if state.chosen[leaf] is None and ANY not in name and columns.wants(name):
            inside = state.spots[leaf].within(row.low, row.high)
            if len(inside) == 1:
                columns.learn(name, position(state.place(leaf, inside[0]), state.lines, row.first))


def _footers(
    sequence: Sequence[Group], rows: Sequence[_Row | None], state: Placement
) -> set[tuple[JsonPath, JsonPath]]:
    """Return the fields of outer items that stand below the items inside, as those of the first one show.

    The footer of one item stands beside the heading of the next one, and is not its.
    """
    footers: set[tuple[JsonPath, JsonPath]] = set()
    seen: set[JsonPath] = set()
    for index, group in enumerate(sequence):
        row = rows[index]
        if group.last == index or group.list_path in seen or row is None:
            continue
        seen.add(group.list_path)
        for leaf in group.members:
            if state.spots[leaf] and not state.spots[leaf].within(row.start, row.high):
                footers.add((group.list_path, group.field_of(state.leaves[leaf])))
    return footers


def _place_in_row(
    group: Group,
    row: _Row,
    columns: Columns,
    footers: set[tuple[JsonPath, JsonPath]],
    siblings: Ranges,
    state: Placement,
) -> None:
    lists: dict[JsonPath, list[int]] = defaultdict(list)
    in_row = [(leaf, state.spots[leaf].within(row.start, row.end)) for leaf in group.members]
    sure = sorted(state.place(leaf, inside[0]).start for leaf, inside in in_row if len(inside) == 1)
    options: dict[int, list[tuple[float, int]]] = {}
    for leaf in group.members:
        name = group.field_of(state.leaves[leaf])
        if state.chosen[leaf] is not None or not state.spots[leaf] or (group.list_path, name) in footers:
            continue
        if ANY in name:
            lists[name].append(leaf)
        elif scored := _options(leaf, name, row, columns, sure, siblings, state):
            options[leaf] = scored
    _assign(options, state)
    for members in lists.values():
        state.choose_in_order(members, row.low, row.high)


def _options(
    leaf: int,
    name: JsonPath,
    row: _Row,
    columns: Columns,
    sure: Sequence[int],
    siblings: Ranges,
    state: Placement,
) -> list[tuple[float, int]]:
    """Return the places of a leaf around its row with their scores, the best one first."""
    spots = state.spots[leaf]
    inside = spots.within(row.start, row.end)
    near: Sequence[int] = spots.within(row.low, row.high)
    if isinstance(state.leaves[leaf].value, bool):
        near = [i for i in near if i in inside or not in_a_row(siblings, spots.starts[i])]
    if len(near) == 1:
        return [(0.0, near[0])]
    label = state.labels.of(state.leaves[leaf])
    last = state.lines.at(max(row.start, row.end - 1))
    scored = []
    for index in near if len(near) <= _NEAREST or not inside else inside[:_MAX_INSIDE]:
        place = spots.places[index]
        where = position(place, state.lines, row.first)
        line = spots.lines(state.lines)[index]
        score = _IN_ROW if index in inside else -_LINE * max(row.first - line, line - last)
        score += _COLUMN * columns.agreement(name, where) - spots.cost(index)
        score += (_LABEL_BESIDE if columns.knows(name) else _LABEL) * state.labels.beside(label, place, line)
        if sure:
            after = bisect_left(sure, place.start)
            distance = min(abs(place.start - other) for other in sure[max(0, after - 1) : after + 1])
            score -= min(_FAR, distance / _CHARACTERS)
        scored.append((round(score, 6), index))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def _assign(options: dict[int, list[tuple[float, int]]], state: Placement) -> None:
    """Give each leaf its best place that is free, those first whose second best is far worse."""

    def margin(scored: Sequence[tuple[float, int]]) -> float:
        return scored[0][0] - scored[1][0] if len(scored) > 1 else 9.0

    holders: dict[tuple[int, int], int] = {}
    for leaf in sorted(options, key=lambda one: (-round(margin(options[one]), 3), one)):
        free = [index for _, index in options[leaf] if state.free(leaf, index)]
        if not free:
            best = state.place(leaf, options[leaf][0][1])
            holder = holders.get((best.start, best.end))
            others = [i for _, i in options[holder] if state.free(holder, i)] if holder is not None else []
            if holder is not None and others:
                state.choose(holder, others[0])
            free = [options[leaf][0][1]]
        state.choose(leaf, free[0])
        taken = state.place(leaf, free[0])
        holders[taken.start, taken.end] = leaf


def _place_elsewhere(
    index: int,
    group: Group,
    rows: Sequence[_Row | None],
    siblings: Ranges,
    state: Placement,
) -> None:
    """Place the leaves that the row does not say: below the items inside, or as near as possible.

    A boolean in the row of another item says nothing of this one.
    """
    home = next((row for row in (rows[index], *rows[max(0, index - 3) : index]) if row is not None), None)
    inner = rows[group.last]
    following = rows[group.last + 1] if group.last + 1 < len(rows) else None
    at = home.start if inner is None and home else inner.end if inner else 0
    bound = len(state.lines.text) + 1 if following is None else following.end
    line = state.lines.at(at)
    for leaf in group.members:
        spots = state.spots[leaf]
        if state.chosen[leaf] is not None or not spots:
            continue
        label = state.labels.of(state.leaves[leaf])
        scored = []
        for spot in spots.nearest(at, _NEAREST):
            place, number = spots.places[spot], spots.lines(state.lines)[spot]
            if isinstance(state.leaves[leaf].value, bool) and in_a_row(siblings, place.start):
                continue
            distance = abs(number - line)
            score = state.labels.beside(label, place, number) - spots.costs[spot]
            score -= 0.3 * distance / (distance + 20)
            score += _FREE if state.free(leaf, spot) else 0.0
            score += _WITHIN if group.last > index and at <= place.start < bound else 0.0
            scored.append((score, -spot))
        if scored:
            state.choose(leaf, -max(scored)[1])
