"""Events of a task while it runs, and the channel that hands them to a reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from structgen.errors import StructgenError
from structgen.strategies.result import Result
from structgen.types import Progress as Progress


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A generation begins; the text of earlier attempts is withdrawn."""

    number: int
    strategy: str


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    """The thoughts before the text of the attempt grew by `delta`."""

    delta: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The text of the attempt grew by `delta`."""

    delta: str


@dataclass(frozen=True, slots=True)
class PartialObject:
    """The value so far, with complete members only."""

    data: Any


@dataclass(frozen=True, slots=True)
class ItemCompleted:
    """An item of the list is complete and valid; it is never withdrawn."""

    index: int
    data: Any


@dataclass(frozen=True, slots=True)
class Completed:
    """The task succeeded; this event is the last one."""

    result: Result


Event = AttemptStarted | ThoughtDelta | TextDelta | PartialObject | ItemCompleted | Progress | Completed
EventSink = Callable[[Event], Awaitable[None]]
"""Receives each event of a run but `Completed`; the run waits until it returns."""
RunWithSink = Callable[[EventSink], Awaitable[Result]]


E = TypeVar("E")


class EventChannel(Generic[E]):
    """Run a task in the background and queue its events for one reader; the run returns the last event.

    The run starts at once, and waits while `ahead` events are unread. Call `close` or `cancel` in every case.
    """

    def __init__(self, run: Callable[[Callable[[E], Awaitable[None]]], Awaitable[E]], ahead: int) -> None:
        self.error: Exception | None = None
        """The error that ended the run: complete once `next` has returned None."""
        self._queue: asyncio.Queue[E | None] = asyncio.Queue(ahead)
        self._begun, self._emitted = asyncio.Event(), False
        self._producer = asyncio.ensure_future(self._produce(run))

    async def wait_begun(self, patience: float) -> None:
        """Wait for the first event, `patience` seconds at most; raise the error that came in its place."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._begun.wait()
            if self.error is not None and not self._emitted:
                raise self.error
        except BaseException:
            self.cancel()
            raise

    async def next(self) -> E | None:
        """Return the next event, None after the last one. Cancelling the wait loses no event."""
        if self._producer.done() and self._queue.empty():
            return None
        return await self._queue.get()

    def cancel(self) -> None:
        """Stop the run without waiting for its end."""
        self._producer.cancel()

    async def close(self) -> None:
        """Stop the run and wait for its end."""
        self._producer.cancel()
        await asyncio.wait({self._producer})

    async def _produce(self, run: Callable[[Callable[[E], Awaitable[None]]], Awaitable[E]]) -> None:
        try:
            await self._emit(await run(self._emit))
        except asyncio.CancelledError:
            self.error = StructgenError("the run was cancelled")
            with suppress(asyncio.QueueFull):  # a reader of a full queue looks at the producer itself
                self._queue.put_nowait(None)
            raise
        except Exception as error:
            self.error = error
            self._begun.set()
        await self._queue.put(None)

    async def _emit(self, event: E) -> None:
        self._emitted = True
        self._begun.set()
        await self._queue.put(event)


def completing(run: RunWithSink) -> Callable[[EventSink], Awaitable[Event]]:
    """Return a run whose last event has the result."""

    async def completed(emit: EventSink) -> Event:
        return Completed(await run(emit))

    return completed


async def event_stream(run: RunWithSink) -> AsyncGenerator[Event, None]:
    """Yield the events of a run, `Completed` last, or raise its error. Closing the generator stops it."""
    channel = EventChannel[Event](completing(run), ahead=1)
    try:
        while (event := await channel.next()) is not None:
            yield event
        if channel.error is not None:
            raise channel.error
    finally:
        await channel.close()
