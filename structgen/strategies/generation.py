"""The answer of one attempt, as it grows from the chunks of an engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from structgen.engines.model_card import ModelCard
from structgen.parsing.incremental.forced_values import forced
from structgen.parsing.incremental.partial_json import partial
from structgen.strategies import answer_warnings
from structgen.strategies.answer_warnings import Confidence
from structgen.strategies.base import PartialObject, TextDelta
from structgen.strategies.loop_detection import Loop, LoopWatch
from structgen.types import Chunk, Diagnostic, FinishReason, Usage

PARTIAL_INTERVAL = 0.1
"""Seconds between two partial objects."""


@dataclass
class Answer:
    """What the model wrote so far, and what ended it."""

    text: str = ""
    thought: str = ""
    finish: FinishReason = "stop"
    usage: Usage | None = None
    """What is known of the usage of the attempt while it runs; None once it is in the account."""
    written: int | None = None
    """Characters of the text that the model wrote, where the budget closed it."""
    needed: int | None = None
    """Tokens of the shortest valid answer, where the budget is smaller."""
    unread: str = ""
    confidence: Confidence = field(default_factory=Confidence)
    loop: Loop | None = None
    """What the answer repeats without end, where it does."""
    watch: LoopWatch | None = None

    def take(self, chunk: Chunk) -> None:
        """Add a chunk."""
        self.text += chunk.text
        self.thought += chunk.thought
        self.needed, self.written = chunk.needed, chunk.written
        self.unread = chunk.unread or self.unread
        self.confidence.follow(chunk)
        self.finish, self.usage = chunk.finish or self.finish, chunk.usage or self.usage

    def runs_in_a_loop(self, chunk: Chunk) -> bool:
        """Look for a loop after a chunk; an answer that ended by itself has none."""
        if self.watch is None or chunk.finish == "stop":
            return False
        self.loop = self.watch.found(self.text, last=chunk.finish is not None)
        if self.loop is None:
            return False
        self.finish = "length"
        return True

    def warnings(self, card: ModelCard) -> list[Diagnostic]:
        """Warn of what the model cannot read, and of values that it was unsure of."""
        return answer_warnings.warnings(card, self.unread, self.text, self.confidence)

    def forced(self, data: Any) -> tuple[str, ...]:
        """Return pointers to the values that the budget cut or chose; `data` is the value of the text."""
        return () if self.written is None else tuple(forced(self.text[: self.written], data))


async def collected(generation: AsyncGenerator[Chunk, None], answer: Answer, end: float | None) -> None:
    """Add the chunks of a generation to the answer until it ends or runs in a loop.

    Raises `TimeoutError` at `end`, a time of the monotonic clock.
    """
    async with aclosing(generation) as chunks, asyncio.timeout(seconds_left(end)):
        async for chunk in chunks:
            answer.take(chunk)
            if answer.runs_in_a_loop(chunk):
                break


async def streamed(
    generation: AsyncGenerator[Chunk, None], answer: Answer, end: float | None
) -> AsyncGenerator[TextDelta | PartialObject, None]:
    """Do as `collected`, and yield the text and the objects on the way."""
    shown, shown_at = None, 0.0
    async with aclosing(generation) as chunks:
        while (chunk := await _next(chunks, end)) is not None:
            answer.take(chunk)
            if chunk.text:
                yield TextDelta(chunk.text)
            if time.monotonic() - shown_at >= PARTIAL_INTERVAL:
                found, shown_at = partial(answer.text).value, time.monotonic()
                if found is not None and found != shown:
                    shown = found
                    yield PartialObject(found)
            if answer.runs_in_a_loop(chunk):
                break


async def _next(chunks: AsyncGenerator[Chunk, None], end: float | None) -> Chunk | None:
    """Return the next chunk, None after the last."""
    async with asyncio.timeout(seconds_left(end)):
        return await anext(chunks, None)


def seconds_left(end: float | None) -> float | None:
    """Return the seconds until a time of the monotonic clock; None where there is none."""
    return None if end is None else end - time.monotonic()
