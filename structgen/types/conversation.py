"""Conversations with tools, as engines continue them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from structgen.types.wire_fields import WireValue

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class ToolCall(WireValue):
    """A call that the model wrote."""

    name: str
    arguments: str = field(default="{}", metadata={"description": "JSON text of an object."})
    id: str = field(default="", metadata={"description": "Identifies the call to its result."})


@dataclass(frozen=True, slots=True)
class Message(WireValue):
    """One turn of a conversation. The text is data: it never becomes a special token."""

    role: Role
    content: str
    reasoning: str = field(default="", metadata={"description": "Thoughts before an assistant's text."})
    tool_calls: tuple[ToolCall, ...] = field(
        default=(), metadata={"description": "Calls of an assistant's turn, after its text.", "strict": False}
    )
    tool_call_id: str | None = field(
        default=None, metadata={"description": "The call that a tool's result belongs to."}
    )
    name: str | None = field(default=None, metadata={"description": "The tool of a result."})


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A function that the model may call. `parameters` is the JSON text of the schema of its arguments."""

    name: str
    description: str = ""
    parameters: str = "{}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What an engine continues: turns, tools, and options of the chat template."""

    messages: tuple[Message, ...]
    tools: tuple[ToolDefinition, ...] = ()
    """Tools that the prompt describes."""
    thinking: bool = False
    """Whether the model is asked to think before it answers."""
    keep_thoughts: bool = False
    """Whether earlier turns keep their thoughts (Hermes 4's `keep_cots`)."""

    @property
    def characters(self) -> int:
        """Count the characters of all texts, without markup."""
        return sum(map(len, self.texts()))

    def texts(self) -> list[str]:
        """Return all texts of the caller and the model, in their order."""
        texts = [text for tool in self.tools for text in (tool.name, tool.description, tool.parameters)]
        for message in self.messages:
            texts += [message.reasoning, message.content]
            texts += [text for call in message.tool_calls for text in (call.name, call.arguments)]
        return [text for text in texts if text]
