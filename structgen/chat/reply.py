"""The reply to a chat turn, and the events while it grows."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from structgen.parsing.result import RepairResult
from structgen.types import Attempt, Diagnostic, TokenLogprob, ToolCall, Usage

Finish = Literal["stop", "length", "tool_calls"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One assistant turn: text or JSON, and calls whose arguments are valid under the tools' full schemas."""

    content: str
    finish: Finish
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = ()
    logprobs: tuple[TokenLogprob, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    usage: Usage = field(default_factory=Usage)
    warnings: tuple[Diagnostic, ...] = ()
    forced: tuple[str, ...] = ()
    """Pointers to the values that the token budget cut or chose."""
    repairs: tuple[RepairResult, ...] = ()
    """Repairs of arguments and of the content."""


@dataclass(frozen=True, slots=True)
class ChatReply:
    """The choices of a turn, with the account of all attempts."""

    choices: tuple[Choice, ...]
    model: str
    usage: Usage
    warnings: tuple[Diagnostic, ...] = ()
    """Warnings about schemas and tools, and of choices that failed."""
    failed_attempts: tuple[Attempt, ...] = ()
    """Attempts of the choices that failed beside the valid ones."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return the attempts of all choices, whose usage is that of the reply."""
        return (*(attempt for choice in self.choices for attempt in choice.attempts), *self.failed_attempts)

    def account(self) -> dict[str, Any]:
        """Return the member `structgen` of a response: attempts and warnings of all choices."""
        warnings = [*self.warnings, *(w for choice in self.choices for w in choice.warnings)]
        account: dict[str, Any] = {
            "attempts": [attempt.to_json() for attempt in self.attempts],
            "usage": self.usage.to_json(),
        }
        if warnings:
            account["warnings"] = [warning.to_json() for warning in warnings]
        if repairs := [repair.account() for choice in self.choices for repair in choice.repairs]:
            account["repairs"] = repairs
        if forced := [pointer for choice in self.choices for pointer in choice.forced]:
            account["forced"] = forced
        return account


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """The thoughts of a choice grew."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ContentDelta:
    """The content of a choice grew. What was delivered is never withdrawn."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class CallDelta:
    """A choice has one more call, whole and valid; `number` counts its calls from 0."""

    index: int
    number: int
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ChoiceEnded:
    """A choice is complete."""

    index: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class ReplyCompleted:
    """The reply is complete; this event is the last one."""

    reply: ChatReply


ChatEvent = ReasoningDelta | ContentDelta | CallDelta | ChoiceEnded | ReplyCompleted
ChatSink = Callable[[ChatEvent], Awaitable[None]]
"""Receives each event of a run but `ReplyCompleted`; the run waits until it returns."""
