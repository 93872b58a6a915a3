"""The lists inside of the items of a list, checked together against the rows of all of them."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from structgen import json_text
from structgen.longdoc.claims import claim
from structgen.longdoc.row_owners import row_owners
from structgen.longdoc.rows import InnerRows, ListRows
from structgen.longdoc.segments import Segment
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.led_by_items import led_by_items
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_completion import complete_list
from structgen.strategies.segmented.list_result import entries_of
from structgen.strategies.segmented.places import list_at, with_list
from structgen.strategies.segmented.segment_tasks import SegmentTasks, list_derivations, section_task
from structgen.types import Coverage, Span

MAX_HOLDERS = 20_000
"""Items with lists that are checked together."""
MAX_STRAYS = 1_000
"""Items outside of their sections that are moved; more of them are another order."""


@dataclass(frozen=True)
class Holder:
    """An item that has a list of its own."""

    pointer: str
    """The pointer of its list in the document's value."""
    value: Any


async def completed(
    rows: ListRows, items: Sequence[Any], asking: Asking, at_once: int, number: int, *, may_ask: bool = True
) -> tuple[list[Any], dict[str, Coverage]]:
    """Return the items of a list with what the lists inside of them lacked, and the coverage of these.

    The rows of all of these lists are known from the text, as far as it shows them, but not what group each
    is of: a row that no item comes from is added to the list whose rows stand around it.
    """
    whole, coverage = list(items), dict[str, Coverage]()
    for inner in rows.inner:
        leaf = await leaf_asking(asking, rows.pointer, inner.path)
        found = holders(rows.pointer, whole, inner.path)
        if leaf is None or not 0 < len(found) <= MAX_HOLDERS:
            continue
        lists, own = await _completed(inner, found, leaf, at_once, number, may_ask)
        coverage |= own
        left = iter(lists)
        whole = [_with_lists(item, inner.path, left) for item in whole]
    return whole, coverage


async def leaf_asking(asking: Asking, pointer: str, path: Sequence[str]) -> Asking | None:
    """Return what asks for rows of a list inside of items; None where it cannot be asked for alone."""
    for at in (pointer, *path[:-1]):
        await asking.tasks.prepare(*list_derivations(at))
        schema = await asyncio.to_thread(asking.tasks.item_schema, at)
        if schema is None:
            return None
        task = section_task(asking.task, asking.document, schema)
        tasks = SegmentTasks(task, asking.tasks.derive)
        asking = replace(asking, task=task, tasks=tasks, _texts={})
    return asking


def holders(pointer: str, items: Sequence[Any], path: Sequence[str]) -> list[Holder]:
    """Return the items that have the innermost lists of a path."""
    found = [Holder(f"{pointer}/{index}{path[0]}", item) for index, item in enumerate(items)]
    for outer, inner in pairwise(path):
        found = [
            Holder(f"{each.pointer}/{index}{inner}", item)
            for each in found
            for index, item in enumerate(list_at(each.value, outer))
        ]
    return found


def _with_lists(value: Any, path: Sequence[str], lists: Iterator[list[Any]]) -> Any:
    """Return an item with the next lists in place of its innermost ones."""
    before = list_at(value, path[0])
    after = [_with_lists(item, path[1:], lists) for item in before] if path[1:] else next(lists)
    same = len(after) == len(before) and all(map(lambda one, other: one is other, after, before))
    return value if same else with_list(value, path[0], after)


async def _completed(
    inner: InnerRows, found: Sequence[Holder], asking: Asking, at_once: int, number: int, may_ask: bool
) -> tuple[list[list[Any]], dict[str, Coverage]]:
    pointer = inner.path[-1]
    lists = [list_at(each.value, pointer) for each in found]
    owner_of = [owner for owner, items in enumerate(lists) for _ in items]
    flat = [item for items in lists for item in items]
    check = await led_by_items(
        replace(inner.rows, pointer=pointer), with_list(None, pointer, flat), asking, at_once
    )
    if not check.spans:
        pairs = zip(found, lists, strict=True)
        return lists, {each.pointer: Coverage(None, len(items)) for each, items in pairs}
    items, whole = await complete_list(check, asking, number, may_ask=may_ask)
    return await asyncio.to_thread(_parted, check, found, items, owner_of, whole)


def _parted(
    check: ListCheck, found: Sequence[Holder], items: Sequence[Any], owner_of: Sequence[int], whole: Coverage
) -> tuple[list[list[Any]], dict[str, Coverage]]:
    """Return the list of each owner, and its coverage, from the items of all of them.

    `owner_of` has the owners of the items that the model wrote.
    """
    claimed = {row: owner_of[index] for index, row in enumerate(check.claims.row_of) if row is not None}
    owners, are_said = row_owners(check.document, check.spans, [each.value for each in found], claimed)
    counts = Counter(json_text.dumps(item) for item in items)
    texts = Counter(check.document[span.start : span.end] for span in check.spans)
    numbers: list[list[int]] = [[] for _ in found]
    ordered: list[list[int]] = [[] for _ in found]
    elsewhere = set[int]()
    for number, entry in enumerate(entries_of(check, items)):
        row = entry.row
        if entry.index is None:
            assert row is not None
            owner = claimed.get(row, owners[row])  # what is asked for again keeps its owner
            at = bisect_right(ordered[owner], row)
        else:
            owner = owner_of[entry.index]
            at = len(numbers[owner])
            if are_said and row is not None and owners[row] != owner:
                span = check.spans[row]
                is_alone = texts[check.document[span.start : span.end]] == 1
                elsewhere |= {number} if is_alone and counts[json_text.dumps(entry.item)] == 1 else set()
        last = ordered[owner][at - 1] if at else -1
        numbers[owner].insert(at, number)
        ordered[owner].insert(at, last if row is None else row)
    lists = [[items[number] for number in own] for own in numbers]
    return lists, _coverages(check, found, numbers, owners, whole, elsewhere)


def _coverages(
    check: ListCheck,
    found: Sequence[Holder],
    numbers: Sequence[Sequence[int]],
    owners: Sequence[int],
    whole: Coverage,
    elsewhere: Set[int],
) -> dict[str, Coverage]:
    """Return the coverage of each owner's list, which has the items of these numbers of all of them."""
    expected = Counter(owners)
    unclaimed: defaultdict[int, list[Span]] = defaultdict(list)
    for row in check.missing():
        unclaimed[owners[row]].append(check.spans[row])
    place = {number: (owner, at) for owner, own in enumerate(numbers) for at, number in enumerate(own)}
    unsupported: defaultdict[int, list[str]] = defaultdict(list)
    start = len(check.rows.pointer) + 1
    told = [pointer[start:].partition("/") for pointer in whole.unsupported]
    for index, slash, member in [*told, *((str(number), "", "") for number in sorted(elsewhere))]:
        owner, at = place[int(index)]
        unsupported[owner].append(f"{found[owner].pointer}/{at}{slash}{member}")
    return {
        each.pointer: Coverage(
            expected[owner],
            len(own),
            tuple(unclaimed[owner]),
            check.rows.basis,
            unsupported=tuple(dict.fromkeys(unsupported[owner])),
        )
        for owner, (each, own) in enumerate(zip(found, numbers, strict=True))
    }


def in_their_sections(
    check: ListCheck, items: Sequence[Any], rows: Sequence[int | None], inner: InnerRows, asking: Asking
) -> list[Any]:
    """Return items whose lists have the rows of their own sections: an item from another section goes there.

    Only items without a row in their own section are moved, to a section that has a row without an item.
    """
    [pointer] = inner.path
    schema = asking.tasks.item_schema(pointer)
    owner_of = {row: index for index, row in enumerate(rows) if row is not None}
    starts = [span.start for span in check.spans]
    spans: list[list[Span]] = [[] for _ in items]
    for run in inner.rows.runs:
        for row in run.rows:
            owner = owner_of.get(bisect_right(starts, row.start) - 1)
            if owner is not None:
                spans[owner].append(row)
    lists = [list(list_at(item, pointer)) for item in items]
    if [len(each) for each in lists] == [len(each) for each in spans]:
        return list(items)
    strays: list[tuple[int, Any]] = []
    free: list[tuple[Span, int]] = []
    for owner, (own, within) in enumerate(zip(lists, spans, strict=True)):
        row_of = _claimed(own, within, check.document, schema)
        strays += [(owner, item) for item, row in zip(own, row_of, strict=True) if row is None]
        taken = set(row_of)
        free += [(row, owner) for number, row in enumerate(within) if number not in taken]
    if not free or not 0 < len(strays) <= MAX_STRAYS:
        return list(items)
    moved = _claimed([item for _, item in strays], [row for row, _ in free], check.document, schema)
    changed = set[int]()
    for (owner, item), number in zip(strays, moved, strict=True):
        if number is not None and free[number][1] != owner:
            row, target = free[number]
            lists[owner] = [one for one in lists[owner] if one is not item]
            before = sum(other.start < row.start for other in spans[target])
            lists[target].insert(before, item)
            changed |= {owner, target}
    return [
        with_list(item, pointer, lists[owner]) if owner in changed else item
        for owner, item in enumerate(items)
    ]


def _claimed(items: Sequence[Any], rows: Sequence[Span], document: str, schema: Any) -> list[int | None]:
    if not items or not rows:
        return [None] * len(items)
    segment = Segment(tuple(rows), rows=tuple(rows))
    return claim(items, segment.rows_in_text, segment.text(document), schema).row_of
