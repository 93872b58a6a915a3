"""Hermes' markup of tools, calls, results and thoughts: the same in all prompt formats.

Seen in Hermes 4's cards, data and descriptions: the tags; the heading and the first sentence of the tools'
section; one JSON object per line in `<tools>`; the form of a call; results in turns of the user, those that
follow each other in one turn; thoughts and `<think> </think>` in their place. Inferred, as the published
template could not be read: all other words of the section, its place behind the system text, the white space
between two pieces, and the spaces in JSON. Where a checkpoint brings a template with tools, that one is used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from structgen import json_text
from structgen.prompts.base import Segment
from structgen.prompts.reply_events import HERMES
from structgen.types import ToolCall, ToolDefinition

EMPTY_THOUGHT = f"{HERMES.think_open} {HERMES.think_close}"
"""Stands for the thoughts of an earlier answer."""
AFTER_THOUGHT = "\n"
NO_THOUGHTS = EMPTY_THOUGHT + AFTER_THOUGHT
BEFORE_CALL = BETWEEN_RESULTS = "\n"
BEFORE_TOOLS = "\n\n"
TOOLS_BEGIN = (
    "# Tools\n\n"
    "You are a function calling AI model. You may call one or more functions to assist with the user query."
    "\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n"
    "<tools>\n"
)
TOOLS_END = (
    "\n</tools>\n\n"
    "For each function call, return a json object with function name and arguments within "
    "<tool_call></tool_call> XML tags:\n"
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
)
RESULT_BEGIN, RESULT_END = "<tool_response>\n", "\n</tool_response>"


def tools_section(tools: Sequence[ToolDefinition]) -> tuple[Segment, ...]:
    """Return the part of the system turn that describes the tools, and how to call them."""
    lines: list[Segment] = []
    for tool in tools:
        lines += [Segment("\n", True), Segment(written(tool_object(tool)), False)]
    return (Segment(TOOLS_BEGIN, True), *lines[1:], Segment(TOOLS_END, True))


def call_block(call: ToolCall) -> tuple[Segment, ...]:
    """Return a call with its tags."""
    text = written({"name": call.name, "arguments": arguments(call)})
    return (
        Segment(f"{HERMES.call_open}\n", True),
        Segment(text, False),
        Segment(f"\n{HERMES.call_close}", True),
    )


def result_block(result: str) -> tuple[Segment, ...]:
    """Return the result of a call with its tags."""
    return (Segment(RESULT_BEGIN, True), Segment(result, False), Segment(RESULT_END, True))


def thought_block(reasoning: str) -> tuple[Segment, ...]:
    """Return a thought with its tags, each on a line of its own."""
    begin = HERMES.think_open + ("" if reasoning.startswith("\n") else "\n")
    end = ("" if reasoning.endswith("\n") else "\n") + HERMES.think_close
    return (Segment(begin, True), Segment(reasoning, False), Segment(end, True))


def tool_object(tool: ToolDefinition) -> dict[str, Any]:
    """Return the tool as a chat template takes it."""
    parameters = _object(tool.parameters)
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}


def arguments(call: ToolCall) -> Any:
    """Return the arguments as an object, or the text where it is none."""
    return _object(call.arguments)


def written(value: Any) -> str:
    """Return JSON text as chat templates write it."""
    return json.dumps(value, ensure_ascii=False)


def _object(text: str) -> Any:
    try:
        value = json_text.loads(text)
    except json_text.JsonError:
        return text
    return value if isinstance(value, dict | bool) else text
