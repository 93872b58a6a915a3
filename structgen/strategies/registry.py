"""The strategies by name: the one place that picks the strategy of a task."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from structgen.engines.base import Engine
from structgen.schema import Schema
from structgen.strategies.absent_members import with_absent
from structgen.strategies.auto import Auto
from structgen.strategies.base import Collaborators, Strategy
from structgen.strategies.constrained import Constrained
from structgen.strategies.events import EventSink
from structgen.strategies.free_then_repair import FreeThenRepair
from structgen.strategies.further_readings import with_evidence
from structgen.strategies.item_delivery import run_with_items, with_delivered_named
from structgen.strategies.plain_text import PlainText
from structgen.strategies.result import Result
from structgen.strategies.segmented.covered_run import has_rows, run_covered
from structgen.strategies.task import Task

PLAIN_TEXT: Strategy = PlainText()
"""Runs tasks with a text format, whatever their strategy."""
STRATEGIES: dict[str, Strategy] = {
    "constrained": Constrained(),
    "repair": FreeThenRepair(),
    "auto": Auto(),
}

_Run = Callable[..., Awaitable[Result]]


async def compile_grammar(task: Task, engine: Engine) -> Schema | None:
    """Compile the task's grammar ahead of its run; None where its strategy compiles none beforehand."""
    return await _strategy(task).compile(task, engine)


async def run(task: Task, collaborators: Collaborators, emit: EventSink | None = None) -> Result:
    """Run a task under the strategy that it names, or as plain text.

    A task with lists and a document has the coverage of the lists; a long document is read in
    segments, each in a turn of its own at the engine.
    """
    task = task.started()
    if task.delivery is None or emit is None:
        return await _run_started(task, collaborators, emit)
    return await with_delivered_named(partial(_run_started, task, collaborators), emit)


async def _run_started(task: Task, collaborators: Collaborators, emit: EventSink | None) -> Result:
    if not has_rows(task):
        async with task.turn():
            result = await _run(task, collaborators, emit)
            return await _finished(result, task, collaborators, _run)
    result = await _run_covered(task, collaborators, emit)
    return await _finished(result, task, collaborators, _run_covered)


async def _finished(result: Result, task: Task, collaborators: Collaborators, run: _Run) -> Result:
    """Return a result with its evidence and its absent members, where the task asks for them."""
    if task.evidence is not None:
        run_again = partial(run, collaborators=collaborators)
        result = await with_evidence(result, task, collaborators, run_again)
    return with_absent(result, task)


async def _run_covered(task: Task, collaborators: Collaborators, emit: EventSink | None = None) -> Result:
    return await run_covered(task, collaborators, partial(_run, collaborators=collaborators), emit)


async def _run(task: Task, collaborators: Collaborators, emit: EventSink | None = None) -> Result:
    strategy = _strategy(task)
    if task.delivery is None or emit is None:
        return await strategy.run(task, collaborators, emit)
    run_once = partial(strategy.run, task, collaborators)
    return await run_with_items(run_once, task.delivery, collaborators.validator, emit)


def _strategy(task: Task) -> Strategy:
    return STRATEGIES[task.strategy] if task.text_format is None else PLAIN_TEXT
