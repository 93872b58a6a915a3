"""Keeps one vLLM engine alive: started, watched, and started again with growing pauses when it died."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable
from typing import Any

from structgen.errors import EngineUnavailable, StructgenError

log = logging.getLogger("structgen.engine")
_PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds before the first, second, … start in a row that failed."""
_WATCH = 0.1
_GRACE = 40.0
"""Seconds that a live engine gets to end by itself."""


class Supervisor:
    """`build` makes an engine (an `AsyncLLM`) that serves; it blocks, for minutes with large weights."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._llm: Any = None
        self._watch: asyncio.Task[None] | None = None
        self._began, self._took = 0.0, 30.0
        self.restarts = 0
        self.detail = "not started"

    async def start(self) -> None:
        """The first start: what is wrong with it is raised."""
        await self._boot()
        self._watch = asyncio.create_task(self._keep())

    def llm(self) -> Any:
        """The engine that serves now; `EngineUnavailable` with the seconds that a start usually takes."""
        if self._llm is None or self._llm.errored:
            raise self.unavailable()
        return self._llm

    def unavailable(self) -> EngineUnavailable:
        """What a request is told that cannot be served now."""
        left = self._took - (time.monotonic() - self._began) if self._llm is None else self._took
        return EngineUnavailable(f"the engine is {self.detail}", retry_after=max(1.0, round(left)))

    @property
    def ready(self) -> bool:
        return self._llm is not None and not self._llm.errored

    async def close(self) -> None:
        """End the watch, then the engine and its processes."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
        llm, self._llm, self.detail = self._llm, None, "closed"
        if llm is not None:
            await asyncio.to_thread(llm.shutdown, _GRACE)
            del llm
            gc.collect()  # else it is taken down with the interpreter, and complains of that

    async def _boot(self) -> None:
        self._began, self.detail = time.monotonic(), "starting"
        self._llm = await asyncio.to_thread(self._build)
        self._took = time.monotonic() - self._began
        self.detail = "ready"

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_WATCH)
            if self._llm.errored:
                await self._restart()

    async def _restart(self) -> None:
        """Until it serves again."""
        dead, self._llm, self.detail = self._llm, None, "restarting"
        self._began = time.monotonic()
        log.error("the engine died; starting it again")
        _tell_pending(dead)
        with contextlib.suppress(Exception):  # nothing of a dead engine is needed any more
            await asyncio.to_thread(dead.shutdown, 5.0)
        failures = 0
        while True:
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            try:
                await self._boot()
            except (StructgenError, OSError, RuntimeError, ValueError) as error:
                failures += 1
                self.detail = f"down, and start {failures} failed: {error}"[:300]
                log.error("the engine is %s", self.detail)
            else:
                self.restarts += 1
                log.warning("the engine serves again after %.1f s", self._took)
                return


def _tell_pending(dead: Any) -> None:
    """Each request of the dead engine gets its error now: once it is shut down, nobody would tell them."""
    from vllm.v1.engine.exceptions import EngineDeadError

    dead.output_processor.propagate_error(EngineDeadError())
