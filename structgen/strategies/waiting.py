"""Wait for what a run of attempts cannot do without: an engine that was lost, a judge that is busy."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

from structgen.engines.base import Engine
from structgen.errors import EngineUnavailable, Overloaded
from structgen.schema import Schema
from structgen.strategies.base import Judge
from structgen.types import Violation

PATIENCE = 1_800.0
"""Seconds that a request waits for a lost engine, where its caller gave no deadline."""
JUDGED_AGAIN = 5
"""Times that a judge is asked again who has too much to do."""


async def ready_again(engine: Engine, end: float | None) -> bool:
    """Wait for the engine to serve again, `PATIENCE` at most; False where the time `end` comes before."""
    patience = time.monotonic() + PATIENCE
    while not (health := await engine.health()).ready:
        if time.monotonic() >= (end or math.inf):
            return False
        if health.closed or time.monotonic() >= patience:
            raise EngineUnavailable(f"the engine is {health.detail}", retry_after=5.0)
        await asyncio.sleep(0.2)
    return True


async def judged(judge: Judge, schema: Schema, data: Any, end: float | None) -> list[Violation]:
    """Return what is wrong with the value. A judge that is busy is asked again: tokens were spent on it."""
    for _ in range(JUDGED_AGAIN):
        try:
            return await judge(schema, data)
        except Overloaded as busy:
            if time.monotonic() + busy.retry_after >= (end or math.inf):
                raise
            await asyncio.sleep(busy.retry_after)
    return await judge(schema, data)
