"""Places at the engine: who waits for one, in which order, and who is turned away."""

from __future__ import annotations

import asyncio
import time
from bisect import insort
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from structgen.errors import Overloaded
from structgen.server.metrics import Metrics
from structgen.suggestions import plural

PATIENCE = 5.0
"""Seconds for which a request that wants several places may be passed by those who want fewer."""


@dataclass(order=True)
class _Waiting:
    priority: int
    arrival: int
    places: int = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)
    since: float = field(compare=False)


class Admission:
    """`places` at once, `longest` waiting: the lowest priority first, and those alike in their order."""

    def __init__(self, places: int, longest: int, metrics: Metrics) -> None:
        self._places, self._free, self._longest, self._metrics = places, places, longest, metrics
        self._waiting: list[_Waiting] = []
        self._arrival = count()

    @asynccontextmanager
    async def place(self, priority: int = 0, wanted: int = 1) -> AsyncIterator[None]:
        """A place, or as many as are `wanted` and there are, after a wait in the queue; `Overloaded` at
        once where that is full."""
        taken = min(wanted, self._places)
        if self._free >= taken and not self._waiting:
            self._free -= taken
        else:
            await self._wait(priority, taken)
        self._metrics.running.inc()
        try:
            yield
        finally:
            self._metrics.running.dec()
            self._give_back(taken)

    async def _wait(self, priority: int, taken: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = _Waiting(priority, next(self._arrival), taken, turn, time.monotonic())
        insort(self._waiting, entry)
        self._give_back(0)  # it may be first in line, and want few enough
        if entry in self._waiting and len(self._waiting) > self._longest:
            self._waiting.remove(entry)
            self._metrics.waiting.set(len(self._waiting))
            wait = 1.0 + len(self._waiting) / max(1, self._places)
            detail = f"{plural(len(self._waiting), 'request')} in the queue, --max-queue allows no more"
            raise Overloaded(detail, retry_after=wait)
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
                self._give_back(0)  # who stood behind it may want fewer
            elif not turn.cancelled():  # its turn came while it left
                self._give_back(taken)
            raise

    def _give_back(self, places: int) -> None:
        """They go to those in line as far as they suffice, or are free."""
        self._free += places
        for entry in list(self._waiting):
            if entry.turn.done():  # cancelled, and its task has not run yet
                self._waiting.remove(entry)
            elif entry.places <= self._free:
                self._waiting.remove(entry)
                self._free -= entry.places
                entry.turn.set_result(None)
            elif time.monotonic() - entry.since > PATIENCE:
                break
        self._metrics.waiting.set(len(self._waiting))
