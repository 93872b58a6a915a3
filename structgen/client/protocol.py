"""The words between a call, which decides, and its driver, which does the I/O."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request and reply with a `Head`; the body stays to be read. `timeout` in seconds."""

    method: str
    path: str
    body: bytes | None
    timeout: float


@dataclass(frozen=True, slots=True)
class Read:
    """Reply with the next bytes of the body as they were sent, empty at its end."""

    timeout: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Let this many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit:
    """Hand a value to the caller before the call ends."""

    value: Any


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer; the names of the headers in lower case."""

    status: int
    headers: Mapping[str, str]
    keyed: bool = False
    """Whether the request carried an API key."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The reply to `Ask` and `Read` when the connection failed or the time ran out."""

    detail: str


Step = Ask | Read | Wait | Emit
Reply = Head | bytes | Lost | None
Call = Generator[Step, Reply, T]
"""Yields steps, is sent their replies, returns its result or raises an error of `structgen.errors`."""
