"""Build the request body of a chat completion for a server's profile, and adapt it to refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from structgen.engines.base import AnyConstraint, CallConstraint, Constraint, TextConstraint
from structgen.engines.remote import conversation_turns
from structgen.engines.remote.errors import RequestRefused
from structgen.engines.remote.server_profile import THINKING_OFF, ServerProfile
from structgen.types import Conversation, Sampling, ToolDefinition

OPTIONAL = (
    "top_k", "logprobs", "seed", "stream_options", "stop", "skip_special_tokens", "chat_template_kwargs",
    "reasoning_effort", "parallel_tool_calls", "continue_final_message",
)  # fmt: skip
"""Members that a request can leave out where the server refuses them."""
NAMED_CHOICE, STRICT_TOOLS, SCHEMA_BESIDE_TOOLS = "named tool_choice", "strict tools", "a schema beside tools"
THESE_TOOLS = "these tools"
"""The feature of a request whose tools alone are refused: the next request's tools may be accepted."""
THOUGHT_ROOM = 4096
"""Tokens beside `max_tokens` for the thought of a model that always thinks."""
# llguidance reads these options from the schema: compact JSON, as our own engines decode it. Nothing refers
# to the definition `_STEER`; its keyword makes vLLM's `auto` choose `guidance` over xgrammar.
_GUIDANCE = {"x-guidance": {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}}
_STEER = {"structgen:guidance": {"type": "integer", "multipleOf": 1}}
_NO_TOOLS = re.compile(r"\btools?\b|tool[ _]choice|function[ _-]?call|jinja", re.I)
_NO_GRAMMAR = re.compile(r"grammar|schema|response_format|structured[ _]output", re.I)


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One completion that a server is asked for."""

    conversation: Conversation
    sampling: Sampling
    constraint: AnyConstraint | None = None
    logprobs: bool = False
    stop: tuple[str, ...] = ()
    thinks: bool = False
    """Whether the model is to think in this completion."""
    thought: str | None = None
    """A thought of the model, after which the answer begins."""
    may_call: bool = True
    """Whether the answer may have calls of the conversation's tools."""
    keeps_tags: bool = False
    """Whether the answer keeps tags that are special tokens of the model."""


def body(
    model: str, request: CompletionRequest, profile: ServerProfile, room: int | None = None
) -> dict[str, Any]:
    """Return the JSON body of one streamed completion of at most `room` tokens, where that is known."""
    sampling = request.sampling
    members: dict[str, Any] = {
        "model": model,
        **_turns(request, profile),
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": _max_tokens(request, profile, room),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    if sampling.top_k or profile.family in ("vllm", "sglang"):  # without it they use the model's default
        members["top_k"] = sampling.top_k or -1
    if sampling.seed is not None:
        members["seed"] = sampling.seed
    if request.logprobs:
        members["logprobs"] = True
    if request.stop:
        members["stop"] = list(request.stop)
    members |= _thinking_members(request, profile)
    if takes_native_tools(request, profile):
        members |= _tool_members(request, profile)
        keeps_tags = request.keeps_tags or request.thinks
    else:
        keeps_tags = request.keeps_tags or request.thinks or bool(request.conversation.tools)
    if keeps_tags and profile.is_vllm:
        members["skip_special_tokens"] = False
    members |= _format_members(request, profile)
    if "max_tokens" in profile.refused:  # OpenAI's models that think take the other name alone
        members["max_completion_tokens"] = members["max_tokens"]
    return {name: value for name, value in members.items() if name not in profile.refused}


def takes_native_tools(request: CompletionRequest, profile: ServerProfile) -> bool:
    """Return whether calls and tools are members of the request, and not text in tags."""
    if {"tools", THESE_TOOLS} & profile.refused:
        return False
    return not (isinstance(request.constraint, CallConstraint) and profile.special_tags is not None)


def refused_feature(sent: Mapping[str, Any], refused: RequestRefused) -> str | None:
    """Return the feature to leave out after a refusal, None where that would not help."""
    if "max_tokens" in sent and refused.names("max_completion_tokens"):
        return "max_tokens"
    for member in OPTIONAL:
        if member in sent and refused.names(member):
            return member
    if "tools" not in sent:
        return None
    choice, about = sent.get("tool_choice"), f"{refused.about} {refused.message}"
    if choice is not None and refused.names("tool_choice"):
        return NAMED_CHOICE if isinstance(choice, dict) else "tool_choice"
    is_strict = any(tool["function"].get("strict") for tool in sent["tools"])
    if is_strict and re.search(r"\bstrict\b|invalid_function_parameters|for function '", about):
        return STRICT_TOOLS
    if _NO_GRAMMAR.search(about):
        has_format = "response_format" in sent or "structured_outputs" in sent
        return SCHEMA_BESIDE_TOOLS if has_format else THESE_TOOLS
    return "tools" if _NO_TOOLS.search(about) else None


def reduced_room(sent: Mapping[str, Any], refused: RequestRefused) -> int | None:
    """Return the tokens that the context has left for the answer, where it was asked for more."""
    room = refused.room
    if room is None and refused.names("max_tokens") and refused.allowed is not None:
        room = refused.allowed
    wanted = sent.get("max_tokens") or sent["max_completion_tokens"]
    return room if room is not None and 0 < room < wanted else None


def _turns(request: CompletionRequest, profile: ServerProfile) -> dict[str, Any]:
    conversation = request.conversation
    if request.thinks or request.thought is not None:
        conversation = replace(conversation, thinking=True)
    native = takes_native_tools(request, profile)
    write = conversation_turns.native_turns if native else conversation_turns.tagged_turns
    turns = write(conversation)
    if request.thought is None:
        return {"messages": turns}
    if not profile.continues_turns:
        return {"messages": conversation_turns.with_thought(turns, request.thought)}
    turns = [*turns, conversation_turns.begun_turn(request.thought)]
    return {"messages": turns, "continue_final_message": True, "add_generation_prompt": False}


def _max_tokens(request: CompletionRequest, profile: ServerProfile, room: int | None) -> int:
    wanted = request.sampling.answer_tokens
    if profile.always_thinks and not request.thinks:
        wanted += THOUGHT_ROOM
    return min([wanted, *(limit for limit in (profile.context, room) if limit is not None)])


def _thinking_members(request: CompletionRequest, profile: ServerProfile) -> dict[str, Any]:
    """Turn thinking on where the model is to think, and off where it would think by default."""
    members: dict[str, Any] = {}
    if request.thinks and profile.has_template_options:
        members["chat_template_kwargs"] = {"enable_thinking": True, "thinking": True}
    switch = profile.thinking_switch
    if not request.thinks and switch is not None:
        members[switch] = dict(THINKING_OFF[switch]) or "none"
    return members


def _tool_members(request: CompletionRequest, profile: ServerProfile) -> dict[str, Any]:
    tools, constraint = request.conversation.tools, request.constraint
    if not tools:
        return {}
    choice: Any = "auto" if request.may_call else "none"
    if isinstance(constraint, CallConstraint) and request.may_call:
        callable_names = {tool.name for tool in constraint.tools}
        chosen = tuple(tool for tool in tools if tool.name in callable_names)
        if constraint.required:
            choice = "required"
            if len(chosen) == 1 and len(tools) > 1 and NAMED_CHOICE not in profile.refused:
                choice = {"type": "function", "function": {"name": chosen[0].name}}
            else:
                tools = chosen or tools
    strict = STRICT_TOOLS not in profile.refused
    members = {
        "tools": [conversation_turns.function_tool(tool, strict=strict) for tool in _unique(tools)],
        "tool_choice": choice,
    }
    if isinstance(constraint, CallConstraint) and request.may_call and not constraint.parallel:
        members["parallel_tool_calls"] = False
    return members


def _unique(tools: tuple[ToolDefinition, ...]) -> list[ToolDefinition]:
    return list({tool.name: tool for tool in tools}.values())


def _format_members(request: CompletionRequest, profile: ServerProfile) -> dict[str, Any]:
    constraint = request.constraint
    if isinstance(constraint, CallConstraint):
        if not request.may_call:
            return {}
        if profile.special_tags is not None:
            return {"structured_outputs": {"grammar": call_grammar(constraint, profile.special_tags)}}
        if constraint.required or constraint.response is None or SCHEMA_BESIDE_TOOLS in profile.refused:
            return {}
        constraint = constraint.response
    if isinstance(constraint, TextConstraint):
        return {"structured_outputs": text_format(constraint)} if profile.follows_text_formats else {}
    if constraint is None or profile.schema_member is None:
        return {}
    return _schema_members(constraint, profile)


def call_grammar(constraint: CallConstraint, special_tags: frozenset[str]) -> str:
    """Return the grammar of a server that has these tags as special tokens."""
    from structgen.engines.guidance.grammars import grammar_of

    return grammar_of(constraint, special_tags.__contains__)


def text_format(constraint: TextConstraint) -> dict[str, Any]:
    """Return a text format as a member of `structured_outputs`."""
    if constraint.kind == "choice":
        return {"choice": json.loads(constraint.definition)}
    return {"regex" if constraint.kind == "regex" else "grammar": constraint.definition}


def _schema_members(constraint: Constraint, profile: ServerProfile) -> dict[str, Any]:
    schema = constraint.schema
    definition: Mapping[str, Any] = {} if isinstance(schema, bool) else schema
    if profile.is_vllm:
        definition = {**definition, **_GUIDANCE, "$defs": {**definition.get("$defs", {}), **_STEER}}
    if profile.schema_member == "structured_outputs":
        return {"structured_outputs": {"json": definition}}
    named = {"name": "answer", "schema": definition, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": named}}
