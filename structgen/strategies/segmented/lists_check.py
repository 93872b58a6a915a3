"""Check all lists of a value that the model wrote whole, those inside of the items of a list included."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from operator import is_not
from typing import Any

from structgen.evidence.source import Source
from structgen.longdoc.lists import list_specs, object_lists
from structgen.longdoc.rows import ListRows
from structgen.longdoc.section_rows import SectionRows
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.strategies.assessment import find_violations
from structgen.strategies.base import Collaborators
from structgen.strategies.segmented.account import Account
from structgen.strategies.segmented.asking import Asking, RunTask
from structgen.strategies.segmented.check_warnings import check_warnings
from structgen.strategies.segmented.inner_lists import completed, in_their_sections, leaf_asking
from structgen.strategies.segmented.led_by_items import led_by_items
from structgen.strategies.segmented.list_check import ListCheck
from structgen.strategies.segmented.list_completion import complete_list
from structgen.strategies.segmented.list_coverage import list_coverage
from structgen.strategies.segmented.list_result import rows_of
from structgen.strategies.segmented.places import list_at, with_list
from structgen.strategies.segmented.segment_tasks import SegmentTasks, section_task
from structgen.strategies.segmented.shortfall import list_warnings
from structgen.strategies.task import Task
from structgen.types import Coverage, Diagnostic

Covered = tuple[Any, dict[str, Coverage]]
"""A value, and the coverage of its lists by their pointers."""


@dataclass(frozen=True)
class ListsCheck:
    """Checks lists against the rows of a document, and asks for what they lack."""

    collaborators: Collaborators
    run: RunTask
    account: Account
    at_once: int
    """Rows that the model reads at once."""
    may_ask: bool = True
    warnings: list[Diagnostic] = field(default_factory=list)

    async def covered(self, data: Any, task: Task, counts: Mapping[str, ListRows]) -> Covered:
        """Return a task's value with what its lists lacked, as far as a few askings give it."""
        assert task.document is not None
        tasks, coverage = SegmentTasks(task, self.collaborators.deriver), {}
        asking = Asking(task, task.document, tasks, self.collaborators, self.run, self.account)
        for pointer, rows in counts.items():
            check = await led_by_items(rows, data, asking, self.at_once)
            rows = check.rows
            if not rows.runs and not check.items and not rows.stated:
                coverage[pointer] = list_coverage(check, [])
                continue
            items, coverage[pointer] = await complete_list(check, asking, 1, may_ask=self.may_ask)
            item_schema = await asyncio.to_thread(tasks.item_schema, pointer)
            if rows.certain and item_schema is not None and item_schema.memoised(object_lists):
                items, inner = await self._sections(check, items, asking, item_schema)
                coverage |= inner
            elif counts[pointer].inner:
                items, inner = await completed(
                    counts[pointer], items, asking, self.at_once, 1, may_ask=self.may_ask
                )
                coverage |= inner
            changed = await self._changed(data, pointer, items, task)
            if changed is None:
                check.found.clear()
                coverage[pointer] = list_coverage(check, check.items)
            else:
                data = changed
                self.warnings.extend(check_warnings(check))
            own, items = coverage[pointer], list_at(data, pointer)
            self.warnings.extend(list_warnings(task.document, rows, items, own))
        return data, coverage

    async def _changed(self, data: Any, pointer: str, items: list[Any], task: Task) -> Any:
        """Return the value with other items of a list; None where the schema does not allow them."""
        before = list_at(data, pointer)
        if len(items) == len(before) and not any(map(is_not, items, before)):
            return data
        changed = task.schema.arrange(with_list(data, pointer, items))
        violations = await find_violations(
            self.collaborators.validator, task.schema, changed, task.deadline_at
        )
        return None if violations else changed

    async def _sections(
        self, check: ListCheck, items: list[Any], asking: Asking, item_schema: Schema
    ) -> tuple[list[Any], dict[str, Coverage]]:
        """Return items whose own lists are checked against the sections that the items come from."""
        coverage: dict[str, Coverage] = {}
        checked, rows, task = [], rows_of(check, items), asking.task
        known = SectionRows(check.rows)
        for each in check.rows.inner:
            leaf = await leaf_asking(asking, check.rows.pointer, each.path) if len(each.path) == 1 else None
            if leaf is not None:
                items = await asyncio.to_thread(in_their_sections, check, items, rows, each, leaf)
        for index, (item, row) in enumerate(zip(items, rows, strict=True)):
            if row is not None:
                section = Segment((check.spans[row],), check.runs[row].context)
                item_task = section_task(task, section.text(check.document), item_schema)
                assert item_task.document is not None
                source = Source(item_task.document)
                counts = await task_rows(source, item_task, self.collaborators, known.of(section))
                item, inner = await self.covered(item, item_task, counts)
                coverage |= placed(inner, f"{check.rows.pointer}/{index}", section)
            checked.append(item)
        return checked, coverage


async def task_rows(
    source: Source, task: Task, collaborators: Collaborators, known: Mapping[str, ListRows] | None
) -> Mapping[str, ListRows]:
    """Return the rows of a task's lists: those that are known, and the others counted."""
    known = known or {}
    if all(spec.pointer in known for spec in task.schema.memoised(list_specs)):
        return known
    return {**await collaborators.counter(source, task.schema), **known}


def placed(coverage: Mapping[str, Coverage], pointer: str, section: Segment) -> dict[str, Coverage]:
    """Return the coverage of an item's lists with pointers and places of the whole document."""

    def moved(each: Coverage) -> Coverage:
        spans = (
            replace(span, start=section.offset(span.start), end=section.offset(span.end - 1) + 1)
            for span in each.unclaimed
        )
        unsupported = tuple(pointer + at for at in each.unsupported)
        return replace(each, unclaimed=tuple(spans), unsupported=unsupported)

    return {pointer + at: moved(each) for at, each in coverage.items()}
