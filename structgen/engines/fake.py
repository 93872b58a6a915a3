"""Engine with scripted replies, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from structgen.engines.base import Capabilities, Engine, EngineRequest, Health
from structgen.errors import EngineFailed, EngineUnavailable
from structgen.types import Chunk, Conversation, FinishReason, Usage


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted generation: `delay` is in seconds before each piece, `error` is raised at the end.

    `thought` comes before all of the text.
    """

    text: str = ""
    finish: FinishReason = "stop"
    delay: float = 0.0
    reasoning: str = ""
    error: Exception | None = None


class FakeEngine(Engine):
    """Yields the replies in turn, and with `cycle` again from the first; records the requests.

    A token is four characters. The constraint is ignored: a reply may violate it.
    """

    def __init__(self, replies: Sequence[str | Reply], *, cycle: bool = True, model: str = "fake") -> None:
        self.model = model
        self.capabilities = Capabilities(concurrency=1_000, supports_thinking=True)
        self.requests: list[EngineRequest] = []
        self.cancelled = 0
        """Number of generations that were closed before their end."""
        self._replies = [Reply(r) if isinstance(r, str) else r for r in replies]
        self._cycle = cycle
        self._running = 0
        self._closed = False

    async def start(self) -> None:
        self._closed = False

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        if self._closed:
            raise EngineUnavailable("the engine is closed")
        reply = self._next(request)
        prompt, finished = _prompt_tokens(request.prompt), False
        self._running += 1
        try:
            if reply.reasoning:
                yield Chunk(reasoning=reply.reasoning)
            for start in range(0, len(reply.text), 4):
                await asyncio.sleep(reply.delay)
                if self._closed:
                    raise EngineUnavailable("the engine was closed")
                so_far = start // 4 + 1
                yield Chunk(reply.text[start : start + 4], usage=Usage(prompt, so_far, decode_steps=so_far))
            finished = True
            if reply.error is not None:
                raise reply.error
            tokens = -(-len(reply.text) // 4)
            yield Chunk(finish=reply.finish, usage=Usage(prompt, tokens, decode_steps=tokens))
        finally:
            self._running -= 1
            self.cancelled += not finished

    def _next(self, request: EngineRequest) -> Reply:
        index = len(self.requests)
        self.requests.append(request)
        if not self._replies or (index >= len(self._replies) and not self._cycle):
            raise EngineFailed(f"the script of {len(self._replies)} replies is at its end")
        return self._replies[index % len(self._replies)]

    async def count(self, prompt: Conversation) -> int:
        return _prompt_tokens(prompt)

    async def health(self) -> Health:
        return Health(not self._closed, running=self._running, closed=self._closed)

    async def close(self) -> None:
        self._closed = True


def _prompt_tokens(prompt: Conversation) -> int:
    return sum(len(text) // 4 for text in prompt.texts())
