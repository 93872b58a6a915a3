"""Parse the events of a streamed chat completion into chunks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from structgen.engines.remote.errors import event_error
from structgen.engines.remote.tool_call_deltas import ToolCallDeltas
from structgen.errors import EngineFailed, EngineUnavailable
from structgen.http_responses import (
    MAX_RESPONSE_BYTES,
    BodyDecoder,
    EventParser,
    ResponseDecodingError,
    ServerSentEvent,
    response_too_large,
)
from structgen.types import Chunk, FinishReason, TokenLogprob, Usage, token_count

THOUGHTS = ("reasoning_content", "reasoning", "thinking")
"""Members of a delta that hold thoughts; some servers send the same text in two of them."""
FLOOR = -9999.0
"""Log-probability in place of one that is not a finite number."""
_FAILED = {"error": "failed", "abort": "was aborted", "content_filter": "was cut by the server's filter"}


class CompletionStream:
    """Sans-I/O parser of one streamed completion; `feed` takes its bytes."""

    def __init__(self, allowed: int = MAX_RESPONSE_BYTES) -> None:
        self._decoder, self._parser = BodyDecoder(), EventParser(allowed)
        self._allowed, self._size = allowed, 0
        self._finish: FinishReason | None = None
        self._usage: Usage | None = None
        self._calls = ToolCallDeltas()
        self.done = False
        """Whether the server has sent `[DONE]`."""

    def set_encoding(self, encoding: str) -> None:
        """Set the Content-Encoding of the bytes to come."""
        with _readable():
            self._decoder = BodyDecoder(encoding)

    def feed(self, data: bytes) -> Iterator[Chunk]:
        """Yield the chunks that the bytes complete, without the last; raise the errors they report."""
        for event in self._events(data):
            if event.data.strip() == "[DONE]":
                self.done = True
            elif not self.done:
                chunk = self._read(event.data)
                if chunk.text or chunk.reasoning or chunk.logprobs:
                    yield chunk

    def _events(self, data: bytes) -> Iterator[ServerSentEvent]:
        with _readable():
            for piece in self._decoder.feed(data):
                yield from self._parser.feed(piece)

    def end(self) -> tuple[Chunk, bool]:
        """Return the last chunk, and whether the server reported usage; raise for a broken stream."""
        if self._finish is None:
            raise EngineUnavailable("the remote server's stream broke off before its end")
        return Chunk(finish=self._finish, usage=self._usage or Usage()), self._usage is not None

    def _read(self, data: str) -> Chunk:
        try:
            event = json.loads(data)
            failure = event_error(event)
            if failure is not None:
                raise failure
            if isinstance(event.get("usage"), dict):
                self._usage = _usage(event["usage"])
            for choice in event.get("choices") or ():
                return self._choice(choice)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise EngineFailed(f"the remote server's stream cannot be read: {error}"[:300]) from error
        return Chunk()

    def _choice(self, choice: Mapping[str, Any]) -> Chunk:
        """Read the answer's text, with its tool calls in tags, and its thoughts."""
        reason, delta = choice.get("finish_reason"), choice.get("delta") or {}
        if reason in _FAILED:
            raise EngineFailed(f"the generation {_FAILED[reason]} in the remote server")
        content = delta.get("content")
        text = content if isinstance(content, str) else ""
        calls = self._calls.feed(delta.get("tool_calls"))
        if reason is not None:
            self._finish = "length" if reason == "length" else "stop"
            calls += self._calls.end(cut=reason == "length")
        thoughts = (delta.get(member) for member in THOUGHTS)
        reasoning = next((thought for thought in thoughts if isinstance(thought, str) and thought), "")
        (text + calls + reasoning).encode()  # half of a surrogate pair is no text: it would fail later
        self._size += len(text) + len(calls) + len(reasoning)
        if self._size + self._calls.held > self._allowed:
            raise response_too_large(self._allowed)
        logprobs = _logprobs(choice.get("logprobs"))
        if reason == "stop" and logprobs and not text.endswith(logprobs[-1].token):
            logprobs = logprobs[:-1]  # of the end-of-turn token, which has no text
        return Chunk(text + calls, logprobs=logprobs, reasoning=reasoning)


def _usage(reported: Mapping[str, Any]) -> Usage:
    details = reported.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    return Usage(
        token_count(reported.get("prompt_tokens")),
        token_count(reported.get("completion_tokens")),
        token_count(cached),
    )


def _logprobs(reported: Any) -> tuple[TokenLogprob, ...]:
    entries = (reported or {}).get("content") or ()
    if not all(isinstance(entry["token"], str) for entry in entries):
        raise TypeError("a token is not a string")
    return tuple(TokenLogprob(entry["token"], _finite(entry.get("logprob"))) for entry in entries)


def _finite(value: Any) -> float:
    try:
        number = float(value) if isinstance(value, int | float) else FLOOR
    except OverflowError:
        return FLOOR
    return number if math.isfinite(number) else FLOOR


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ResponseDecodingError as fault:
        raise EngineFailed(f"the remote server's answer cannot be read: {fault}") from fault
