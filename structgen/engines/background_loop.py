"""An event loop in a thread of its own, on which an engine serves synchronous callers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from structgen.engines.base import Engine

R = TypeVar("R")


class EngineLoop:
    """An event loop in a thread of its own, with an engine that it started."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._loop = engine, asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self.submit(engine.start()).result()
        except BaseException:
            self._stop()
            raise

    def submit(self, work: Coroutine[Any, Any, R]) -> Future[R]:
        """Start a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Close the engine and end the thread."""
        self.submit(self._engine.close()).result()
        self._stop()

    def _stop(self) -> None:
        self.submit(_cancel_all(self._loop)).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel all other tasks of the loop, and end its generators and threads."""
    others = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
