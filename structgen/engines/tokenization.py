"""Tokenize prompts in one thread: a bounded queue, short prompts first, cancelled with their caller."""

from __future__ import annotations

import asyncio
import heapq
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count

from cachetools import LRUCache

from structgen.errors import EngineUnavailable, Overloaded, PromptTooLong
from structgen.prompts.chat_template import PromptEncoder
from structgen.types import Conversation

_CACHED = 32
"""Prompts whose tokens are cached between `count` and `encode`."""


class TokenizerQueue:
    """Runs an engine's encoder off the event loop. `longest` prompts may wait; more get `Overloaded`."""

    def __init__(self, encoder: PromptEncoder, longest: int = 256) -> None:
        self.encoder, self._longest = encoder, longest
        self._thread = ThreadPoolExecutor(1, "tokenizing")
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrival, self._busy, self._closed = count(), False, False
        self._counted: LRUCache[Conversation, list[int]] = LRUCache(_CACHED)

    @property
    def waiting(self) -> int:
        """Number of prompts that wait for the thread."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether the queue is full."""
        return self.waiting >= self._longest

    async def count(self, prompt: Conversation) -> int:
        """Count the tokens of the prompt; of one that does not fit the context, a lower bound."""
        try:
            ids = self._counted.get(prompt) or await self._ids(prompt)
        except PromptTooLong as error:
            return error.tokens
        self._counted[prompt] = ids
        return len(ids)

    async def encode(self, prompt: Conversation) -> list[int]:
        """Encode the prompt as `PromptEncoder.encode` does, or take the tokens that `count` cached."""
        cached = self._counted.pop(prompt, None)
        return cached or await self._ids(prompt)

    async def _ids(self, prompt: Conversation) -> list[int]:
        size = prompt.characters
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
            elif turn.done() and not turn.cancelled() and turn.exception() is None:  # granted meanwhile
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
        """End the waiting calls with `EngineUnavailable`; a running one ends by itself."""
        for *_, turn in self._waiting:
            if not turn.done():
                turn.set_exception(EngineUnavailable("the engine was closed"))
        self._waiting.clear()
        self._counted.clear()
        self._closed = True
        self._thread.shutdown(wait=False)
