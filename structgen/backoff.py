"""Exponential backoff with jitter."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

_MOST_DOUBLINGS = 64
"""Exponents above this one would overflow a float, and every bound is reached long before."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential, bounded delays between the retries of one operation, with jitter. Times in seconds."""

    first: float = 0.25
    """Delay before the first retry, without jitter."""
    longest: float = 30.0
    """Upper bound of a delay, without jitter."""
    factor: float = 2.0
    """Growth from one retry to the next."""
    jitter: tuple[float, float] = (0.5, 1.0)
    """Range of the random factor of a delay: it spreads the retries of clients that failed together."""
    random: Callable[[], float] = random.random
    """Source of random numbers in [0, 1)."""

    def delay(self, retry: int, at_least: float = 0.0) -> float:
        """Return the seconds to wait before a retry, of which 0 is the first.

        `at_least` raises the delay before jitter, to the time that a server asks for, say.
        """
        grown = self.first * self.factor ** min(retry, _MOST_DOUBLINGS)
        low, high = self.jitter
        return max(at_least, min(grown, self.longest)) * (low + (high - low) * self.random())
