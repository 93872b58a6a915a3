"""What jobs took of a processor, by what they check: it decides in which lane the next one like them runs."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Literal

KEPT = 4096
EXPIRES = 600.0
"""Seconds after which a measurement is forgotten: the machine may have been busy."""
CHEAP = 0.05
"""Seconds of a processor up to which a job is cheap."""
COSTLY = 0.25
"""Seconds of a processor from which on a job is costly."""

Class = Literal["cheap", "unknown", "costly"]


class Costs:
    """The highest recent measurement of each key."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def of(self, key: Hashable) -> Class:
        """How the next job with this key is expected to be."""
        seconds, when = self._known.get(key, (None, 0.0))
        if seconds is None or time.monotonic() - when > EXPIRES:
            return "unknown"
        return "cheap" if seconds <= CHEAP else "costly" if seconds >= COSTLY else "unknown"

    def measured(self, key: Hashable, seconds: float) -> None:
        """Remember what a job took; the dearest one counts until it expires."""
        now = time.monotonic()
        before, when = self._known.pop(key, (0.0, now))
        if before > seconds and now - when <= EXPIRES:
            self._known[key] = before, when
        else:
            self._known[key] = seconds, now
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
