"""The run of a task with lists and a document: whole where it is short, else in segments; with coverage."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from operator import is_not
from typing import Any, Protocol

from structgen.evidence.source import Source
from structgen.longdoc.lists import list_specs
from structgen.longdoc.rows import ListRows
from structgen.strategies.assessment import find_violations
from structgen.strategies.base import Collaborators
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.events import EventSink
from structgen.strategies.result import Result
from structgen.strategies.segmented.account import Account
from structgen.strategies.segmented.asking import Asking
from structgen.strategies.segmented.budget import DEFAULT_ROWS, ReadingBudget, reading_budget
from structgen.strategies.segmented.document_plan import plan_document
from structgen.strategies.segmented.list_check import ListCheck, complete_list
from structgen.strategies.segmented.places import list_at, with_list
from structgen.strategies.segmented.segment_tasks import SegmentTasks
from structgen.strategies.segmented.segmented_run import SegmentedRun
from structgen.strategies.segmented.shortfall import checked_coverage
from structgen.strategies.task import Task
from structgen.types import Coverage


class RunWhole(Protocol):
    """Runs a task with all of its document at once."""

    def __call__(self, task: Task, *, emit: EventSink | None = None) -> Awaitable[Result]:
        """Return the result."""


def has_rows(task: Task) -> bool:
    """Return whether a task may have rows to count: a document, and a schema with lists of objects."""
    whole = task.text_format is None and task.conversation is None and task.document is not None
    return whole and bool(task.schema.memoised(list_specs))


async def run_covered(
    task: Task, collaborators: Collaborators, run: RunWhole, emit: EventSink | None
) -> Result:
    """Run a task for which `has_rows` holds; the result has the coverage of its lists."""
    assert task.document is not None
    source = task.source or Source(task.document)
    try:
        async with asyncio.timeout(seconds_left(task.deadline_at)):
            counts = await collaborators.counter(source, task.schema)
            budget = await reading_budget(task, collaborators)
    except TimeoutError as error:
        raise deadline_exceeded(
            task.limits.deadline, "while the rows of the document were counted"
        ) from error
    if task.n > 1 or _is_short(counts, budget):
        async with task.turn():
            return await _covered(await run(task, emit=emit), task, collaborators, counts, budget, run)
    asking = _asking(task, collaborators, run)
    plan = await asyncio.to_thread(plan_document, source, counts, budget, asking.tasks)
    return await SegmentedRun(task, plan, asking, emit).result()


def _is_short(counts: Mapping[str, ListRows], budget: ReadingBudget) -> bool:
    """Return whether the model reads a document at once: by its length, and the rows of its lists."""
    at_once = budget.segment.rows
    return budget.fits and all(
        (rows.expected or 0) <= (at_once if rows.certain else max(2 * at_once, DEFAULT_ROWS))
        for rows in counts.values()
    )


def _asking(
    task: Task, collaborators: Collaborators, run: RunWhole, account: Account | None = None
) -> Asking:
    keeps = task.delivery is None or task.delivery.keeps
    concurrency = collaborators.engine.capabilities.concurrency
    account = account or Account(task.limits, concurrency, keeps)
    assert task.document is not None
    return Asking(task, task.document, SegmentTasks(task), collaborators, run, account)


async def _covered(
    result: Result,
    task: Task,
    collaborators: Collaborators,
    counts: Mapping[str, ListRows],
    budget: ReadingBudget,
    run: RunWhole,
) -> Result:
    """Return the result of a whole document with the coverage of its lists, and what these lacked."""
    account = Account(task.limits, 1, usage=result.usage)
    asking = _asking(replace(task, turn=nullcontext), collaborators, run, account)
    data: Any = result.data
    coverage: dict[str, Coverage] = {}
    for pointer, rows in counts.items():
        check = ListCheck(rows, list_at(data, pointer), asking.document, budget.segment.rows)
        if not rows.runs and not check.items:
            continue
        items, coverage[pointer] = await complete_list(check, asking, 1, may_ask=task.n == 1)
        if len(items) == len(check.items) and not any(map(is_not, items, check.items)):
            continue
        changed = task.schema.arrange(with_list(data, pointer, items))
        if await find_violations(collaborators.validator, task.schema, changed, task.deadline_at):
            check.found.clear()
            coverage[pointer] = check.coverage(check.items)
        else:
            data = changed
    attempts = (*result.attempts, *account.attempts)
    result = replace(result, data=data, attempts=attempts, usage=account.usage)
    return checked_coverage(result, task, coverage)
