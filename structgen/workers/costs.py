"""Cost estimates of jobs from earlier measurements of the same key."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Literal

from cachetools import FIFOCache

MAX_KEYS = 4096
EXPIRES_AFTER = 600.0
"""Seconds after which a measurement is forgotten: the machine may have been busy."""
CHEAP_SECONDS = 0.05
"""Processor time up to which a job is cheap."""
COSTLY_SECONDS = 0.25
"""Processor time from which on a job is costly."""

CostClass = Literal["cheap", "unknown", "costly"]


class CostEstimates:
    """Remember the highest recent processor time of each key, for the keys measured last."""

    def __init__(self) -> None:
        self._measured = FIFOCache[Hashable, tuple[float, float]](MAX_KEYS)

    def expected(self, key: Hashable) -> CostClass:
        """Return the class of the next job with this key."""
        seconds, when = self._measured.get(key, (None, 0.0))
        if seconds is None or time.monotonic() - when > EXPIRES_AFTER:
            return "unknown"
        return "cheap" if seconds <= CHEAP_SECONDS else "costly" if seconds >= COSTLY_SECONDS else "unknown"

    def record(self, key: Hashable, seconds: float) -> None:
        """Record the processor time of a job. A lower value replaces a higher one only after its expiry."""
        now = time.monotonic()
        highest, when = self._measured.get(key, (0.0, now))
        if highest > seconds and now - when <= EXPIRES_AFTER:
            self._measured[key] = highest, when
        else:
            self._measured[key] = seconds, now
