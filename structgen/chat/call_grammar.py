"""The constraint under which an engine writes the calls of a chat turn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from structgen import json_text
from structgen.chat.turn import ChatTurn, NamedTool, Tool
from structgen.engines.base import CallableTool, CallConstraint, Engine
from structgen.errors import InvalidSchema
from structgen.strategies.grammar_fallback import constraint_of

_ANY_OBJECT: Mapping[str, Any] = {"type": "object"}


async def call_constraint(turn: ChatTurn, engine: Engine) -> CallConstraint | None:
    """Return a constraint that the engine compiled, None for an engine without calls of its own.

    An engine that presents tools itself gets it too, without a promise: it names the tools and the choice.

    The arguments of a tool whose schema has no grammar are any object; validation checks them. Where the
    tools are too much for one grammar, this holds for all of them.
    """
    capabilities = engine.capabilities
    if not turn.callable_tools or not (capabilities.constrains_calls or capabilities.native_tools):
        return None
    if not capabilities.constrains_calls:
        return _constraint(turn, wide=False)
    for constraint in (_constraint(turn, wide=False), _constraint(turn, wide=True)):
        try:
            await engine.prepare(constraint)
        except InvalidSchema:
            continue
        return constraint
    return None


def _constraint(turn: ChatTurn, *, wide: bool) -> CallConstraint:
    response = None
    if turn.schema is not None and turn.grammar_error is None and not turn.requires_call:
        response = constraint_of(turn.schema)
    tools = tuple(
        CallableTool(tool.name, _ANY_OBJECT if wide else _arguments(tool)) for tool in turn.callable_tools
    )
    parallel = turn.parallel_calls and not isinstance(turn.tool_choice, NamedTool)
    parts = [
        [tool.name, None if wide or tool.grammar_error else tool.schema.key] for tool in turn.callable_tools
    ]
    response_key = "" if response is None else response.key
    text = json_text.dumps([parts, turn.requires_call, parallel, response_key])
    key = hashlib.sha256(f"calls {text}".encode()).hexdigest()
    return CallConstraint(tools, key, turn.requires_call, parallel, response)


def _arguments(tool: Tool) -> Mapping[str, Any] | bool:
    """Return the grammar of a tool's arguments, which are an object whatever the schema allows."""
    grammar = tool.schema.grammar
    if tool.grammar_error is not None or grammar is True:
        return _ANY_OBJECT
    if isinstance(grammar, bool) or "type" in grammar or "$ref" in grammar:
        return grammar
    return {**grammar, "type": "object"}
