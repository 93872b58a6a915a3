"""Bodies as they arrive: large ones a few at a time, so that many together take no more memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Request

from structgen.errors import Overloaded, RequestTimeout

ARRIVED, BODY_READ = "arrived", "body_read"
"""Names in the state of a request's scope: when it came, on the monotonic clock, and whether its body is
there in whole."""
AT_ONCE = 8
"""Large bodies that are received or read at once."""
PATIENCE = 30.0
"""Seconds that a large body waits for its turn."""
QUICKLY, FASTER = 10.0, 128 * 2**10
"""Seconds in which a large body has to arrive once it has its turn, and bytes for each second more."""


class Bodies:
    """Receives the bodies of requests."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def received(self, request: Request[Any, Any, Any], large: int) -> AsyncIterator[bytes]:
        """The body; one of `large` bytes or more, or of unknown length, counts as large until the end.

        While a body waits for its turn, its connection is not read. `Overloaded` after `PATIENCE` seconds.
        """
        length = request.headers.get("content-length", "")
        size = int(length) if length.isdecimal() else self._most
        state = request.scope["state"]
        if not large <= size <= self._most:
            body = await request.body()
            state[BODY_READ] = True
            yield body
            return
        seconds = QUICKLY + size / FASTER
        async with self._turn():
            try:
                async with asyncio.timeout(
                    seconds
                ):  # `request.body()` would keep it as long as the connection
                    body = b"".join([piece async for piece in request.stream()])
            except TimeoutError:
                raise RequestTimeout(f"the body did not arrive in {seconds:.0f} s") from None
            state[BODY_READ] = True
            yield body

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turns.acquire()
        except TimeoutError:
            raise Overloaded("too many large bodies arrive at once", retry_after=5.0) from None
        try:
            yield
        finally:
            self._turns.release()
