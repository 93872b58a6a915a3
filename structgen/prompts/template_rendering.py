"""Render a conversation by a checkpoint's own chat template, which takes precedence over our formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from structgen.errors import BadRequest
from structgen.prompts import tool_markup
from structgen.prompts.base import Segment
from structgen.prompts.reply_events import HERMES
from structgen.prompts.tagged_turns import answer_segments, opening_segments, tagged_turns
from structgen.prompts.template_marks import TemplateMarks
from structgen.types import Conversation, Message, ToolDefinition

ApplyTemplate = Callable[[list[dict[str, Any]], Mapping[str, Any]], str]
"""Renders turns; the mapping has the other variables of the template, `tools` among them."""


def render(
    conversation: Conversation, source: str, apply: ApplyTemplate, thinking: str
) -> tuple[Segment, ...]:
    """Render a conversation by `apply`, whose template is `source`, and separate its markup from the texts.

    A template that knows Hermes' calls gets tools, calls and results; for others they are text of the turns.
    `thinking` is the prompt that asks the model to think. Raises `BadRequest` where the template refuses the
    conversation, or leaves something out.
    """
    marks = TemplateMarks()
    variables: dict[str, Any] = {}
    if HERMES.call_open in source:
        turns = _native_turns(conversation, thinking, marks)
        if conversation.tools:
            variables["tools"] = [_tool(tool, marks) for tool in conversation.tools]
    else:
        turns = [
            {"role": turn.role, "content": marks.turn(turn.segments)}
            for turn in tagged_turns(conversation, "", thinking)
        ]
    options = {
        "thinking": conversation.thinking,
        "enable_thinking": conversation.thinking,
        "keep_cots": conversation.keep_thoughts,
    }
    variables |= {name: value for name, value in options.items() if re.search(rf"\b{name}\b", source)}
    return marks.segments(_apply(turns, variables, apply))


def _apply(turns: list[dict[str, Any]], variables: Mapping[str, Any], apply: ApplyTemplate) -> str:
    """Apply the template, twice if need be.

    Hermes 4's published template fails on an earlier answer without thoughts: such answers then get its
    placeholder for them.
    """
    try:
        return apply(turns, variables)
    except Exception as first:
        for turn in turns:
            if turn["role"] == "assistant" and HERMES.think_close not in turn["content"]:
                turn["content"] = tool_markup.NO_THOUGHTS + turn["content"]
        try:
            return apply(turns, variables)
        except Exception:
            reason = f"the model's chat template refuses the conversation: {first}"
            raise BadRequest(reason[:500]) from first


def _native_turns(conversation: Conversation, thinking: str, marks: TemplateMarks) -> list[dict[str, Any]]:
    """Return one turn for each message, and a system turn where the model is asked to think."""
    first, *others = conversation.messages
    if first.role != "system":
        others = [first, *others]
    text = first.content if first.role == "system" else None
    turns: list[dict[str, Any]] = []
    if opening := opening_segments(conversation, text, "", thinking):
        turns.append({"role": "system", "content": marks.turn(opening)})
    return [*turns, *(_native_turn(message, conversation, marks) for message in others)]


def _native_turn(message: Message, conversation: Conversation, marks: TemplateMarks) -> dict[str, Any]:
    if message.role != "assistant":
        turn: dict[str, Any] = {
            "role": message.role,
            "content": marks.turn([Segment(message.content, False)]),
        }
        names = {"name": message.name, "tool_call_id": message.tool_call_id}
        return turn | {key: marks.data(name) for key, name in names.items() if name}
    turn = {"role": "assistant", "content": marks.turn(answer_segments(message, conversation))}
    if message.tool_calls:
        turn["tool_calls"] = [
            {
                "type": "function",
                "id": marks.data(call.id),
                "function": {
                    "name": marks.name(call.name),
                    "arguments": marks.data(tool_markup.arguments(call)),
                },
            }
            for call in message.tool_calls
        ]
    return turn


def _tool(tool: ToolDefinition, marks: TemplateMarks) -> dict[str, Any]:
    described = tool_markup.tool_object(tool)
    name = {"name": marks.name(tool.name)}
    details = {key: marks.data(value) for key, value in described["function"].items()}
    return {**described, "function": details | name}
