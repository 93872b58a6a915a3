"""From the reply to a turn to the body of a chat completion."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from structgen.chat.reply import ChatReply, Choice
from structgen.server.openai.reply_parts import account, chat_usage, logprobs_body
from structgen.types import Diagnostic, ToolCall


@dataclass(frozen=True, slots=True)
class ChatShape:
    """The form of a reply, as its request decides it."""

    warnings: tuple[Diagnostic, ...] = ()
    """Warnings about the request."""
    functions: bool = False
    """Whether the reply has `function_call`, the form before `tool_calls`."""
    include_usage: bool = False
    """Whether a stream ends with the usage."""

    def finish_reason(self, choice: Choice) -> str:
        """Return why the choice ended, in the words of the request's form."""
        return "function_call" if self.functions and choice.finish == "tool_calls" else choice.finish


def completion_id(reply_id: str) -> str:
    """Return the id of a completion."""
    return f"chatcmpl-{reply_id}"


def chat_completion(reply: ChatReply, shape: ChatShape) -> dict[str, Any]:
    """Return the body of a completion."""
    return {
        "id": completion_id(reply.id),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": reply.model,
        "choices": [_choice(index, choice, shape) for index, choice in enumerate(reply.choices)],
        "usage": chat_usage(reply.usage),
        "structgen": account(reply, shape.warnings),
    }


def _choice(index: int, choice: Choice, shape: ChatShape) -> dict[str, Any]:
    content = None if choice.calls and not choice.content else choice.content
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
    if choice.calls and shape.functions:
        message["function_call"] = function_body(choice.calls[0])
    elif choice.calls:
        message["tool_calls"] = [call_body(call) for call in choice.calls]
    if choice.reasoning:
        message |= reasoning_members(choice.reasoning)
    return {
        "index": index,
        "message": message,
        "finish_reason": shape.finish_reason(choice),
        "logprobs": logprobs_body(choice),
    }


def call_body(call: ToolCall) -> dict[str, Any]:
    """Return a call as messages and streams have it."""
    return {"id": call.id, "type": "function", "function": function_body(call)}


def function_body(call: ToolCall) -> dict[str, str]:
    """Return the function of a call; the arguments stay JSON text."""
    return {"name": call.name, "arguments": call.arguments}


def reasoning_members(text: str) -> dict[str, str]:
    """Return thoughts under both names that clients look for."""
    return {"reasoning_content": text, "reasoning": text}
