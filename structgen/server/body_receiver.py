"""Receive the bodies of requests, few large ones at once, so that many take no more memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Request

from structgen.errors import Overloaded, RequestTimeout

ARRIVED, BODY_READ = "arrived", "body_read"
"""Keys in a request scope's state: arrival on the monotonic clock, and whether the whole body was read."""
LARGE = 2**17
"""Bytes from which on a body waits for a turn, and is parsed in another process."""
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
            raise Overloaded(
                "too many large request bodies at once: try again later", retry_after=5.0
            ) from None
        try:
            yield
        finally:
            self._turns.release()
