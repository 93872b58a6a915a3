"""Server-sent events of an extraction, as the contract names them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from structgen import json_text
from structgen.errors import StructgenError
from structgen.server.errors import problem
from structgen.strategies.base import AttemptStarted, Completed, Event, PartialObject, TextDelta

log = logging.getLogger("structgen.server")
KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment keeps the connection open."""
AHEAD = 64
"""Events that wait for a client to read them; beyond them the generation waits for the client too."""


async def started(
    events: AsyncGenerator[Event, None], patience: float = KEEP_ALIVE / 2
) -> AsyncGenerator[Event, None]:
    """The same events, once the first has come or `patience` (seconds) has passed.

    Raises what came in its place: a refusal has its own status then, and not that of a stream.
    """
    first = asyncio.ensure_future(anext(events))
    try:
        await asyncio.wait({first}, timeout=patience)
        if first.done():
            first.result()
    except BaseException:
        first.cancel()
        raise

    async def rest() -> AsyncGenerator[Event, None]:
        async with aclosing(events):
            yield await first
            async for event in events:
                yield event

    return rest()


async def sent(
    events: AsyncGenerator[Event, None], instance: str, quiet: float = KEEP_ALIVE
) -> AsyncGenerator[bytes, None]:
    """The events as bytes; exactly one `result` or `problem` ends them."""
    queue: asyncio.Queue[bytes | None] = asyncio.Queue(AHEAD)
    producer = asyncio.ensure_future(_produce(events, queue, instance))
    try:
        while True:
            try:
                async with asyncio.timeout(quiet):
                    message = await queue.get()
            except TimeoutError:
                yield b": still at work\n\n"
                continue
            if message is None:
                return
            yield message
    finally:
        producer.cancel()
        await asyncio.gather(producer, return_exceptions=True)


async def _produce(
    events: AsyncGenerator[Event, None], queue: asyncio.Queue[bytes | None], instance: str
) -> None:
    try:
        async with aclosing(events):
            async for event in events:
                await queue.put(encode(*_named(event)))
    except StructgenError as error:
        await queue.put(encode("problem", problem(error, instance)))
    except Exception as error:  # the stream has begun: an exception would only break it off
        log.error("request %s failed: %s", instance, type(error).__name__)
        fault = StructgenError("an internal error; the log has the request id")
        await queue.put(encode("problem", problem(fault, instance)))
    await queue.put(None)


def encode(name: str, data: Any) -> bytes:
    """One event; JSON text has no line breaks."""
    return f"event: {name}\ndata: {json_text.dumps(data)}\n\n".encode()


def _named(event: Event) -> tuple[str, Any]:
    match event:
        case AttemptStarted():
            return "attempt", asdict(event)
        case TextDelta(delta):
            return "text", {"delta": delta}
        case PartialObject(data):
            return "partial", {"data": data}
        case Completed(result):
            return "result", result.to_json()
