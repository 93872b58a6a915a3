"""Items of a response's output: messages, thoughts and calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from structgen.types import ToolCall

Item = dict[str, Any]
Kind = Literal["message", "reasoning"]
"""Kinds of items whose text grows."""


def new_id(prefix: str) -> str:
    """Return a new id with a prefix, such as `resp_` or `msg_`."""
    return f"{prefix}_{secrets.token_hex(16)}"


def message_item(item_id: str, text: str | None, status: str = "completed") -> Item:
    """Return a message; without a text its content is empty."""
    content = [] if text is None else [text_part(text)]
    return {"type": "message", "id": item_id, "status": status, "role": "assistant", "content": content}


def text_part(text: str) -> dict[str, Any]:
    """Return a part of a message."""
    return {"type": "output_text", "text": text, "annotations": []}


def reasoning_item(item_id: str, text: str | None, status: str = "completed") -> Item:
    """Return thoughts; without a text their content is empty."""
    content = [] if text is None else [{"type": "reasoning_text", "text": text}]
    return {"type": "reasoning", "id": item_id, "status": status, "summary": [], "content": content}


def call_item(item_id: str, call: ToolCall, status: str = "completed") -> Item:
    """Return a call; while it is in progress its arguments are empty."""
    return {
        "type": "function_call",
        "id": item_id,
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments if status == "completed" else "",
        "status": status,
    }


@dataclass
class GrowingItem:
    """A message or thoughts whose text still grows."""

    kind: Kind
    id: str = field(init=False)
    text: str = ""

    def __post_init__(self) -> None:
        self.id = new_id("msg" if self.kind == "message" else "rs")

    def item(self, text: str | None, status: str) -> Item:
        """Return the item with this text; without a text its content is empty."""
        make = message_item if self.kind == "message" else reasoning_item
        return make(self.id, text, status)

    def part(self, text: str) -> dict[str, Any]:
        """Return the part that holds the text."""
        return text_part(text) if self.kind == "message" else {"type": "reasoning_text", "text": text}

    @property
    def event(self) -> str:
        """The name of its events, without the last word."""
        return "response.output_text" if self.kind == "message" else "response.reasoning_text"

    @property
    def logprobs(self) -> dict[str, Any]:
        """The members about probabilities that its events have."""
        return {"logprobs": []} if self.kind == "message" else {}
