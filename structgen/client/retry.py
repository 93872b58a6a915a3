"""One call's way to the service: what is tried again, when, and for how long. Free of I/O."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.client.problems import from_problem
from structgen.client.protocol import Ask, Call, Emit, Head, Lost, Read, Wait
from structgen.errors import (
    BadAnswer,
    ConfigError,
    ConnectionFailed,
    DeadlineExceeded,
    EngineUnavailable,
    Overloaded,
    StructgenError,
    Unauthorized,
    Unavailable,
)  # fmt: skip
from structgen.http_responses import (
    MAX_ANSWER_BYTES,
    BodyDecoder,
    EventParser,
    ServerEvent,
    WireFault,
    seconds,
    too_large,
)  # fmt: skip
from structgen.types import Usage

LATER: Mapping[int, type[Unavailable]] = {429: Overloaded, 503: EngineUnavailable}
"""The statuses that are worth another try, and what they mean without a problem that says more."""

FOREIGN = "the answer is not one of structgen's service"
_LONGEST = 10_000_000.0
"""Seconds that a socket can be told to wait, with room to spare."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call goes on. Times in seconds; a wait doubles from one retry to the next."""

    timeout: float = 300.0
    """For the whole call, its waits and retries included."""
    max_retries: int = 3
    """After 429, 503 and lost connections alone."""
    max_answer_bytes: int = MAX_ANSWER_BYTES
    """Of a decoded body, or of one event of a stream."""
    first_wait: float = 0.25
    max_wait: float = 30.0
    """A service that asks for a longer wait than this gets no retry."""
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    """In [0, 1): spreads the retries of clients that failed together."""

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= _LONGEST:
            raise ConfigError(f"timeout must be a positive number of seconds, not {self.timeout!r}")
        if self.max_retries < 0 or self.max_answer_bytes < 1:
            raise ConfigError("max_retries must be 0 or more, max_answer_bytes 1 or more")


class Sending:
    """Exchanges of one call, under one deadline and one count of retries."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._until = patience.clock() + patience.timeout
        self._retries = 0
        self._decoder = BodyDecoder()

    def exchange(self, method: str, path: str, body: bytes | None = None) -> Call[dict[str, Any]]:
        """The JSON object that the service answers."""
        while True:
            try:
                yield from self._open(Ask(method, path, body, self._left()))
                return _json((yield from self._rest()))
            except (Unavailable, ConnectionFailed) as error:
                yield Wait(self._pause(error))

    def stream(self, path: str, body: bytes) -> Call[dict[str, Any]]:
        """Emits the partial objects, returns the result. No retry once something was emitted."""
        shown = False
        while True:
            try:
                yield from self._open(Ask("POST", path, body, self._left()))
                parser = EventParser(self._patience.max_answer_bytes)
                while pieces := (yield from self._read()):
                    for event in _events(parser, pieces):
                        if event.name == "result":
                            return _json(event.data)
                        for data in _partial(event):
                            shown = True
                            yield Emit(data)
                raise ConnectionFailed("the stream ended without a result")
            except (Unavailable, ConnectionFailed) as error:
                if shown:
                    raise
                yield Wait(self._pause(error))

    def _open(self, ask: Ask) -> Call[None]:
        """Returns before the body of a success; any other answer is raised."""
        head = yield ask
        if not isinstance(head, Head):
            raise self._lost(head)
        with _readable():
            self._decoder = BodyDecoder(head.headers.get("content-encoding", ""))
        if not 200 <= head.status < 300:
            raise _refusal(head, (yield from self._rest()))

    def _read(self) -> Call[Iterator[bytes] | None]:
        """The decoded pieces of the next bytes, None at the end of the body."""
        chunk = yield Read(self._left())
        if not isinstance(chunk, bytes):
            raise self._lost(chunk)
        pieces = self._decoder.feed(chunk)
        if chunk:
            return pieces
        with _readable():
            any(pieces)  # nothing but a fault can be left
        return None

    def _rest(self) -> Call[bytes]:
        chunks, size = [], 0
        while pieces := (yield from self._read()):
            with _readable():
                for piece in pieces:
                    chunks.append(piece)
                    size += len(piece)
                    if size > self._patience.max_answer_bytes:
                        raise too_large(self._patience.max_answer_bytes)
        return b"".join(chunks)

    def _lost(self, reply: object) -> StructgenError:
        self._left()
        return ConnectionFailed(reply.detail if isinstance(reply, Lost) else "the answer broke off")

    def _left(self) -> float:
        left = self._until - self._patience.clock()
        if left <= 0:
            detail = (
                f"no answer within {self._patience.timeout:g} s, the client's timeout: raise its `timeout`"
            )
            raise DeadlineExceeded(detail, (), Usage())
        return left

    def _pause(self, error: Unavailable | ConnectionFailed) -> float:
        """Seconds until the next try; raises the error where there is none."""
        own, self._retries = self._patience.first_wait * 2.0**self._retries, self._retries + 1
        asked = error.retry_after if isinstance(error, Unavailable) else 0.0
        wait = asked + min(own, self._patience.max_wait) * (0.5 + self._patience.chance() / 2)
        if self._retries > self._patience.max_retries or asked > self._patience.max_wait:
            raise error
        if wait >= self._left():
            raise error
        return wait


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except WireFault as fault:
        raise BadAnswer(str(fault)) from fault


def _events(parser: EventParser, pieces: Iterator[bytes]) -> Iterator[ServerEvent]:
    with _readable():
        for piece in pieces:
            yield from parser.feed(piece)


def _json(text: bytes | str) -> dict[str, Any]:
    """The object of an answer: all of the service's answers are objects."""
    try:
        value = json_text.loads(text)
    except json_text.JsonFault as fault:
        raise BadAnswer(f"{FOREIGN}: {fault}") from fault
    if not isinstance(value, dict):
        raise BadAnswer(f"{FOREIGN}: no JSON object")
    return value


def _partial(event: ServerEvent) -> list[Any]:
    """The object of a `partial` event; a `problem` is raised, the other events say nothing here."""
    if event.name == "problem":
        raise _error(_json(event.data), f"a problem that cannot be read: {event.data[:200]}")
    return [_json(event.data).get("data")] if event.name == "partial" else []


def _refusal(head: Head, body: bytes) -> StructgenError:
    """The error that an answer other than 2xx stands for."""
    error = _error(_problem(body), _unknown(head, body))
    if isinstance(error, Unauthorized):
        own = "the service refuses the API key" if head.keyed else "no API key was given"
        return Unauthorized(f"{own}: {error}")
    if head.status in LATER and not isinstance(error, Unavailable):
        error = LATER[head.status](str(error))
    asked = seconds(head.headers.get("retry-after", ""))
    if isinstance(error, Unavailable) and asked is not None:
        error.retry_after = asked
    return error


def _problem(body: bytes) -> Any:
    try:
        return json_text.loads(body)
    except json_text.JsonFault:
        return None


def _unknown(head: Head, body: bytes) -> str:
    """What to say of an answer that is no problem of the service."""
    if 300 <= head.status < 400:
        there = head.headers.get("location", "nowhere")[:200]
        return f"HTTP {head.status} sends to {there}: redirects are not followed; give that address instead"
    shown = body[:200].decode("utf-8", "replace")
    return f"HTTP {head.status}, and no problem of structgen's service: {shown}"


def _error(problem: Any, otherwise: str) -> StructgenError:
    try:
        return from_problem(problem) if problem["type"] else BadAnswer(otherwise)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return BadAnswer(otherwise)
