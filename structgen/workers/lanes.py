"""Lanes: a bounded number of slots with a short queue, which callers share fairly."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import Counter
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

from cachetools import FIFOCache

from structgen.errors import Overloaded

CURRENT_CALLER: ContextVar[Hashable] = ContextVar("caller", default=None)
"""The API key or connection of the current request. Queues are shared by callers, not by requests."""
_MAX_CALLERS = 1024


class FairTurns:
    """Start-time fair queueing: the n-th waiting request of each caller has the same turn.

    A caller with one request waits behind one request of each other caller, however many they sent.
    """

    def __init__(self) -> None:
        self._now = 0
        self._last_turns = FIFOCache[Hashable, int](_MAX_CALLERS)

    def next(self, caller: Hashable) -> int:
        """Return the turn of one more request of this caller."""
        turn = max(self._now, self._last_turns.get(caller, 0)) + 1
        self._last_turns[caller] = turn
        return turn

    def served(self, turn: int) -> None:
        """Advance to the turn of a request that got its slot."""
        self._now = max(self._now, turn)


def busiest_caller(callers: list[Hashable], newcomer: Hashable) -> Hashable | None:
    """Return the caller with the most requests in a full queue; None if the newcomer has as many."""
    counts = Counter(callers)
    caller, most = counts.most_common(1)[0] if counts else (None, 0)
    return caller if most > counts[newcomer] + 1 else None


@dataclass(order=True)
class _Waiting:
    turn: int
    arrival: int
    caller: Hashable = field(compare=False)
    slot: asyncio.Future[None] = field(compare=False)


class Lane:
    """Admit `slots` jobs at once and `max_queue` waiting ones; raise `Overloaded` for more."""

    def __init__(self, name: str, slots: int, max_queue: int) -> None:
        self.name, self.free, self._max_queue = name, slots, max_queue
        self._turns, self._arrival = FairTurns(), count()
        self._queue: list[_Waiting] = []

    @property
    def waiting(self) -> int:
        """Number of jobs in the queue."""
        return len(self._queue)

    def try_enter(self) -> bool:
        """Take a slot if one is free and no other job waits for it."""
        if self.free <= 0 or self._queue:
            return False
        self.free -= 1
        return True

    async def enter(self) -> None:
        """Take a slot, after a wait in the queue if necessary. `leave` gives it back."""
        if self.try_enter():
            return
        caller = CURRENT_CALLER.get()
        if len(self._queue) >= self._max_queue:
            self._make_room(caller)
        slot: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = _Waiting(self._turns.next(caller), next(self._arrival), caller, slot)
        insort(self._queue, entry)
        try:
            await slot
        except asyncio.CancelledError:
            if entry in self._queue:
                self._queue.remove(entry)
            elif slot.done() and not slot.cancelled() and slot.exception() is None:
                self.leave()  # the slot was assigned while the caller left
            raise

    def leave(self) -> None:
        """Give the slot to the next job in the queue, or keep it free."""
        self.free += 1
        while self.free > 0 and self._queue:
            entry = self._queue.pop(0)
            if not entry.slot.done():
                self.free -= 1
                self._turns.served(entry.turn)
                entry.slot.set_result(None)

    def _make_room(self, caller: Hashable) -> None:
        """Refuse the last job of the caller with the most jobs in the queue, or the newcomer."""
        refusal = Overloaded(
            f"{len(self._queue)} {self.name} checks of schemas or values are waiting already",
            retry_after=2.0,
        )
        victim = busiest_caller([entry.caller for entry in self._queue], caller)
        if victim is None or not self._queue:
            raise refusal
        last = next(entry for entry in reversed(self._queue) if entry.caller == victim)
        self._queue.remove(last)
        if not last.slot.done():
            last.slot.set_exception(refusal)


class LaneSlot:
    """A slot that a job holds in a lane, and that it can exchange for one in another lane."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane

    def move(self, lane: Lane) -> bool:
        """Exchange it for a slot in the other lane, if one is free there."""
        if not lane.try_enter():
            return False
        self.lane.leave()
        self.lane = lane
        return True
