"""Read and validate the bodies of requests; few large ones at once, so that many take no more memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from litestar import Request

from structgen import api
from structgen.api import BodyT
from structgen.errors import BadRequest, Overloaded, RequestTimeout
from structgen.server import access
from structgen.server.disconnect import WhileConnected
from structgen.types import Violation
from structgen.workers import CALLER

if TYPE_CHECKING:
    from structgen.server.service import Service

ARRIVED, BODY_READ = "arrived", "body_read"
"""Keys in a request scope's state: arrival on the monotonic clock, and whether the whole body was read."""
SMALL = 2**14
"""Bytes below which a body is parsed on the event loop: a switch to a thread would take longer."""
LARGE = 2**17
"""Bytes from which on a body is parsed in another process."""
MAX_CONCURRENT = 8
"""Large bodies that are received or parsed at once."""
TURN_TIMEOUT = 30.0
"""Seconds that a large body waits for its turn."""
RECEIVE_SECONDS, BYTES_PER_SECOND = 10.0, 128 * 2**10
"""Seconds in which a large body has to arrive once it has its turn; each so many bytes add one second."""


class BodyReceiver:
    """Receive the bodies of requests, a few large ones at a time."""

    def __init__(self, max_body: int) -> None:
        self._max_body = max_body
        self._turns = asyncio.Semaphore(MAX_CONCURRENT)

    @asynccontextmanager
    async def received(self, request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
        """Yield the body. One of `LARGE` bytes or more, or of unknown length, holds a turn until the end.

        The connection is not read while a body waits for its turn; `Overloaded` after `TURN_TIMEOUT` seconds.
        """
        length = request.headers.get("content-length", "")
        size = int(length) if length.isdecimal() else self._max_body
        state = request.scope["state"]
        if not LARGE <= size <= self._max_body:
            body = await request.body()
            state[BODY_READ] = True
            yield body
            return
        seconds = RECEIVE_SECONDS + size / BYTES_PER_SECOND
        async with self._turn():
            try:
                async with asyncio.timeout(seconds):
                    # `request.body()` would keep the bytes as long as the connection.
                    body = b"".join([piece async for piece in request.stream()])
            except TimeoutError:
                raise RequestTimeout(f"the body did not arrive in {seconds:.0f} s") from None
            state[BODY_READ] = True
            yield body

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN_TIMEOUT):
                await self._turns.acquire()
        except TimeoutError:
            raise Overloaded("too many large bodies arrive at once", retry_after=5.0) from None
        try:
            yield
        finally:
            self._turns.release()


async def read_body(kind: type[BodyT], request: Request[Any, Any, Any], service: Service) -> BodyT:
    """Receive and validate the body of a request; later work in the queues counts for its caller.

    A small body is parsed on the event loop, a larger one in a thread, and a large one in another process.
    """
    access.check_media(request.scope)
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) != "identity":
        fault = Violation("", "content-encoding", f"a body in {coding!r} is not read: send it plain")
        raise BadRequest(fault.message, [fault])
    CALLER.set(_caller(request, service))
    async with service.bodies.received(request) as text:
        if len(text) < SMALL:
            return api.parse_body(kind, text)
        async with WhileConnected(request, service.refusals):
            if len(text) < LARGE:
                return await asyncio.to_thread(api.parse_body, kind, text)
            return await service.workers.read(kind, text, service.config.limits)


def _caller(request: Request[Any, Any, Any], service: Service) -> Hashable:
    """Return the caller that shares the queues: the API key if there are several, else the connection."""
    several = len(service.config.keys) > 1
    return request.scope["state"][access.CALLER] if several else request.scope.get("client")
