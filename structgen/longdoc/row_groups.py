"""Groups of rows: the items of a list whose items have lists of their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from structgen.longdoc.group_columns import column_groups
from structgen.longdoc.group_heads import head_groups
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.leaf_lists import LeafList
from structgen.longdoc.leftovers import has_leftovers
from structgen.longdoc.list_matching import Matcher
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import RowNeeds
from structgen.longdoc.run_choice import Choice, apart, choose
from structgen.longdoc.sections import section_end

MAX_COMPARED = 40
"""Runs that are compared with each other."""


@dataclass(frozen=True)
class LeafRows:
    """The rows of an innermost list in the whole text, whatever group they are of."""

    leaf: LeafList
    spec: ListSpec
    """The list as its rows have it: with or without what they say of their group."""
    choice: Choice

    @property
    def runs(self) -> list[LineRun]:
        """The runs that have rows."""
        return [run for _, run in self.choice.runs if run.starts]

    @property
    def is_sure(self) -> bool:
        """Whether the runs can be no other list's."""
        return bool(self.runs) and all(found.is_sure for found, _ in self.choice.runs)


@dataclass(frozen=True)
class Groups:
    """The groups of a list, as runs of those that are read with the same header."""

    runs: tuple[LineRun, ...]
    is_certain: bool

    @property
    def starts(self) -> frozenset[int]:
        """The lines that groups begin with."""
        return frozenset(start for run in self.runs for start in run.starts)

    @property
    def size(self) -> int:
        """The number of groups."""
        return sum(len(run.starts) for run in self.runs)


def leaf_rows(matcher: Matcher, runs: Sequence[LineRun], leaf: LeafList) -> LeafRows:
    """Return the rows of an innermost list: by its own fields, or with those of the lists above."""
    innermost = _without_enclosing(matcher, runs, leaf.spec)
    found, chosen = [], apart(matcher, innermost, [leaf.spec, leaf.whole])
    for spec in (leaf.spec, leaf.whole):
        rows = LeafRows(leaf, spec, choose(matcher, chosen, spec, ()))
        if rows.is_sure:
            return rows
        found.append(rows)
    return max(found, key=lambda rows: sum(len(run.starts) for run in rows.runs))


def _without_enclosing(matcher: Matcher, runs: Sequence[LineRun], spec: ListSpec) -> list[LineRun]:
    """Return the runs without those of entries that have the rows of a list below their first lines."""
    sure = [run for run in runs if run.starts and matcher.match(run, spec).is_sure][:MAX_COMPARED]
    enclosing = {
        id(outer)
        for outer in runs
        for inner in sure
        if outer.kind != "table"
        and sum(outer.stops) - sum(outer.starts) > len(outer.starts)
        and len(inner.starts) >= len(outer.starts)
        and outer.first <= inner.first
        and inner.stop <= outer.stop
        and set(outer.starts).isdisjoint(inner.starts)
    }
    return [run for run in runs if id(run) not in enclosing]


def groups_of(lines: Lines, rows: LeafRows, furniture: Collection[int]) -> Groups | None:
    """Return the groups of rows: by columns that say the group, or by lines above the rows of each group."""
    runs = rows.runs
    if not runs:
        return None
    starts = [start for run in runs for start in run.starts]
    if (by_column := column_groups(lines, runs, rows.leaf)) is not None:
        heads, is_certain = [starts[at] for at in by_column.starts], by_column.is_certain
        used: list[int] = []
        end = runs[-1].stops[-1]
    else:
        needs = RowNeeds.of(rows.leaf.spec)
        by_head = head_groups(lines, runs, furniture, needs, rows.leaf.depth - _levels_in_columns(rows))
        if by_head is None:
            return None
        heads, is_certain, used = list(by_head.heads), by_head.is_certain, sorted(by_head.lines)
        end = section_end(lines, runs, heads[-1])
    is_certain = is_certain and _are_rows(lines, rows, used, by_head=by_column is None)
    if is_certain:
        is_certain = not has_leftovers(lines, rows.spec, runs, [_lines_run(used)] if used else [], furniture)
    return Groups(tuple(_runs(runs, [*heads, end])), is_certain)


def _are_rows(lines: Lines, rows: LeafRows, heads: Sequence[int], *, by_head: bool) -> bool:
    """Return whether the rows are certain. Below heads, how many lines a row has says nothing."""
    if not rows.is_sure or rows.choice.is_contested:
        return False
    needs = RowNeeds.of(rows.leaf.spec)
    return rows.choice.is_certain() or (
        by_head
        and needs.values > 0
        and all(set(run.doubts).issubset(heads) for run in rows.runs)
        and all(needs.hold(lines[start]) for run in rows.runs for start in run.starts)
    )


def _levels_in_columns(rows: LeafRows) -> int:
    """Return how many of the lists above are told by columns of the rows; of these the innermost ones."""
    return 0 if rows.spec is rows.leaf.spec else rows.leaf.depth - 1


def _lines_run(used: Sequence[int]) -> LineRun:
    run = LineRun("entries", used[0], used[-1] + 1, kind="section")
    for at in used:
        run.add(at, at + 1)
    return run


def _runs(inner: Sequence[LineRun], bounds: Sequence[int]) -> list[LineRun]:
    """Return the groups between bounds; those below a header that they do not have are read with it."""
    lasts = [run.starts[-1] for run in inner]
    found: list[LineRun] = []
    for start, stop in pairwise(bounds):
        table = inner[min(bisect_left(lasts, start), len(inner) - 1)]
        header = table.header if table.header and table.header[0] < start else None
        if not found or found[-1].header != header:
            found.append(LineRun(table.basis, start, stop, header=header, kind="section"))
        found[-1].add(start, max(stop, start + 1))
        found[-1].stop = found[-1].stops[-1]
    return found
