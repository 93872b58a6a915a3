"""Deliver a choice while it grows: text at once, calls once they are valid, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from structgen.chat.checked_call import CheckedCall
from structgen.chat.reply import CallDelta, ChatEvent, ChatSink, ContentDelta, ReasoningDelta
from structgen.chat.turn import ChatTurn
from structgen.strategies.deadline import deadline_exceeded, seconds_left
from structgen.types import Attempt, Usage


@dataclass
class Delivery:
    """The events of one choice. With `emit` None there is no reader, and everything can be withdrawn."""

    index: int
    emit: ChatSink | None
    begun: bool = False
    """Whether content or calls were delivered, which cannot be withdrawn."""
    thoughts: str = ""
    """The thoughts of all attempts that were delivered."""
    _calls: int = 0
    _separator: str = ""

    def begin_attempt(self) -> None:
        """Set the thoughts that follow apart from those of the attempts before."""
        self._separator = "\n\n" if self.thoughts else ""

    async def reasoning(self, text: str) -> None:
        """Deliver thoughts."""
        if self.emit is not None:
            text, self._separator = self._separator + text, ""
            self.thoughts += text
            await self.emit(ReasoningDelta(self.index, text))

    async def content(self, text: str) -> None:
        """Deliver content."""
        await self._send(ContentDelta(self.index, text))

    async def calls(self, calls: Sequence[CheckedCall]) -> None:
        """Deliver the calls that were not delivered yet, up to the first one that is not valid."""
        for checked in calls[self._calls :]:
            if checked.call is None:
                return
            await self._send(CallDelta(self.index, self._calls, checked.call))
            self._calls += 1

    async def _send(self, event: ChatEvent) -> None:
        if self.emit is not None:
            self.begun = True
            await self.emit(event)


@asynccontextmanager
async def last_delivery(turn: ChatTurn, attempts: Sequence[Attempt]) -> AsyncIterator[None]:
    """Deliver the end of a choice after its `attempts`, within the deadline of the turn.

    A slow reader ends in `DeadlineExceeded`, and one that has left in an account of what was spent.
    """
    try:
        async with asyncio.timeout(seconds_left(turn.deadline_at)):
            yield
    except TimeoutError as error:
        phase = "before the reader took the whole reply"
        raise deadline_exceeded(turn.limits.deadline, phase, attempts) from error
    except asyncio.CancelledError:
        if turn.on_abandoned is not None:
            turn.on_abandoned(sum((attempt.usage for attempt in attempts), Usage()))
        raise
