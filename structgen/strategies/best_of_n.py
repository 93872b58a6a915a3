"""One chain of attempts, or several at once where candidates are asked for."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from structgen.errors import GenerationError, Incomplete, StructgenError, Unsatisfied
from structgen.strategies.base import Candidate, Completed, Event, Result, Task
from structgen.types import Usage, Violation


class Chain(Protocol):
    """Attempts at one task."""

    def events(self) -> AsyncGenerator[Event, None]:
        """What happens; the last is `Completed`."""


def events_of(task: Task, run: Callable[[Task], Chain]) -> AsyncGenerator[Event, None]:
    """Return the events of a chain of attempts, or of several at once where candidates are asked for."""
    return _best_of(task, run) if task.n > 1 else run(task).events()


async def _best_of(task: Task, run: Callable[[Task], Chain]) -> AsyncGenerator[Event, None]:
    yield Completed(await _candidates(task, run))


async def _candidates(task: Task, run: Callable[[Task], Chain]) -> Result:
    """`n` chains at once, seeds counted up, of equal shares of the tokens; the first valid one by index
    is the data. What fails of them is told in its candidate, unless all fail."""
    seed = random.getrandbits(31) if task.sampling.seed is None else task.sampling.seed
    total = task.limits.max_total_tokens
    limits = replace(task.limits, max_total_tokens=None if total is None else total // task.n)
    alone = [
        replace(task, n=1, limits=limits, sampling=replace(task.sampling, seed=seed + index))
        for index in range(task.n)
    ]
    runs = [asyncio.ensure_future(_one(run(single))) for single in alone]
    try:
        ended = await asyncio.gather(*runs)
    finally:
        for chain in runs:
            chain.cancel()
    candidates = tuple(_candidate(end) for end in ended)
    attempts = tuple(attempt for c in candidates for attempt in c.attempts)
    usage = sum((c.usage for c in candidates), Usage())
    valid = [c for c in candidates if c.status == "valid"]
    if valid:
        first = next(end for end in ended if isinstance(end, Result))
        return replace(first, attempts=attempts, usage=usage, candidates=candidates)
    failures = [end for end in ended if isinstance(end, StructgenError)]
    failures.sort(
        key=lambda error: (not isinstance(error, GenerationError), not isinstance(error, Unsatisfied))
    )
    failures[0].attempts, failures[0].usage = attempts, usage
    raise failures[0]


async def _one(run: Chain) -> Result | StructgenError:
    try:
        async with aclosing(run.events()) as events:
            async for event in events:
                if isinstance(event, Completed):
                    return event.result
    except StructgenError as error:
        return error
    raise StructgenError("a run ended without a result")


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
