"""The deadline of a document, also while its lists are held against its text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.strategies.task import Task

GRACE = 0.5
"""Seconds by which an attempt that runs may be late: its own error tells more."""


@asynccontextmanager
async def within_deadline(task: Task) -> AsyncIterator[None]:
    """Raise `DeadlineExceeded` where the block goes on beyond the deadline of a task."""
    left = seconds_left(task.deadline_at)
    try:
        async with asyncio.timeout(None if left is None else left + GRACE):
            yield
    except TimeoutError as error:
        phase = "while the lists were held against the document"
        raise deadline_exceeded(task.limits.deadline, phase) from error
