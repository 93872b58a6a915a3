"""The request for one assistant turn of a conversation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from structgen.engines.base import CallConstraint
from structgen.errors import InvalidSchema
from structgen.schema import Schema
from structgen.strategies.deadline import deadline_at
from structgen.types import Limits, Message, Sampling, TextFormat, ToolDefinition, Usage


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may call, with the checked schema of its arguments."""

    name: str
    schema: Schema
    description: str = ""
    grammar_error: InvalidSchema | None = None
    """Why the schema has no grammar, where the caller knows that already."""

    def definition(self) -> ToolDefinition:
        """Return what the prompt shows of the tool."""
        return ToolDefinition(self.name, self.description, self.schema.text)


@dataclass(frozen=True, slots=True)
class NamedTool:
    """The choice of one tool, which the model must call."""

    name: str


ToolChoice = Literal["auto", "none", "required"] | NamedTool


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A conversation, the formats that its next turn may have, and what that may cost.

    At most one of `schema` and `text_format` is given; without both the content is free text.
    """

    messages: tuple[Message, ...]
    schema: Schema | None = None
    """The content is JSON under this schema."""
    grammar_error: InvalidSchema | None = None
    """Why the schema has no grammar, where the caller knows that already."""
    show_schema: bool = True
    """Whether the prompt shows the schema."""
    text_format: TextFormat | None = None
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = "auto"
    parallel_calls: bool = True
    thinking: bool = False
    """Whether the model thinks before it answers; `sampling.thinking_tokens` bounds its thoughts."""
    keep_thoughts: bool = False
    """Whether the prompt has the thoughts of earlier turns."""
    sampling: Sampling = field(default_factory=Sampling)
    limits: Limits = field(default_factory=Limits)
    n: int = 1
    stop: tuple[str, ...] = ()
    """Texts before which free text ends."""
    logprobs: bool = False
    call_constraint: CallConstraint | None = None
    """The compiled constraint of the calls; None before `compile_turn`, and on engines that take none."""
    deadline_at: float | None = None
    """Time of the monotonic clock; None computes it from `limits.deadline` when the run starts."""
    on_abandoned: Callable[[Usage], None] | None = None
    """Receives the usage of a run that was cancelled before it had a reply."""

    def started(self) -> ChatTurn:
        """Return the turn with its deadline on the monotonic clock."""
        if self.deadline_at is not None or self.limits.deadline is None:
            return self
        return replace(self, deadline_at=deadline_at(self.limits.deadline, time.monotonic()))

    @property
    def callable_tools(self) -> tuple[Tool, ...]:
        """Return the tools that the choice allows."""
        match self.tool_choice:
            case "none":
                return ()
            case NamedTool(name):
                return tuple(tool for tool in self.tools if tool.name == name)
        return self.tools

    @property
    def requires_call(self) -> bool:
        """Return whether the reply must have a call."""
        return bool(self.tools) and (
            self.tool_choice == "required" or isinstance(self.tool_choice, NamedTool)
        )
