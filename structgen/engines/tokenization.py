"""Prompts become tokens in one thread: bounded, the short ones first, and ended when their caller leaves."""

from __future__ import annotations

import asyncio
import heapq
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count

from structgen.errors import EngineUnavailable, Overloaded, PromptTooLong
from structgen.prompts.chat_template import Encoder
from structgen.types import Message

KEPT = 32
"""Prompts whose tokens are kept from their count to their generation."""


class Tokenizing:
    """The encoder of an engine, off the event loop. `longest` prompts may wait, more get `Overloaded`."""

    def __init__(self, encoder: Encoder, longest: int = 256) -> None:
        self.encoder, self._longest = encoder, longest
        self._thread = ThreadPoolExecutor(1, "tokenizing")
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrival, self._busy, self._closed = count(), False, False
        self._counted: OrderedDict[tuple[Message, ...], list[int]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Prompts that wait for their turn."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether no more may wait."""
        return self.waiting >= self._longest

    async def count(self, prompt: tuple[Message, ...]) -> int:
        """Tokens of the prompt; where it does not fit, at least that many."""
        try:
            ids = self._counted.get(prompt) or await self._ids(prompt)
        except PromptTooLong as error:
            return error.tokens
        self._counted[prompt] = ids
        while len(self._counted) > KEPT:
            self._counted.popitem(last=False)
        return len(ids)

    async def encode(self, prompt: tuple[Message, ...]) -> list[int]:
        """As `Encoder.encode`; what was counted before is not made again."""
        known = self._counted.pop(prompt, None)
        return known or await self._ids(prompt)

    async def _ids(self, prompt: tuple[Message, ...]) -> list[int]:
        size = sum(len(message.content) for message in prompt)
        self.encoder.check_length(size)
        ended = threading.Event()
        async with self._turn(size):
            if self._closed:
                raise EngineUnavailable("the engine was closed")
            job = self._thread.submit(self.encoder.encode, prompt, ended)
            try:
                return await asyncio.wrap_future(job)
            finally:
                ended.set()

    @asynccontextmanager
    async def _turn(self, size: int) -> AsyncIterator[None]:
        if self._busy:
            if self.full:
                raise Overloaded(f"{self.waiting} prompts wait for the tokenizer already", retry_after=2.0)
            await self._wait(size)
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, size: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = size, next(self._arrival), turn
        heapq.heappush(self._waiting, entry)
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
            elif turn.done() and not turn.cancelled() and turn.exception() is None:  # it came meanwhile
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        self._busy = False
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                self._busy = True
                turn.set_result(None)
                return

    def close(self) -> None:
        """End what waits with `EngineUnavailable`; what runs ends by itself."""
        for *_, turn in self._waiting:
            if not turn.done():
                turn.set_exception(EngineUnavailable("the engine was closed"))
        self._waiting.clear()
        self._counted.clear()
        self._closed = True
        self._thread.shutdown(wait=False)
