"""The protocol between a call, which decides, and its driver, which does the I/O.

A call is a generator. It yields steps, and the driver sends the reply to each step into it. One body of a
call thus serves the synchronous and the asynchronous client, and tests run it without a network:

    def health() -> Call[Any]:
        head = yield SendRequest("GET", "/health", body=None, timeout=10.0)
        if isinstance(head, ConnectionLost):
            raise ConnectionFailed(head.detail)
        body = b""
        while chunk := (yield ReadChunk(timeout=10.0)):
            body += chunk
        return json_text.loads(body)

    def drive(call: Call[T]) -> T:
        reply = None
        while True:
            try:
                step = call.send(reply)
            except StopIteration as end:
                return end.value
            reply = perform(step)

The reply to `SendRequest` is a `ResponseHead`, the reply to `ReadChunk` is bytes, and after a failure either
gets `ConnectionLost`. The reply to `Sleep` and `Emit` is None.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SendRequest:
    """Send a request and receive the head of the response. `timeout` is in seconds."""

    method: str
    path: str
    body: bytes | None
    timeout: float


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Read the next bytes of the body, still encoded; there are none at its end."""

    timeout: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Sleep for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit:
    """Pass a value to the caller before the call ends."""

    value: Any


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status and headers of a response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    sent_api_key: bool = False
    """Whether the request had an API key."""


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The connection failed, or the timeout of the step ended."""

    detail: str


Step = SendRequest | ReadChunk | Sleep | Emit
Reply = ResponseHead | bytes | ConnectionLost | None
Call = Generator[Step, Reply, T]
"""Yields steps, receives their replies, and returns its result or raises an error of `structgen.errors`."""
