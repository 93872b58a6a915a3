"""The run of a task with lists and a document: whole where it is short, else in segments; with coverage."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Protocol

from structgen.errors import StructgenError
from structgen.evidence.source import Source
from structgen.longdoc.lists import list_specs, object_lists
from structgen.longdoc.rows import ListRows
from structgen.longdoc.section_rows import SectionRows
from structgen.longdoc.segments import Segment
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.events import EventSink
from structgen.strategies.final_error import with_account
from structgen.strategies.result import Result
from structgen.strategies.segmented.account import Account
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.budget import (
    DEFAULT_ROWS,
    ReadingBudget,
    reading_budget,
    with_room_for_rows,
)
from structgen.strategies.segmented.document_plan import plan_document
from structgen.strategies.segmented.lists_check import ListsCheck, task_rows
from structgen.strategies.segmented.segment_tasks import SegmentTasks, list_derivations
from structgen.strategies.segmented.segmented_run import SegmentedRun
from structgen.strategies.segmented.shortfall import checked_coverage
from structgen.strategies.segmented.within_deadline import within_deadline
from structgen.strategies.task import Task


class RunWhole(Protocol):
    """Runs a task with all of its document at once."""

    def __call__(self, task: Task, *, emit: EventSink | None = None) -> Awaitable[Result]:
        """Return the result."""


def has_rows(task: Task) -> bool:
    """Return whether a task may have rows to count: a document, and a schema with lists."""
    whole = task.text_format is None and task.conversation is None and task.document is not None
    return whole and bool(task.schema.memoised(list_specs))


async def run_covered(
    task: Task,
    collaborators: Collaborators,
    run: RunWhole,
    emit: EventSink | None,
    known: Mapping[str, ListRows] | None = None,
) -> Result:
    """Run a task for which `has_rows` holds; the result has the coverage of its lists.

    `known` has rows that need no counting, by the pointers of their lists.
    """
    assert task.document is not None
    source = task.source or Source(task.document)
    try:
        async with asyncio.timeout(seconds_left(task.deadline_at)):
            counts = await task_rows(source, task, collaborators, known)
            task = with_room_for_rows(task, counts, collaborators)
            tasks = SegmentTasks(task, collaborators.deriver)
            budget = await reading_budget(task, collaborators)
            is_short = task.n > 1 or await _is_short(tasks, counts, budget, collaborators)
    except TimeoutError as error:
        raise deadline_exceeded(
            task.limits.deadline, "while the rows of the document were counted"
        ) from error
    if is_short:
        async with task.turn():
            result = await run(task, emit=emit)
            account = Account(task.limits, 1, usage=result.usage)
            check = ListsCheck(collaborators, run, account, budget.segment.rows, may_ask=task.n == 1)
            return await _covered(result, replace(task, turn=nullcontext), check, counts)
    keeps = task.delivery is None or task.delivery.keeps
    account = Account(task.limits, collaborators.engine.capabilities.concurrency, keeps)
    asking = Asking(task, source.text, tasks, collaborators, run, account)
    plan = await plan_document(source, counts, budget, tasks)
    run_section = partial(run_section_of, run)
    return await SegmentedRun(task, plan, asking, emit, run_section).result()


async def run_section_of(
    run: RunWhole, task: Task, collaborators: Collaborators, known: Mapping[str, ListRows]
) -> Result:
    """Run the task of a section, which may have no rows of its own."""
    if has_rows(task):
        return await run_covered(task, collaborators, run, None, known)
    async with task.turn():
        return await run(task)


async def _is_short(
    tasks: SegmentTasks,
    counts: Mapping[str, ListRows],
    budget: ReadingBudget,
    collaborators: Collaborators,
) -> bool:
    """Return whether a document is read at once: for its length, and the rows of its lists."""
    at_once = budget.segment.rows
    few = budget.fits and all(
        (rows.expected or 0) <= (at_once if rows.certain else max(2 * at_once, DEFAULT_ROWS))
        for rows in counts.values()
    )
    if not few:
        return False
    inner = [await _inner_rows(tasks, rows, collaborators) for rows in counts.values() if rows.certain]
    return sum(inner) <= at_once


async def _inner_rows(tasks: SegmentTasks, rows: ListRows, collaborators: Collaborators) -> int:
    """Return the number of rows in the sections of a list whose items have lists of their own."""
    await tasks.prepare(*list_derivations(rows.pointer))
    if known := SectionRows(rows).number:
        return known
    item_schema = tasks.item_schema(rows.pointer)
    document = tasks.task.document
    if item_schema is None or document is None or not item_schema.memoised(object_lists):
        return 0
    total = 0
    for run in rows.runs:
        for row in run.rows:
            section = Source(Segment((row,), run.context).text(document))
            counts = await collaborators.counter(section, item_schema)
            total += sum(each.expected or 0 for each in counts.values() if each.certain)
    return total


async def _covered(result: Result, task: Task, check: ListsCheck, counts: Mapping[str, ListRows]) -> Result:
    """Return the result of a whole document with the coverage of its lists, and what these lacked."""
    try:
        async with within_deadline(task):
            data, coverage = await check.covered(result.data, task, counts)
    except StructgenError as error:
        attempts = (*result.attempts, *check.account.attempts)
        raise with_account(error, attempts, check.account.usage) from error
    attempts = (*result.attempts, *check.account.attempts)
    warnings = (*result.warnings, *check.warnings)
    usage = check.account.usage
    result = replace(result, data=data, attempts=attempts, usage=usage, warnings=warnings)
    return checked_coverage(result, task, coverage)
