"""Deliver a choice while it grows: text at once, calls once they are valid, nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from structgen.chat.checked_call import CheckedCall
from structgen.chat.reply import CallDelta, ChatEvent, ChatSink, ContentDelta, ReasoningDelta


@dataclass
class Delivery:
    """The events of one choice. With `emit` None there is no reader, and everything can be withdrawn."""

    index: int
    emit: ChatSink | None
    begun: bool = False
    """Whether content or calls were delivered, which cannot be withdrawn."""
    _calls: int = 0

    async def reasoning(self, text: str) -> None:
        """Deliver thoughts."""
        if self.emit is not None:
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
