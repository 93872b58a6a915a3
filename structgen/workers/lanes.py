"""Lanes: bounded places with a short queue each, shared fairly by callers."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import Counter, OrderedDict
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

from structgen.errors import Overloaded

CALLER: ContextVar[Hashable] = ContextVar("caller", default=None)
"""Whose work runs: the key or the connection of a request. Queues are shared by callers, not by requests."""
_CALLERS_KEPT = 1024


class Turns:
    """Start-time fair queueing: the n-th waiting request of a caller has its turn beside everyone's n-th.

    A caller with one request waits behind one request of each other caller, however many they sent.
    """

    def __init__(self) -> None:
        self._now = 0
        self._last: OrderedDict[Hashable, int] = OrderedDict()

    def next(self, caller: Hashable) -> int:
        """The turn of one more request of this caller."""
        turn = max(self._now, self._last.pop(caller, 0)) + 1
        self._last[caller] = turn
        while len(self._last) > _CALLERS_KEPT:
            self._last.popitem(last=False)
        return turn

    def served(self, turn: int) -> None:
        """A request with this turn has got its place."""
        self._now = max(self._now, turn)


def greediest(callers: list[Hashable], newcomer: Hashable) -> Hashable | None:
    """The caller with the most requests in a full queue; None where the newcomer has as many."""
    counts = Counter(callers)
    caller, most = counts.most_common(1)[0] if counts else (None, 0)
    return caller if most > counts[newcomer] + 1 else None


@dataclass(order=True)
class _Waiting:
    turn: int
    arrival: int
    caller: Hashable = field(compare=False)
    place: asyncio.Future[None] = field(compare=False)


class Lane:
    """`places` at once and at most `longest` in the queue; `Overloaded` for more."""

    def __init__(self, name: str, places: int, longest: int) -> None:
        self.name, self.free, self._longest = name, places, longest
        self._turns, self._arrival = Turns(), count()
        self._waiting: list[_Waiting] = []

    @property
    def waiting(self) -> int:
        """Jobs in the queue."""
        return len(self._waiting)

    def try_enter(self) -> bool:
        """Take a place if one is free and nobody waits for it."""
        if self.free <= 0 or self._waiting:
            return False
        self.free -= 1
        return True

    async def enter(self) -> None:
        """Take a place, after a wait in the queue if need be. `leave` gives it back."""
        if self.try_enter():
            return
        caller = CALLER.get()
        if len(self._waiting) >= self._longest:
            self._make_room(caller)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = _Waiting(self._turns.next(caller), next(self._arrival), caller, place)
        insort(self._waiting, entry)
        try:
            await place
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
            elif place.done() and not place.cancelled() and place.exception() is None:
                self.leave()  # the turn came while the caller left
            raise

    def leave(self) -> None:
        """Give a place to the next in the queue, or keep it free."""
        self.free += 1
        while self.free > 0 and self._waiting:
            entry = self._waiting.pop(0)
            if not entry.place.done():
                self.free -= 1
                self._turns.served(entry.turn)
                entry.place.set_result(None)

    def _make_room(self, caller: Hashable) -> None:
        """The queue is full: whoever has most in it loses the last one, or the newcomer is refused."""
        refusal = Overloaded(
            f"{len(self._waiting)} {self.name} checks of schemas or values are waiting already",
            retry_after=2.0,
        )
        victim = greediest([entry.caller for entry in self._waiting], caller)
        if victim is None or not self._waiting:
            raise refusal
        last = next(entry for entry in reversed(self._waiting) if entry.caller == victim)
        self._waiting.remove(last)
        if not last.place.done():
            last.place.set_exception(refusal)


class Place:
    """A place in a lane, which can be exchanged for one in another."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane

    def move(self, lane: Lane) -> bool:
        """Take a place in the other lane instead, if one is free."""
        if not lane.try_enter():
            return False
        self.lane.leave()
        self.lane = lane
        return True
