"""Gather the chunks of a free reply: thoughts, content and the raw texts of calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from structgen.chat.text_stop import TextStop
from structgen.prompts.reply_events import CallText, ContentText, ReasoningText, ReplyEvent
from structgen.prompts.reply_splitter import ReplySplitter
from structgen.types import Chunk, FinishReason, TokenLogprob, Usage


@dataclass
class ReplyCollector:
    """Splits one generation while it grows; `stops` end its content."""

    splitter: ReplySplitter
    stops: Sequence[str] = ()
    content: str = ""
    reasoning: str = ""
    text: str = ""
    """The whole reply as the model wrote it, without thoughts that the engine separated."""
    finish: FinishReason = "stop"
    usage: Usage = field(default_factory=Usage)
    unreadable: str = ""
    """Characters of the prompt that the model cannot read."""
    logprobs: list[TokenLogprob] = field(default_factory=list)
    has_cut_call: bool = False
    """Whether the token budget cut a call."""

    def __post_init__(self) -> None:
        """Create the filter for stop texts."""
        self._stop = TextStop(self.stops)

    @property
    def stopped(self) -> bool:
        """Whether the content has reached a stop text."""
        return self._stop.reached

    def take(self, chunk: Chunk) -> list[ReplyEvent]:
        """Add a chunk; return what it completed, in order."""
        self.usage, self.finish = chunk.usage or self.usage, chunk.finish or self.finish
        self.unreadable = chunk.unreadable_characters or self.unreadable
        self.text += chunk.text
        self.logprobs += chunk.logprobs
        thought: list[ReplyEvent] = [ReasoningText(chunk.reasoning)] if chunk.reasoning else []
        events = self._add([*thought, *self.splitter.feed(chunk.text)])
        return [*events, *self._end()] if chunk.finish is not None and not self.stopped else events

    def _end(self) -> list[ReplyEvent]:
        events = self._add(self.splitter.end())
        if rest := self._stop.end():
            self.content += rest
            events.append(ContentText(rest))
        return events

    def _add(self, events: Sequence[ReplyEvent]) -> list[ReplyEvent]:
        added: list[ReplyEvent] = []
        for event in events:
            if self.stopped:
                break
            match event:
                case ReasoningText(text):
                    self.reasoning += text
                    added.append(event)
                case ContentText(text):
                    if shown := self._stop.feed(text):
                        self.content += shown
                        added.append(ContentText(shown))
                case CallText(text, closed):
                    # A model that ends by itself without the closing tag has written a call, sound or not.
                    self.has_cut_call = not closed and self.finish == "length"
                    if not self.has_cut_call:
                        added.append(CallText(text, closed=True))
        return added
