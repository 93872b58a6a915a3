"""Server-sent events of a run, in the encoding of a protocol."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Protocol, TypeVar

from structgen import json_text
from structgen.errors import StructgenError
from structgen.strategies.events import EventChannel

log = logging.getLogger("structgen.server")
KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment keeps the connection open."""
MAX_UNREAD_EVENTS = 64
"""Events that wait for a client to read them; beyond them the generation waits for the client too."""
E = TypeVar("E")
E_contra = TypeVar("E_contra", contravariant=True)


class StreamEncoder(Protocol[E_contra]):
    """The encoding of the events of one stream."""

    def encode(self, event: E_contra) -> bytes:
        """Return the bytes for an event, which may be none."""

    def encode_error(self, error: StructgenError) -> bytes:
        """Return the bytes that end a stream which failed."""


async def open_event_stream(
    run: Callable[[Callable[[E], Awaitable[None]]], Awaitable[E]],
    encoder: StreamEncoder[E],
    instance: str,
    patience: float = KEEP_ALIVE / 2,
    keep_alive: float = KEEP_ALIVE,
) -> AsyncGenerator[bytes, None]:
    """Start a run and return its events as bytes, once the first has come or `patience` seconds have passed.

    The run returns its last event. Raises the error of a run without an event: a refusal has its own status
    then, not that of a stream. `instance` is the request id.
    """
    channel = EventChannel[E](run, MAX_UNREAD_EVENTS)
    await channel.wait_begun(patience)
    stream = _encoded(channel, encoder, instance, keep_alive)
    # A client may leave before the first byte: the body of the generator, and its `finally`, never run then.
    weakref.finalize(stream, channel.cancel).atexit = False
    return stream


async def _encoded(
    channel: EventChannel[E], encoder: StreamEncoder[E], instance: str, keep_alive: float
) -> AsyncGenerator[bytes, None]:
    """Yield the events as bytes; an error of the run is encoded as the last one."""
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
            if encoded := encoder.encode(event):
                yield encoded
        if channel.error is not None:
            yield encoder.encode_error(_public(channel.error, instance))
    finally:
        await channel.close()


def _public(error: Exception, instance: str) -> StructgenError:
    """Return the error that the client may see; log any other, as the status line is sent already."""
    if isinstance(error, StructgenError):
        return error
    log.error("request %s failed: %s", instance, type(error).__name__)
    return StructgenError("an internal error; the log has the request id")


def data_line(data: Any) -> bytes:
    """Encode one event without a name; JSON text has no line breaks."""
    return f"data: {json_text.dumps(data)}\n\n".encode()


def named_event(name: str, data: Any) -> bytes:
    """Encode one event with its name."""
    return f"event: {name}\n".encode() + data_line(data)
