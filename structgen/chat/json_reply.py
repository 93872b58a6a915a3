"""A reply that is JSON under a schema, or text of a format: a task of the strategies."""

from __future__ import annotations

from dataclasses import dataclass, field

from structgen import json_text
from structgen.chat.delivery import last_delivery
from structgen.chat.reply import ChatSink, Choice, ContentDelta, ReasoningDelta
from structgen.chat.turn import ChatTurn
from structgen.errors import Unsatisfied
from structgen.schema import Schema
from structgen.strategies import registry
from structgen.strategies.base import Collaborators
from structgen.strategies.events import AttemptStarted, Event, TextDelta, ThoughtDelta
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Conversation, StrategyName

STRING = Schema.parse({"type": "string"})
"""The schema of a text in a format of its own."""


@dataclass
class ContentStream:
    """Delivers the content of one choice while it grows; what was delivered cannot be withdrawn.

    `live`: from the first attempt on. Otherwise, and from a second attempt on, it comes when it is valid.
    """

    index: int
    emit: ChatSink
    live: bool
    delivered: str = ""
    thoughts: str = ""
    """The thoughts that were delivered: of all attempts until content was."""
    _attempt: int = 0
    _separator: str = ""

    async def receive(self, event: Event) -> None:
        """Take an event of the strategy."""
        match event:
            case AttemptStarted(number):
                self._attempt = number
                self._separator = "\n\n" if self.thoughts else ""
            case ThoughtDelta(delta) if not self.delivered:
                delta, self._separator = self._separator + delta, ""
                self.thoughts += delta
                await self.emit(ReasoningDelta(self.index, delta))
            case TextDelta(delta) if self.live and self._attempt <= 1:
                self.delivered += delta
                await self.emit(ContentDelta(self.index, delta))

    async def finish(self, result: Result, content: str) -> str:
        """Deliver the rest of the content and return the whole; `Unsatisfied` where it begins differently."""
        if self.delivered and self._attempt <= 1:
            return self.delivered
        if not content.startswith(self.delivered):
            detail = "the first attempt was invalid and is delivered in part: try again without stream"
            raise Unsatisfied(detail, result.attempts, result.usage, (), result.data)
        if rest := content[len(self.delivered) :]:
            await self.emit(ContentDelta(self.index, rest))
        return content


@dataclass(frozen=True)
class JsonReply:
    """One choice of a turn whose content is JSON under a schema, or text of a format."""

    turn: ChatTurn
    collaborators: Collaborators
    conversation: Conversation
    index: int = 0
    emit: ChatSink | None = None
    strategy: StrategyName = field(default="constrained")

    async def choice(self) -> Choice:
        """Return the choice, by the attempts of a strategy."""
        stream = None if self.emit is None else ContentStream(self.index, self.emit, self._live)
        receive = None if stream is None else stream.receive
        result = await registry.run(self._task(), self.collaborators, receive)
        content = result.data if self.turn.text_format is not None else json_text.dumps(result.data)
        if stream is not None:
            async with last_delivery(self.turn, result.attempts):
                content = await stream.finish(result, content)
        return Choice(
            content,
            "stop",
            result.reasoning if stream is None else stream.thoughts,
            logprobs=result.logprobs,
            attempts=result.attempts,
            usage=result.usage,
            warnings=result.warnings,
            forced=result.forced,
            repairs=() if result.repair is None else (result.repair,),
        )

    @property
    def _live(self) -> bool:
        """Whether the grammar enforces the whole format, so that the first attempt is valid."""
        capabilities = self.collaborators.engine.capabilities
        if self.turn.text_format is not None:
            return capabilities.constrains_text
        schema = self.turn.schema
        return self.strategy == "constrained" and schema is not None and not schema.report.validated

    def _task(self) -> Task:
        turn = self.turn
        return Task(
            turn.schema or STRING,
            conversation=self.conversation,
            sampling=turn.sampling,
            limits=turn.limits,
            strategy=self.strategy,
            grammar_error=turn.grammar_error,
            text_format=turn.text_format,
            logprobs=turn.logprobs,
            deadline_at=turn.deadline_at,
            on_abandoned=turn.on_abandoned,
        )
