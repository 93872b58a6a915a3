"""Placement of jobs in lanes by their estimated cost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from structgen.errors import Overloaded
from structgen.workers.costs import CHEAP_SECONDS, COSTLY_SECONDS, CostEstimates
from structgen.workers.lanes import Lane, LaneSlot

MAX_SECONDS_OUTSIDE_COSTLY = 1.0
"""Processor time that a costly job may use outside the costly lane while that lane is full."""


class LanePlacement:
    """Place jobs in the lane of their cost.

    Jobs of keys that were cheap go to the quick lane, jobs of unknown keys to the new lane, and jobs of
    keys that were costly to the costly lane, which has a short queue. `retry` is for second runs of jobs
    that reached a limit: one at a time.
    """

    def __init__(self, costs: CostEstimates, size: int, max_costly: int, max_queue: int) -> None:
        self._costs = costs
        self.quick = Lane("quick", size, max_queue)
        self.new = Lane("new", size, max_queue)
        self.costly = Lane("costly", max_costly, 2 * max_costly)
        self.retry = Lane("retry", 1, 2 * max_costly)

    @asynccontextmanager
    async def slot(self, key: Hashable) -> AsyncIterator[LaneSlot]:
        """Hold a slot in the lane for jobs with this cost key."""
        lane = self._lane(key)
        await lane.enter()
        if self._lane(key) is self.costly is not lane:  # the cost became known during the wait
            lane.leave()
            lane = self.costly
            await lane.enter()
        slot = LaneSlot(lane)
        try:
            yield slot
        finally:
            slot.lane.leave()

    def demote(self, slot: LaneSlot, key: Hashable, seconds: float) -> bool:
        """Move a job that has used `seconds` of processor time to the lane of its cost, if that has a slot.

        Returns whether it moved to the costly lane; `Overloaded` if it may not go on outside that lane.
        """
        if slot.lane is self.quick and seconds >= CHEAP_SECONDS:
            self._costs.record(key, seconds)
            slot.move(self.new)
        if slot.lane is not self.costly and seconds >= COSTLY_SECONDS:
            self._costs.record(key, seconds)
            if slot.move(self.costly):
                return True
            if seconds >= MAX_SECONDS_OUTSIDE_COSTLY:
                detail = "the service checks as many costly schemas as it allows at once"
                raise Overloaded(detail, retry_after=2.0)
        return False

    def _lane(self, key: Hashable) -> Lane:
        lanes = {"cheap": self.quick, "unknown": self.new, "costly": self.costly}
        return lanes[self._costs.expected(key)]
