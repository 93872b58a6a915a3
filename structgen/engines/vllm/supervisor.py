"""Supervise one vLLM engine: start it, watch it, and restart it with backoff when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable
from typing import Any

from structgen.backoff import Backoff
from structgen.errors import EngineUnavailable, StructgenError

log = logging.getLogger("structgen.engine")
_BACKOFF = Backoff(first=1.0, longest=60.0)
"""Delays between starts that fail in a row; the first restart is immediate."""
_POLL_SECONDS = 0.1
_SHUTDOWN_SECONDS = 40.0
"""Time that a live engine gets to end by itself."""


class Supervisor:
    """Owns one engine. `build` starts an `AsyncLLM`; it blocks, for minutes with large weights."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._llm: Any = None
        self._watcher: asyncio.Task[None] | None = None
        self._start_began, self._start_seconds = 0.0, 30.0
        self.restarts = 0
        self.detail = "not started"

    async def start(self) -> None:
        """Start the engine for the first time; an error of that start is raised."""
        await self._boot()
        self._watcher = asyncio.create_task(self._watch())

    def llm(self) -> Any:
        """Return the live engine; `EngineUnavailable` with the time that a start usually takes."""
        if self._llm is None or self._llm.errored:
            raise self.unavailable()
        return self._llm

    def unavailable(self) -> EngineUnavailable:
        """Return the error for a request that cannot be served now."""
        elapsed = time.monotonic() - self._start_began if self._llm is None else 0.0
        left = self._start_seconds - elapsed
        return EngineUnavailable(f"the engine is {self.detail}", retry_after=max(1.0, round(left)))

    @property
    def ready(self) -> bool:
        """Whether an engine is live."""
        return self._llm is not None and not self._llm.errored

    async def close(self) -> None:
        """End the watch, then the engine and its processes."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher
        llm, self._llm, self.detail = self._llm, None, "closed"
        if llm is not None:
            await asyncio.to_thread(llm.shutdown, _SHUTDOWN_SECONDS)
            del llm
            gc.collect()  # otherwise it ends with the interpreter, and logs errors

    async def _boot(self) -> None:
        self._start_began, self.detail = time.monotonic(), "starting"
        self._llm = await asyncio.to_thread(self._build)
        self._start_seconds = time.monotonic() - self._start_began
        self.detail = "ready"

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            if self._llm.errored:
                await self._restart()

    async def _restart(self) -> None:
        """Restart the engine until it serves again."""
        dead, self._llm, self.detail = self._llm, None, "restarting"
        self._start_began = time.monotonic()
        log.error("the engine died; starting it again")
        _fail_pending(dead)
        with contextlib.suppress(Exception):  # a dead engine holds nothing that is needed
            await asyncio.to_thread(dead.shutdown, 5.0)
        failures = 0
        while True:
            if failures:
                await asyncio.sleep(_BACKOFF.delay(failures - 1))
            try:
                await self._boot()
            except (StructgenError, OSError, RuntimeError, ValueError) as error:
                failures += 1
                self.detail = f"down, and start {failures} failed: {error}"[:300]
                log.error("the engine is %s", self.detail)
            else:
                self.restarts += 1
                log.warning("the engine serves again after %.1f s", self._start_seconds)
                return


def _fail_pending(dead: Any) -> None:
    """Fail the requests of the dead engine now: after its shutdown they would wait forever."""
    from vllm.v1.engine.exceptions import EngineDeadError

    dead.output_processor.propagate_error(EngineDeadError())
