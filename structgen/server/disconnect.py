"""Stop the work of a request when its client disconnects."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

from litestar import Request

from structgen.errors import ClientGone, Overloaded
from structgen.server.refusals import RefusalPacer

WATCH_DELAY = 0.02
"""Seconds after which the connection is watched: most responses are complete by then."""


class WhileConnected:
    """`async with WhileConnected(request, refusals):` cancels the block when the client disconnects.

    Raises `ClientGone` then. The body must have been read before, and the response must not have begun.
    The pacer delays a refusal (`Overloaded`) that ends the block.
    """

    def __init__(self, request: Request[Any, Any, Any], refusals: RefusalPacer) -> None:
        self._request, self._refusals = request, refusals
        self._watcher: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._owner = task
        self._timer = asyncio.get_running_loop().call_later(WATCH_DELAY, self._start_watcher)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if isinstance(error, Overloaded):
                await self._refusals.pace()
        except asyncio.CancelledError:
            if not self._gone:
                raise
            kind = asyncio.CancelledError
        finally:
            self._timer.cancel()
            if self._watcher is not None:
                self._watcher.cancel()
        if self._gone and self._owner.uncancel() == 0 and kind is asyncio.CancelledError:
            raise ClientGone("the client closed the connection before the response")

    def _start_watcher(self) -> None:
        self._watcher = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._owner.cancel()
