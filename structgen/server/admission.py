"""Places at the engine: who waits for one, in which order, and who is turned away."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from structgen.errors import Overloaded
from structgen.server.metrics import Metrics


class Admission:
    """`places` at once, `longest` waiting: the lowest priority first, and those alike in their order."""

    def __init__(self, places: int, longest: int, metrics: Metrics) -> None:
        self._places, self._free, self._longest, self._metrics = places, places, longest, metrics
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
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
        if len(self._waiting) >= self._longest:
            wait = 1.0 + len(self._waiting) / max(1, self._places)
            raise Overloaded(f"{len(self._waiting)} requests are waiting already", retry_after=wait)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (priority, next(self._arrival), taken, turn)
        heapq.heappush(self._waiting, entry)
        self._give_back(0)  # it may be first in line, and want few enough
        self._metrics.waiting.set(len(self._waiting))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # its turn came while it left
                self._give_back(taken)
            else:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
                self._give_back(0)  # who stood behind it may want fewer
            raise
        finally:
            self._metrics.waiting.set(len(self._waiting))

    def _give_back(self, places: int) -> None:
        """They go to the next in line as far as they suffice, or are free."""
        self._free += places
        while self._waiting and self._waiting[0][2] <= self._free:
            _, _, taken, turn = heapq.heappop(self._waiting)
            self._free -= taken
            turn.set_result(None)
