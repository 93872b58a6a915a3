"""Admission to the engine: a bounded queue, ordered by priority and fair among callers."""

from __future__ import annotations

import asyncio
import time
from bisect import insort
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from structgen.errors import Overloaded
from structgen.messages import counted
from structgen.server.metrics import Metrics
from structgen.workers import CURRENT_CALLER, FairTurns, busiest_caller

MAX_OVERTAKEN = 5.0
"""Seconds for which smaller requests may overtake one that needs several slots."""


@dataclass(order=True)
class _Waiting:
    priority: int
    turn_number: int
    arrival: int
    caller: Hashable = field(compare=False)
    slots: int = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)
    since: float = field(compare=False)


class Admission:
    """Grant slots at the engine: lowest priority number first, equal ones by turns of their callers.

    A caller's requests keep their order. If the queue is full, a caller with more than its share loses its
    last request to a caller with fewer.
    """

    def __init__(self, slots: int, max_queue: int, metrics: Metrics) -> None:
        self._slots, self._free, self._max_queue, self._metrics = slots, slots, max_queue, metrics
        self._waiting: list[_Waiting] = []
        self._arrival, self._turns = count(), FairTurns()

    @asynccontextmanager
    async def place(self, priority: int = 0, slots: int = 1) -> AsyncIterator[None]:
        """Hold a number of slots, at most all there are, after a wait in the queue.

        Raises `Overloaded` at once if the queue is full.
        """
        taken = min(slots, self._slots)
        if self._free >= taken and not self._waiting:
            self._free -= taken
        else:
            await self._wait(priority, taken)
        self._metrics.running.inc()
        try:
            yield
        finally:
            self._metrics.running.dec()
            self._release(taken)

    async def _wait(self, priority: int, taken: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        caller = CURRENT_CALLER.get()
        number = self._turns.next(caller)
        entry = _Waiting(priority, number, next(self._arrival), caller, taken, turn, time.monotonic())
        insort(self._waiting, entry)
        self._release(0)  # it may be first in line, and the free slots suffice
        if entry in self._waiting and len(self._waiting) > self._max_queue:
            self._refuse(self._surplus(entry))
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
                self._release(0)  # the next request may need fewer slots
            elif not turn.cancelled() and turn.exception() is None:  # granted and cancelled at once
                self._release(taken)
            raise

    def _surplus(self, entry: _Waiting) -> _Waiting:
        """Return the request that leaves a full queue: the last of the greediest caller, or the newcomer."""
        others = [waiting for waiting in self._waiting if waiting is not entry]
        victim = busiest_caller([waiting.caller for waiting in others], entry.caller)
        if victim is None:
            return entry
        last = next(waiting for waiting in reversed(others) if waiting.caller == victim)
        return last if last.priority >= entry.priority else entry

    def _refuse(self, entry: _Waiting) -> None:
        self._waiting.remove(entry)
        self._metrics.waiting.set(len(self._waiting))
        wait = 1.0 + len(self._waiting) / max(1, self._slots)
        if not entry.turn.done():
            detail = f"{counted(len(self._waiting), 'request')} in the queue, --max-queue allows no more"
            entry.turn.set_exception(Overloaded(detail, retry_after=wait))

    def _release(self, slots: int) -> None:
        """Hand slots to waiting requests as far as they suffice; the rest become free."""
        self._free += slots
        for entry in list(self._waiting):
            if entry.turn.done():  # cancelled, but its task has not run yet
                self._waiting.remove(entry)
            elif entry.slots <= self._free:
                self._waiting.remove(entry)
                self._free -= entry.slots
                self._turns.served(entry.turn_number)
                entry.turn.set_result(None)
            elif time.monotonic() - entry.since > MAX_OVERTAKEN:
                break
        self._metrics.waiting.set(len(self._waiting))
