"""Best of n: several runs of a task at once, the first valid answer by index is the data."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from structgen.errors import GenerationError, Incomplete, StructgenError, Unsatisfied
from structgen.strategies.base import Collaborators
from structgen.strategies.events import EventSink
from structgen.strategies.final_error import with_account
from structgen.strategies.result import Candidate, Result
from structgen.strategies.task import Task
from structgen.types import Limits, Sampling, Usage, Violation

R = TypeVar("R")
S = TypeVar("S", bound=Sampling)

RunOnce = Callable[[Task, Collaborators, EventSink | None], Awaitable[Result]]
"""Runs one chain of attempts at a task with `n` = 1."""


async def best_of_n(
    task: Task, collaborators: Collaborators, run_once: RunOnce, emit: EventSink | None
) -> Result:
    """Run a task once, or `n` times at once; several runs emit no events.

    Seeds count up from the task's, and the runs share its tokens. The error of a run is in its candidate,
    unless all fail.
    """
    if task.n == 1:
        return await run_once(task, collaborators, emit)
    runs = [
        asyncio.ensure_future(
            result_or_error(
                run_once(replace(task, n=1, sampling=sampling, limits=limits), collaborators, None)
            )
        )
        for sampling, limits in shares(task.sampling, task.limits, task.n)
    ]
    try:
        ends = await asyncio.gather(*runs)
    finally:
        for run in runs:
            run.cancel()
    candidates = tuple(map(_candidate, ends))
    attempts = tuple(attempt for candidate in candidates for attempt in candidate.attempts)
    usage = sum((candidate.usage for candidate in candidates), Usage())
    for end in ends:
        if isinstance(end, Result):
            return replace(end, attempts=attempts, usage=usage, candidates=candidates)
    worst = min((end for end in ends if isinstance(end, StructgenError)), key=_rank)
    raise with_account(worst, attempts, usage) from worst


def shares(sampling: S, limits: Limits, n: int) -> list[tuple[S, Limits]]:
    """Return the sampling and limits of `n` runs: seeds of their own, and equal shares of the tokens."""
    seed = random.getrandbits(31) if sampling.seed is None else sampling.seed
    total = limits.max_total_tokens
    share = replace(limits, max_total_tokens=None if total is None else total // n)
    return [(replace(sampling, seed=seed + index), share) for index in range(n)]


def _rank(error: StructgenError) -> tuple[bool, bool]:
    """Order errors by how much they reveal of the answers: `Unsatisfied` first."""
    return not isinstance(error, GenerationError), not isinstance(error, Unsatisfied)


async def result_or_error(run: Awaitable[R]) -> R | StructgenError:
    """Return the result of one of several runs, or the error that ended it."""
    try:
        return await run
    except StructgenError as error:
        return error


def _candidate(end: Result | StructgenError) -> Candidate:
    if isinstance(end, Result):
        return Candidate("valid", end.data, (), end.attempts, end.usage, end.forced)
    if not isinstance(end, GenerationError):
        return Candidate("error", None, (Violation("", end.name, str(end)),), end.attempts, end.usage)
    status = end.attempts[-1].status if end.attempts else "violations"
    if isinstance(end, Unsatisfied):
        return Candidate(status, end.last, end.violations, end.attempts, end.usage)
    data = end.partial if isinstance(end, Incomplete) else None
    return Candidate(status, data, (), end.attempts, end.usage)
