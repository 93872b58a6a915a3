"""Server-sent events of an extraction, named as in the contract."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Any

from structgen import json_text
from structgen.errors import StructgenError
from structgen.server.errors import problem
from structgen.strategies.events import (
    AttemptStarted,
    Completed,
    Event,
    EventChannel,
    PartialObject,
    RunWithSink,
    TextDelta,
    ThoughtDelta,
    completing,
)

log = logging.getLogger("structgen.server")
KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment keeps the connection open."""
MAX_UNREAD_EVENTS = 64
"""Events that wait for a client to read them; beyond them the generation waits for the client too."""


async def open_stream(
    run: RunWithSink, instance: str, patience: float = KEEP_ALIVE / 2, keep_alive: float = KEEP_ALIVE
) -> AsyncGenerator[bytes, None]:
    """Start a run and return its events as bytes, once the first has come or `patience` seconds have passed.

    Raises the error of a run without an event: a refusal has its own status then, not that of a stream.
    """
    channel = EventChannel[Event](completing(run), MAX_UNREAD_EVENTS)
    await channel.wait_begun(patience)
    stream = _encoded(channel, instance, keep_alive)
    # A client may leave before the first byte: the body of the generator, and its `finally`, never run then.
    weakref.finalize(stream, channel.cancel).atexit = False
    return stream


async def _encoded(
    channel: EventChannel[Event], instance: str, keep_alive: float
) -> AsyncGenerator[bytes, None]:
    """Yield the events as bytes; exactly one `result` or `problem` ends them."""
    try:
        while True:
            try:
                async with asyncio.timeout(keep_alive):
                    event = await channel.next()
            except TimeoutError:
                yield b": still at work\n\n"
                continue
            if event is None:
                break
            if (named := _named(event)) is not None:
                yield encode(*named)
        if channel.error is not None:
            yield encode("problem", problem(_public(channel.error, instance), instance))
    finally:
        await channel.close()


def _public(error: Exception, instance: str) -> StructgenError:
    """Return the error that the client may see; log any other, as the status line is sent already."""
    if isinstance(error, StructgenError):
        return error
    log.error("request %s failed: %s", instance, type(error).__name__)
    return StructgenError("an internal error; the log has the request id")


def encode(name: str, data: Any) -> bytes:
    """Encode one event; JSON text has no line breaks."""
    return f"event: {name}\ndata: {json_text.dumps(data)}\n\n".encode()


def _named(event: Event) -> tuple[str, Any] | None:
    """Return the name and the data of an event; None for one that the stream does not carry."""
    match event:
        case AttemptStarted():
            return "attempt", asdict(event)
        case ThoughtDelta():
            return None
        case TextDelta(delta):
            return "text", {"delta": delta}
        case PartialObject(data):
            return "partial", {"data": data}
        case Completed(result):
            return "result", result.to_json()
