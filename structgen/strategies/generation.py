"""One generation of the engine: its chunks gathered into a value, with progress events on the way."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from structgen.engines.base import Engine, EngineRequest
from structgen.engines.model_card import ModelCard
from structgen.evidence.answer_signals import WrittenAnswer
from structgen.evidence.answer_tokens import AnswerTokens
from structgen.parsing.incremental.forced_values import forced_pointers
from structgen.parsing.incremental.partial_json import PartialJson, parse_partial
from structgen.strategies.answer_warnings import warnings
from structgen.strategies.deadline import seconds_left
from structgen.strategies.events import EventSink, PartialObject, TextDelta, ThoughtDelta
from structgen.strategies.loop_detection import Loop, LoopDetector
from structgen.types import Chunk, Diagnostic, FinishReason, TokenLogprob, Usage, Violation

PARTIAL_INTERVAL = 0.1
"""Seconds between two partial objects."""


def partial_answer(text: str, *, plain: bool) -> PartialJson:
    """Return what is complete of a growing answer: members and items of JSON, or all of a plain text."""
    return PartialJson(text, ()) if plain else parse_partial(text)


@dataclass(frozen=True, slots=True)
class Generation:
    """The answer of one attempt, and how it ended."""

    text: str
    reasoning: str
    finish: FinishReason
    """`length` where the token budget or a loop ended the answer."""
    usage: Usage
    tokens: AnswerTokens
    written_before_completion: int | None = None
    """Characters of the text before the budget closed it, where it did."""
    shortest_completion_tokens: int | None = None
    """Tokens of the shortest valid answer, where the budget is smaller."""
    unreadable_characters: str = ""
    """Characters of the prompt that the model cannot read."""
    logprobs: tuple[TokenLogprob, ...] = ()
    """The tokens of the answer, where the engine returned their log-probabilities."""
    loop: Loop | None = None
    """The endless repetition that the answer was ended for."""
    plain: bool = False
    """Whether the answer is plain text, not JSON."""

    @property
    def partial(self) -> PartialJson:
        """The complete part of the answer; a plain text has no parts."""
        return partial_answer(self.text, plain=self.plain)

    @property
    def characters_per_token(self) -> float:
        """The mean length of the answer's tokens, 1 at least."""
        return max(1.0, len(self.text) / max(1, self.usage.completion_tokens))

    def forced(self, value: Any) -> tuple[str, ...]:
        """Return pointers to the values that the budget cut or chose; `value` is the value of the text."""
        return (
            ()
            if self.written_before_completion is None
            else tuple(forced_pointers(self.text[: self.written_before_completion], value))
        )

    def written(self, opened: tuple[str, ...]) -> WrittenAnswer:
        """Return the text with its tokens; `opened` points to what the attempt could change."""
        return WrittenAnswer(self.text, self.tokens, opened, self.plain)

    def loop_violations(self) -> tuple[Violation, ...]:
        """Return the loop as a violation at the value that repeats, for the account of the attempt."""
        if self.loop is None:
            return ()
        return (Violation(self.partial.cut_at or "", "loop", str(self.loop)),)

    def warnings(self, card: ModelCard) -> list[Diagnostic]:
        """Warn of characters that the model cannot read, and of JSON values with a low probability."""
        return warnings(card, self.unreadable_characters, self.text, None if self.plain else self.tokens)


@dataclass
class GenerationCollector:
    """Gathers the chunks of one generation; `usage` is known while it runs."""

    loop_detector: LoopDetector
    plain: bool = False
    """Whether the answer is plain text, not JSON."""
    usage: Usage = field(default_factory=Usage)
    text: str = ""
    _reasoning: str = ""
    _finish: FinishReason = "stop"
    _written_before_completion: int | None = None
    _shortest_completion_tokens: int | None = None
    _unreadable_characters: str = ""
    _loop: Loop | None = None
    _tokens: AnswerTokens = field(default_factory=AnswerTokens)
    _logprobs: list[TokenLogprob] = field(default_factory=list)

    def take(self, chunk: Chunk) -> None:
        """Add a chunk."""
        self.text += chunk.text
        self._reasoning += chunk.reasoning
        self._written_before_completion = chunk.written_before_completion
        self._shortest_completion_tokens = chunk.shortest_completion_tokens
        self._unreadable_characters = chunk.unreadable_characters or self._unreadable_characters
        self._tokens.follow(chunk)
        self._logprobs += chunk.logprobs
        self._finish, self.usage = chunk.finish or self._finish, chunk.usage or self.usage

    def detect_loop(self, chunk: Chunk) -> bool:
        """Look for a loop in the answer up to a chunk; one that ended by itself has none."""
        if chunk.finish == "stop":
            return False
        self._loop = self.loop_detector.find(self.text, last=chunk.finish is not None)
        return self._loop is not None

    def generation(self) -> Generation:
        """Return the generation as it stands."""
        return Generation(
            self.text,
            self._reasoning,
            self._finish if self._loop is None else "length",
            self.usage,
            self._tokens,
            self._written_before_completion,
            self._shortest_completion_tokens,
            self._unreadable_characters,
            tuple(self._logprobs),
            self._loop,
            self.plain,
        )


@dataclass
class _Progress:
    """Emits the text as it grows, and now and then the object so far; of plain text the text so far."""

    emit: EventSink
    plain: bool
    _last_object: Any = None
    _last_object_at: float = 0.0

    async def show(self, reasoning: str, delta: str, text: str) -> None:
        """Emit the events for thoughts that grew by `reasoning`, and a text that grew by `delta`."""
        if reasoning:
            await self.emit(ThoughtDelta(reasoning))
        if delta:
            await self.emit(TextDelta(delta))
        if time.monotonic() - self._last_object_at < PARTIAL_INTERVAL:
            return
        value, self._last_object_at = partial_answer(text, plain=self.plain).value, time.monotonic()
        if value not in (None, "") and value != self._last_object:
            self._last_object = value
            await self.emit(PartialObject(value))


async def generate(
    engine: Engine,
    request: EngineRequest,
    collector: GenerationCollector,
    deadline_at: float | None,
    emit: EventSink | None,
) -> Generation:
    """Run one generation until it ends or runs in a loop.

    Raises `TimeoutError` when the deadline passes, and what the engine raises: `collector` keeps the usage.
    """
    progress = None if emit is None else _Progress(emit, collector.plain)
    async with aclosing(engine.generate(request)) as chunks, asyncio.timeout(seconds_left(deadline_at)):
        async for chunk in chunks:
            collector.take(chunk)
            if progress is not None:
                await progress.show(chunk.reasoning, chunk.text, collector.text)
            if collector.detect_loop(chunk):
                break
    return collector.generation()
