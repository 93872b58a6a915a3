"""Wait for an engine that was lost in the middle of a run."""

from __future__ import annotations

import asyncio
import math
import time

from structgen.engines.base import Engine
from structgen.errors import EngineUnavailable

MAX_WAIT = 1_800.0
"""Seconds that a request without a deadline waits for a lost engine."""
_POLL_INTERVAL = 0.2


async def wait_ready(engine: Engine, deadline_at: float | None) -> bool:
    """Wait until the engine serves again; return False where the deadline passes before.

    Raises `EngineUnavailable` for an engine that was closed, and after `MAX_WAIT` seconds.
    """
    give_up_at = time.monotonic() + MAX_WAIT
    while not (health := await engine.health()).ready:
        if time.monotonic() >= (deadline_at or math.inf):
            return False
        if health.closed or time.monotonic() >= give_up_at:
            raise EngineUnavailable(f"the engine is {health.detail}", retry_after=5.0)
        await asyncio.sleep(_POLL_INTERVAL)
    return True
