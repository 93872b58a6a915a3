"""From the body of `/v1/chat/completions` to a turn."""

from __future__ import annotations

from dataclasses import replace

from structgen.api.openai.chat_request import ChatCompletionRequest, ChatMessage
from structgen.api.openai.content import joined
from structgen.engines import Engine
from structgen.server.openai.common import TurnParts, requested_turn
from structgen.server.openai.requested_turn import Findings, RequestedTurn
from structgen.server.openai.sampling import Budgets
from structgen.server.openai.tools import requested_functions, requested_tools
from structgen.types import Message, Role, ToolCall

_ROLES: dict[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "tool",
    "function": "tool",
}  # fmt: skip


def chat_turn(body: ChatCompletionRequest, engine: Engine) -> RequestedTurn:
    """Return the turn that a request asks for; raises `BadRequest` with every fault."""
    findings = Findings()
    tools = requested_tools(body.tools or (), findings)
    choice, choice_pointer = body.tool_choice, "/tool_choice"
    if body.functions:
        tools = (*tools, *requested_functions(body.functions, findings))
        if choice is None:
            choice, choice_pointer = body.function_call, "/function_call"
    if body.top_logprobs:
        findings.warn("/top_logprobs", "no-alternatives", "only the chosen tokens have a log-probability")
    parts = TurnParts(
        _messages(body.messages, findings),
        tools,
        choice,
        choice_pointer,
        body.response_format,
        "/response_format",
        Budgets(body.max_completion_tokens or body.max_tokens, body.reasoning_effort, "/reasoning_effort"),
        n=body.n or 1,
        logprobs=bool(body.logprobs),
    )
    turn = requested_turn(body, parts, engine, findings)
    return replace(turn, parallel_calls=False) if uses_functions(body) else turn  # it holds one call


def uses_functions(body: ChatCompletionRequest) -> bool:
    """Return whether the reply has `function_call` in place of `tool_calls`."""
    return bool(body.functions) and not body.tools


def _messages(given: list[ChatMessage], findings: Findings) -> tuple[Message, ...]:
    """Return the turns; the result of a tool gets the name of the call that it belongs to."""
    names: dict[str, str] = {}
    messages = []
    for index, message in enumerate(given):
        calls = _calls(message)
        names |= {call.id: call.name for call in calls if call.id}
        role = _ROLES[message.role]
        text = joined(message.content) or (message.refusal or "")
        if message.role in ("user", "system", "developer") and "content" not in message.model_fields_set:
            findings.fault(f"/messages/{index}/content", "is missing: give a string", "missing")
        messages.append(
            Message(
                role,
                text,
                reasoning=message.reasoning_content or message.reasoning or "",
                tool_calls=calls,
                tool_call_id=message.tool_call_id,
                name=message.name or names.get(message.tool_call_id or "") if role == "tool" else None,
            )
        )
    return tuple(messages)


def _calls(message: ChatMessage) -> tuple[ToolCall, ...]:
    calls = [ToolCall(c.function.name, c.function.arguments, c.id or "") for c in message.tool_calls or ()]
    if message.function_call is not None and not calls:
        calls.append(ToolCall(message.function_call.name, message.function_call.arguments))
    return tuple(calls)
