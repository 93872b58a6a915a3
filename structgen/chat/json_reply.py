"""A reply that is JSON under a schema, or text of a format: a task of the strategies."""

from __future__ import annotations

from dataclasses import dataclass

from structgen import json_text
from structgen.chat.delivery import Delivery, last_delivery
from structgen.chat.reply import ChatSink, Choice
from structgen.chat.turn import ChatTurn
from structgen.engines.base import Engine
from structgen.errors import Unsatisfied
from structgen.strategies import registry
from structgen.strategies.base import Collaborators
from structgen.strategies.events import AttemptStarted, Event, TextDelta, ThoughtDelta
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.strategies.text_schema import text_schema
from structgen.types import Conversation


@dataclass
class ContentStream:
    """Delivers the content of one choice while it grows; what was delivered cannot be withdrawn.

    `live`: from the first attempt on. Otherwise, and from a second attempt on, it comes when it is valid.
    """

    delivery: Delivery
    live: bool
    delivered: str = ""
    _attempt: int = 0

    async def receive(self, event: Event) -> None:
        """Take an event of the strategy."""
        match event:
            case AttemptStarted(number):
                self._attempt = number
                self.delivery.begin_attempt()
            case ThoughtDelta(delta) if not self.delivered:
                await self.delivery.reasoning(delta)
            case TextDelta(delta) if self.live and self._attempt <= 1:
                self.delivered += delta
                await self.delivery.content(delta)

    async def finish(self, result: Result, content: str) -> str:
        """Deliver the rest of the content and return the whole; `Unsatisfied` where it begins differently."""
        if self.delivered and self._attempt <= 1:
            return self.delivered
        if not content.startswith(self.delivered):
            detail = "the first attempt was invalid and is delivered in part: try again without stream"
            raise Unsatisfied(detail, result.attempts, result.usage, (), result.data)
        if rest := content[len(self.delivered) :]:
            await self.delivery.content(rest)
        return content


@dataclass(frozen=True)
class JsonReply:
    """One choice of a turn whose content is JSON under a schema, or text of a format."""

    turn: ChatTurn
    collaborators: Collaborators
    conversation: Conversation
    index: int = 0
    emit: ChatSink | None = None

    async def choice(self) -> Choice:
        """Return the choice, by the attempts of a strategy."""
        engine = self.collaborators.engine
        task, stream, receive = format_task(self.turn, engine, self.conversation), None, None
        if self.emit is not None:
            stream = ContentStream(Delivery(self.index, self.emit), _is_enforced(task, engine))
            receive = stream.receive
        result = await registry.run(task, self.collaborators, receive)
        content = result.data if self.turn.text_format is not None else json_text.dumps(result.data)
        if stream is not None:
            async with last_delivery(self.turn, result.attempts):
                content = await stream.finish(result, content)
        return Choice(
            content,
            "stop",
            result.reasoning if stream is None else stream.delivery.thoughts,
            logprobs=result.logprobs,
            attempts=result.attempts,
            usage=result.usage,
            warnings=result.warnings,
            forced=result.forced,
            repairs=() if result.repair is None else (result.repair,),
        )


def _is_enforced(task: Task, engine: Engine) -> bool:
    """Return whether the grammar enforces the whole format, so that the first attempt is valid."""
    if task.text_format is not None:
        return engine.capabilities.constrains_text
    return task.strategy == "constrained" and not task.schema.report.validated


def format_task(turn: ChatTurn, engine: Engine, conversation: Conversation | None = None) -> Task:
    """Return the task whose answer is the content of a turn with a schema or a text format.

    JSON is generated freely and repaired where the engine decodes under no grammar of it.
    """
    schema = turn.schema if turn.text_format is None else text_schema(turn.text_format)
    if schema is None:
        raise ValueError("a turn of free text is no task")
    has_grammar = engine.capabilities.constrained and turn.grammar_error is None
    return Task(
        schema,
        conversation=conversation,
        sampling=turn.sampling,
        limits=turn.limits,
        strategy="constrained" if has_grammar or turn.text_format is not None else "repair",
        grammar_error=turn.grammar_error,
        text_format=turn.text_format,
        logprobs=turn.logprobs,
        deadline_at=turn.deadline_at,
        on_abandoned=turn.on_abandoned,
    )
