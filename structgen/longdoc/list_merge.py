"""Merge the items that segments gave for one list."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.longdoc.item_joining import JoinedItems
from structgen.longdoc.list_rules import ListRule
from structgen.longdoc.readings import Entry

_SHARED = 0.5
"""Share of the smaller one's values that two items of the same place have in common."""


def add_entries(lists: Sequence[Sequence[Entry]], joined: JoinedItems, rule: ListRule) -> None:
    """Add the items of all lists in document order, those of one place once."""
    placed: list[_Placed] = []
    for number, entries in enumerate(lists):
        placed += [_Placed(entry.anchor, number, index, entry) for index, entry in enumerate(entries)]
    placed.sort(key=lambda one: (one.anchor, one.reading, one.index))
    for value, entry in _joined(placed, rule):
        joined.add(value, entry.place)


@dataclass
class _Placed:
    anchor: int
    reading: int
    index: int
    entry: Entry


def _joined(placed: Sequence[_Placed], rule: ListRule) -> Iterator[tuple[Any, Entry]]:
    """Yield the values, those of different readings at the same place as one: own text goes first.

    Items of one place with the same key are not joined here: their different values are a conflict.
    """
    by_range: dict[tuple[int, int], list[int]] = {}
    rows: list[tuple[int, int, int]] = []
    groups: list[list[_Placed]] = []
    for one in placed:
        group = _group_of(one, groups, by_range, rows)
        if group is None:
            group = len(groups)
            groups.append([])
        groups[group].append(one)
        for span in one.entry.ranges:
            by_range.setdefault(span, []).append(group)
            if one.entry.is_row and (not rows or rows[-1][:2] != span):
                rows.append((*span, group))
    for members in groups:
        members.sort(key=lambda one: (not one.entry.is_own, one.reading))
        first = members[0].entry
        value, of_one_key = first.value, []
        for other in members[1:]:
            same_key = rule.key and rule.identity(value) == rule.identity(other.entry.value)
            if same_key and rule.identity(value) is not None:
                of_one_key.append(other.entry)
            else:
                value = filled(value, other.entry.value)
        yield value, first
        yield from ((entry.value, entry) for entry in of_one_key)


def _group_of(
    one: _Placed,
    groups: Sequence[Sequence[_Placed]],
    by_range: dict[tuple[int, int], list[int]],
    rows: Sequence[tuple[int, int, int]],
) -> int | None:
    """Return the group of another reading that stands at the same place."""
    candidates = {group for span in one.entry.ranges for group in by_range.get(span, ())[-8:]}
    at = bisect_left(rows, (one.anchor + 1,)) - 1
    if at >= 0 and rows[at][1] > one.anchor:
        candidates.add(rows[at][2])
    for group in sorted(candidates):
        if all(
            other.reading != one.reading and _same_place(one.entry, other.entry) for other in groups[group]
        ):
            return group
    return None


def _same_place(one: Entry, other: Entry) -> bool:
    if one.is_row or other.is_row:
        row, entry = (one, other) if one.is_row else (other, one)
        start, end = next(iter(row.ranges))
        if entry.is_row:
            return entry.ranges == row.ranges
        inside = sum(start <= low < end for low, _ in entry.ranges)
        return bool(entry.ranges) and inside >= _SHARED * len(entry.ranges)
    fewer = min(len(one.ranges), len(other.ranges))
    return fewer > 0 and len(one.ranges & other.ranges) >= _SHARED * fewer


def filled(value: Any, other: Any) -> Any:
    """Return a value with the members of another one where it has none, or null."""
    if value is None:
        return other
    if not isinstance(value, dict) or not isinstance(other, dict):
        return value
    both = {name: filled(member, other.get(name)) for name, member in value.items()}
    return both | {name: member for name, member in other.items() if name not in both and member is not None}
