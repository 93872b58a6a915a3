"""An event loop in a thread of its own, on which an engine serves synchronous callers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from structgen.engines.base import Engine
from structgen.errors import EngineUnavailable

R = TypeVar("R")
CLOSED = "the generator was closed"
"""Detail of the error of calls that `close` ends."""


class BackgroundLoop:
    """Runs coroutines for synchronous callers; the first call starts the loop and the engine.

    Threads may share it. A call after `close` starts both again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._running: _RunningLoop | None = None
        self._lock = threading.Lock()

    def wait(self, work: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine and wait for its result; raise `EngineUnavailable` if `close` ended it."""
        with self._lock:
            if self._running is None:
                try:
                    self._running = _RunningLoop(self._engine)
                except BaseException:
                    work.close()
                    raise
            future = self._running.submit(work)
        try:
            return future.result()
        except CancelledError:
            raise EngineUnavailable(CLOSED) from None
        except BaseException:  # such as the caller's Ctrl-C: the result has no reader any more
            future.cancel()
            raise

    @contextmanager
    def iterate(self, values: AsyncGenerator[R, None]) -> Iterator[Iterator[R]]:
        """Give an iterator over what the generator yields; the end of the block closes the generator."""
        try:
            yield iter(lambda: self.wait(_next(values)), None)
        finally:
            self.wait(values.aclose())

    def close(self) -> None:
        """Close the engine if a call started it, and end the thread."""
        with self._lock:
            running, self._running = self._running, None
            if running is not None:
                running.close()


class _RunningLoop:
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


async def _next(values: AsyncGenerator[R, None]) -> R | None:
    with suppress(StopAsyncIteration):
        return await anext(values)
    return None
