"""Write a conversation as the messages of a request, with tools as members or as text in Hermes' tags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen import json_text
from structgen.prompts import hermes4
from structgen.prompts.server_messages import escape_special_tokens as escaped
from structgen.prompts.server_messages import tagged_messages
from structgen.types import Conversation, Message, ToolDefinition

Turn = dict[str, Any]
THOUGHT_TURN = (
    "You have thought about this already:\n<thoughts>\n{thought}\n</thoughts>\n"
    "Do not think again. Give your answer now."
)
"""The thought of the model, for servers that let it continue no turn of its own."""


def native_turns(conversation: Conversation) -> list[Turn]:
    """Return messages with OpenAI's members for calls and their results.

    A call without an id gets one, and a result without one belongs to the first call that has no result yet.
    """
    turns: list[Turn] = []
    open_calls: list[str] = []
    for message in conversation.messages:
        turn: Turn = {"role": message.role, "content": _content(message, conversation.keep_thoughts)}
        if message.tool_calls:
            count = sum(len(turn.get("tool_calls", ())) for turn in turns)
            ids = [call.id or f"call_{count + n}" for n, call in enumerate(message.tool_calls)]
            open_calls += ids
            turn["tool_calls"] = [
                {
                    "id": identity,
                    "type": "function",
                    "function": {"name": call.name, "arguments": escaped(call.arguments)},
                }
                for identity, call in zip(ids, message.tool_calls, strict=True)
            ]
        if message.role == "tool":
            identity = message.tool_call_id or (open_calls[0] if open_calls else "call_0")
            turn["tool_call_id"] = identity
            open_calls = [other for other in open_calls if other != identity]
            if message.name is not None:
                turn["name"] = message.name
        turns.append(turn)
    return _with_thinking_prompt(conversation, turns)


def tagged_turns(conversation: Conversation) -> list[Turn]:
    """Return messages that describe the tools in the system text, with calls and results in tags."""
    return [*tagged_messages(conversation)]


def begun_turn(thought: str) -> Turn:
    """Return the turn that begins with a finished thought; the model continues it."""
    return {"role": "assistant", "content": f"<think>\n{escaped(thought.strip())}\n</think>\n\n"}


def with_thought(turns: Sequence[Turn], thought: str) -> list[Turn]:
    """Return the messages with the thought in the last turn of the user."""
    text = THOUGHT_TURN.replace("{thought}", escaped(thought.strip()))
    *before, last = turns
    if last["role"] != "user":
        return [*turns, {"role": "user", "content": text}]
    return [*before, {**last, "content": f"{last['content']}\n\n{text}"}]


def function_tool(tool: ToolDefinition, *, strict: bool) -> dict[str, Any]:
    """Return the tool as a member of `tools`."""
    function: dict[str, Any] = {"name": tool.name, "parameters": json_text.loads(tool.parameters)}
    if tool.description:
        function["description"] = tool.description
    if strict:
        function["strict"] = True
    return {"type": "function", "function": function}


def _with_thinking_prompt(conversation: Conversation, turns: list[Turn]) -> list[Turn]:
    """Return the messages with the thinking prompt before the system text, where its tags are no text."""
    if not conversation.thinking or not conversation.messages:
        return turns
    first = conversation.messages[0]
    if first.role != "system":
        return [{"role": "system", "content": hermes4.THINKING}, *turns]
    own = escaped(first.content.removeprefix(hermes4.THINKING).removeprefix("\n\n"))
    system = f"{hermes4.THINKING}\n\n{own}" if own else hermes4.THINKING
    return [{**turns[0], "content": system}, *turns[1:]]


def _content(message: Message, keep_thoughts: bool) -> str:
    text = escaped(message.content)
    if message.role == "assistant" and keep_thoughts and message.reasoning:
        return f"<think>\n{escaped(message.reasoning)}\n</think>\n\n{text}"
    return text
