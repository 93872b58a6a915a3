"""Pace refusals, so that clients which retry at once cannot keep the service busy with refusing them."""

from __future__ import annotations

import asyncio
import time

RATE = 64
"""Refusals a second: one costs about a millisecond of the processor."""
MAX_DELAY = 5.0
"""Seconds that one refusal waits at most."""


class RefusalPacer:
    """Spread refusals over time: the first of a burst at once, the others `1 / rate` seconds apart."""

    def __init__(self, rate: float = RATE, max_delay: float = MAX_DELAY) -> None:
        self._interval, self._max_delay = 1 / rate, max_delay
        self._next = 0.0

    def delay(self, now: float) -> float:
        """Reserve the next slot, and return the seconds until then."""
        slot = max(now, self._next)
        self._next = min(slot, now + self._max_delay) + self._interval
        return min(slot - now, self._max_delay)

    async def pace(self) -> None:
        """Wait until one more refusal may go out."""
        await asyncio.sleep(self.delay(time.monotonic()))
