"""Merge the items that segments gave for one list."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.longdoc.readings import Entry
from structgen.schema import Schema
from structgen.schema.traversal import (
    JsonPath,
    alternatives,
    conjuncts,
    item_schemas,
    member_schemas,
    root_target,
    tuple_schemas,
)

_MAX_DEPTH = 8
_SHARED = 0.5
"""Share of the smaller one's values that two items of the same place have in common."""


@dataclass(frozen=True)
class ListRule:
    """What a schema says about the items of a list together."""

    are_unique: bool = False
    is_tuple: bool = False
    """Whether items have schemas of their own: the list is one value."""


class ListRules:
    """Reads the rules of the lists of a schema."""

    def __init__(self, schema: Schema) -> None:
        self._root, self._target = schema.enforced, root_target(schema.resolve)

    def of(self, path: JsonPath) -> ListRule:
        """Return the rule of the list at a path."""
        schemas = self._applying([self._root])
        for step in path:
            below = item_schemas(schemas, step) if isinstance(step, int) else member_schemas(schemas, step)
            schemas = self._applying(below)
        return ListRule(
            any(each.get("uniqueItems") is True for each in schemas),
            any(tuple_schemas(each) for each in schemas),
        )

    def _applying(self, unread: list[Any]) -> list[dict[str, Any]]:
        schemas = list(conjuncts(unread, self._target, _MAX_DEPTH))
        for schema in list(schemas):
            for branches in alternatives(schema):
                schemas += conjuncts(branches, self._target, _MAX_DEPTH)
        return schemas


def merged_entries(lists: Sequence[Sequence[Entry]], rule: ListRule) -> list[Any]:
    """Return the items of all lists in document order, those of one place once."""
    placed: list[_Placed] = []
    for number, entries in enumerate(lists):
        placed += [_Placed(entry.anchor, number, index, entry) for index, entry in enumerate(entries)]
    placed.sort(key=lambda one: (one.anchor, one.reading, one.index))
    joined = list(_joined(placed))
    values: list[Any] = []
    known: dict[str, int] = {}
    for value in joined:
        identity = _identity(value, rule)
        if identity is not None and identity in known:
            values[known[identity]] = filled(values[known[identity]], value)
            continue
        if identity is not None:
            known[identity] = len(values)
        values.append(value)
    return values


@dataclass
class _Placed:
    anchor: int
    reading: int
    index: int
    entry: Entry


def _joined(placed: Sequence[_Placed]) -> Iterator[Any]:
    """Yield the values, those of different readings at the same place as one: own text goes first."""
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
        value = members[0].entry.value
        for other in members[1:]:
            value = filled(value, other.entry.value)
        yield value


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


def _identity(value: Any, rule: ListRule) -> str | None:
    """Return what an item shares with no other one; None where items may be alike."""
    return json_text.dumps(value) if rule.are_unique else None


def filled(value: Any, other: Any) -> Any:
    """Return a value with the members of another one where it has none, or null."""
    if value is None:
        return other
    if not isinstance(value, dict) or not isinstance(other, dict):
        return value
    both = {name: filled(member, other.get(name)) for name, member in value.items()}
    return both | {name: member for name, member in other.items() if name not in both and member is not None}
