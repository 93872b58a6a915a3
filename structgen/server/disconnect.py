"""Stop the work of a request whose client has gone away."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

from litestar import Request

from structgen.errors import Overloaded, StructgenError

PATIENCE = 0.02
"""Seconds after which the connection is watched: most requests have been answered by then."""


class ClientGone(StructgenError):
    """Nobody is there to read the answer."""

    name = "client-gone"


class WhileConnected:
    """`async with WhileConnected(request):` cancels the block when the client leaves; then `ClientGone`.

    The body must have been read before, and the answer must not have begun. Where the block ends with
    `Overloaded`, the service's `Refusals` decide when that goes out.
    """

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self._request = request
        self._watching: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._owner = task
        self._start = asyncio.get_running_loop().call_later(PATIENCE, self._begin)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if isinstance(error, Overloaded):
                await self._request.app.state.refusals.pace()
        except asyncio.CancelledError:
            if not self._gone:
                raise
            kind = asyncio.CancelledError
        finally:
            self._start.cancel()
            if self._watching is not None:
                self._watching.cancel()
        if self._gone and self._owner.uncancel() == 0 and kind is asyncio.CancelledError:
            raise ClientGone("the client went away")

    def _begin(self) -> None:
        self._watching = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._owner.cancel()
