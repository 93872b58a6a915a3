"""The connections of a server: their number is bounded, and silent or slow ones are closed."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any, Protocol

from structgen.config import Timeouts

CHECK_INTERVAL = 0.5
"""Seconds between two checks of all connections."""
log = logging.getLogger("structgen.server")


class Connection(Protocol):
    """A connection that can be checked and closed."""

    transport: Any

    def check(self, now: float) -> None:
        """Close the connection if its client exceeds a time-out; `now` is the event loop's time."""


@dataclass(slots=True)
class Connections:
    """All connections of a server, with their bound and their time-outs."""

    maximum: int
    timeouts: Timeouts
    fresh: dict[Connection, None] = field(default_factory=dict)
    """Connections without a complete request so far, the oldest first."""
    idle: dict[Connection, None] = field(default_factory=dict)
    """Connections between two requests, the longest idle first."""
    open: set[Connection] = field(default_factory=set)
    refused: int = 0

    def make_room(self) -> bool:
        """Close the longest silent connection if there are too many; return False if none is silent."""
        if len(self.open) <= self.maximum:
            return True
        for silent in (self.fresh, self.idle):
            for connection in silent:
                if not connection.transport.is_closing():
                    del silent[connection]
                    connection.transport.close()
                    return True
        self.refused += 1
        return False

    async def watch(self) -> None:
        """Close connections that exceed a time-out, until cancelled."""
        loop = asyncio.get_running_loop()
        logged = 0
        while True:
            await asyncio.sleep(CHECK_INTERVAL)
            now = loop.time()
            for connection in list(self.open):
                connection.check(now)
            if self.refused > logged:
                log.warning("%d connections turned away: %d are open", self.refused - logged, self.maximum)
                logged = self.refused
