"""Run jobs side by side, and take their results in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


async def in_order(jobs: Iterable[Callable[[], Awaitable[T]]], concurrency: int) -> AsyncGenerator[T, None]:
    """Yield the results of jobs in their order, with at most `concurrency` jobs running or finished ahead.

    Raises the error of the first job in the order that fails. Closing the generator cancels the jobs, and
    waits for their end.
    """
    waiting = iter(jobs)
    running: deque[asyncio.Future[T]] = deque()
    try:
        running.extend(asyncio.ensure_future(job()) for job in islice(waiting, concurrency))
        while running:
            result = await running[0]
            running.popleft()
            running.extend(asyncio.ensure_future(job()) for job in islice(waiting, 1))
            yield result
    finally:
        for job in running:
            job.cancel()
        await asyncio.gather(*running, return_exceptions=True)
