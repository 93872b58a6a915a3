"""Pace refusals, so that clients which retry at once cannot keep the service busy with refusing them."""

from __future__ import annotations

import asyncio
import time

RATE = 64
"""Refusals a second: one costs about a millisecond of the processor."""
LONGEST = 5.0
"""Seconds that a refusal waits at most, whatever is ahead of it."""


class Refusals:
    """Spread refusals over time. The first of a burst is answered at once, the others `1 / RATE` s apart."""

    def __init__(self, rate: float = RATE, longest: float = LONGEST) -> None:
        self._interval, self._longest = 1 / rate, longest
        self._next = 0.0

    def delay(self, now: float) -> float:
        """Take the next place in time, and return the seconds until then."""
        place = max(now, self._next)
        self._next = min(place, now + self._longest) + self._interval
        return min(place - now, self._longest)

    async def pace(self) -> None:
        """Wait until one more refusal may be answered."""
        await asyncio.sleep(self.delay(time.monotonic()))
