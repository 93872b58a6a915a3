"""Places at the engine: who waits for one, in which order, and who is turned away."""

from __future__ import annotations

import asyncio
import time
from bisect import insort
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from structgen.errors import Overloaded
from structgen.server.metrics import Metrics
from structgen.suggestions import plural
from structgen.workers import CALLER, Turns, greediest

PATIENCE = 5.0
"""Seconds for which a request that wants several places may be passed by those who want fewer."""


@dataclass(order=True)
class _Waiting:
    priority: int
    turn_number: int
    arrival: int
    caller: Hashable = field(compare=False)
    places: int = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)
    since: float = field(compare=False)


class Admission:
    """`places` at once, `longest` waiting: the lowest priority first, alike ones by turns of their callers.

    A caller's requests keep their order. Where the queue is full, a caller with more than its share in it
    loses its last one to a caller with less.
    """

    def __init__(self, places: int, longest: int, metrics: Metrics) -> None:
        self._places, self._free, self._longest, self._metrics = places, places, longest, metrics
        self._waiting: list[_Waiting] = []
        self._arrival, self._turns = count(), Turns()

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
        caller = CALLER.get()
        number = self._turns.next(caller)
        entry = _Waiting(priority, number, next(self._arrival), caller, taken, turn, time.monotonic())
        insort(self._waiting, entry)
        self._give_back(0)  # it may be first in line, and want few enough
        if entry in self._waiting and len(self._waiting) > self._longest:
            self._refuse(self._surplus(entry))
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
                self._give_back(0)  # who stood behind it may want fewer
            elif not turn.cancelled() and turn.exception() is None:  # its turn came while it left
                self._give_back(taken)
            raise

    def _surplus(self, entry: _Waiting) -> _Waiting:
        """Who leaves a queue that is too long: the last of the caller with most in it, or the newcomer."""
        others = [waiting for waiting in self._waiting if waiting is not entry]
        victim = greediest([waiting.caller for waiting in others], entry.caller)
        if victim is None:
            return entry
        last = next(waiting for waiting in reversed(others) if waiting.caller == victim)
        return last if last.priority >= entry.priority else entry

    def _refuse(self, entry: _Waiting) -> None:
        self._waiting.remove(entry)
        self._metrics.waiting.set(len(self._waiting))
        wait = 1.0 + len(self._waiting) / max(1, self._places)
        if not entry.turn.done():
            detail = f"{plural(len(self._waiting), 'request')} in the queue, --max-queue allows no more"
            entry.turn.set_exception(Overloaded(detail, retry_after=wait))

    def _give_back(self, places: int) -> None:
        """They go to those in line as far as they suffice, or are free."""
        self._free += places
        for entry in list(self._waiting):
            if entry.turn.done():  # cancelled, and its task has not run yet
                self._waiting.remove(entry)
            elif entry.places <= self._free:
                self._waiting.remove(entry)
                self._free -= entry.places
                self._turns.served(entry.turn_number)
                entry.turn.set_result(None)
            elif time.monotonic() - entry.since > PATIENCE:
                break
        self._metrics.waiting.set(len(self._waiting))
