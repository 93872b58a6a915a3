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
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrival = count()

    @asynccontextmanager
    async def place(self, priority: int = 0) -> AsyncIterator[None]:
        """A place, after a wait in the queue; `Overloaded` at once where that is full."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(priority)
        self._metrics.running.inc()
        try:
            yield
        finally:
            self._metrics.running.dec()
            self._pass_on()

    async def _wait(self, priority: int) -> None:
        if len(self._waiting) >= self._longest:
            wait = 1.0 + len(self._waiting) / max(1, self._places)
            raise Overloaded(f"{len(self._waiting)} requests are waiting already", retry_after=wait)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (priority, next(self._arrival), turn)
        heapq.heappush(self._waiting, entry)
        self._metrics.waiting.set(len(self._waiting))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # its turn came while it left
                self._pass_on()
            else:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
            raise
        finally:
            self._metrics.waiting.set(len(self._waiting))

    def _pass_on(self) -> None:
        """The place goes to the next in line, or is free."""
        if self._waiting:
            heapq.heappop(self._waiting)[2].set_result(None)
        else:
            self._free += 1
