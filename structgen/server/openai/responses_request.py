"""From the body of `/v1/responses` to a turn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from structgen.api.openai.content import joined
from structgen.api.openai.responses_request import InputItem, ResponsesRequest
from structgen.engines import Engine
from structgen.server.openai.common import TurnParts, requested_turn
from structgen.server.openai.requested_turn import Findings, RequestedTurn
from structgen.server.openai.sampling import Budgets
from structgen.server.openai.tools import requested_tools
from structgen.types import Message, Role, ToolCall

_ROLES: dict[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "assistant": "assistant",
}  # fmt: skip
_STATEFUL = ("previous_response_id", "conversation", "prompt")
"""Members that refer to what a server has stored."""


def responses_turn(body: ResponsesRequest, engine: Engine) -> RequestedTurn:
    """Return the turn that a request asks for; raises `BadRequest` with every fault."""
    findings = Findings()
    for name in _STATEFUL:
        if getattr(body, name) is not None:
            findings.fault(
                f"/{name}", "the service stores no responses: send the whole conversation in `input`"
            )
    if body.background:
        findings.fault("/background", "responses are not made in the background: leave it out, or stream")
    effort = None if body.reasoning is None else body.reasoning.effort
    parts = TurnParts(
        _messages(body, findings),
        requested_tools(body.tools or (), findings),
        body.tool_choice,
        "/tool_choice",
        None if body.text is None else body.text.format,
        "/text/format",
        Budgets(body.max_output_tokens, effort, "/reasoning/effort"),
    )
    return requested_turn(body, parts, engine, findings)


def _messages(body: ResponsesRequest, findings: Findings) -> tuple[Message, ...]:
    conversation = _Conversation(findings)
    if body.instructions:
        conversation.messages.append(Message("system", body.instructions))
    for index, item in enumerate(body.input):
        conversation.add(item, f"/input/{index}")
    return conversation.finished()


@dataclass
class _Conversation:
    """Turns from items: thoughts, text and calls of one answer become one turn of the assistant."""

    findings: Findings
    messages: list[Message] = field(default_factory=list)
    _thoughts: str = ""
    _names: dict[str, str] = field(default_factory=dict)

    def add(self, item: InputItem, pointer: str) -> None:
        """Add an item."""
        match item.type:
            case "message":
                self._add_message(item, pointer)
            case "reasoning":
                self._thoughts += joined(item.content)
            case "function_call":
                self._add_call(item, pointer)
            case "function_call_output":
                call_id = item.call_id or ""
                text = joined(item.output)
                result = Message("tool", text, tool_call_id=call_id, name=self._names.get(call_id))
                self.messages.append(result)
            case other:
                message = f"an item of type {other[:40]!r} is not supported: give messages and function calls"
                self.findings.fault(f"{pointer}/type", message)

    def _add_message(self, item: InputItem, pointer: str) -> None:
        role = _ROLES.get(item.role or "")
        if role is None:
            self.findings.fault(f"{pointer}/role", f"must be one of {', '.join(_ROLES)}")
        elif role == "assistant":
            self._add_to_answer(content=joined(item.content))
        else:
            self.messages.append(Message(role, joined(item.content)))

    def _add_call(self, item: InputItem, pointer: str) -> None:
        if not item.name:
            self.findings.fault(f"{pointer}/name", "is missing: give the name of the function", "missing")
            return
        self._names[item.call_id or ""] = item.name
        self._add_to_answer(call=ToolCall(item.name, item.arguments or "{}", item.call_id or ""))

    def _add_to_answer(self, content: str = "", call: ToolCall | None = None) -> None:
        """Add text or a call to the answer, which begins with the thoughts before it."""
        calls = () if call is None else (call,)
        last = self.messages[-1] if self.messages else None
        if last is not None and last.role == "assistant" and not self._thoughts and (calls or not content):
            self.messages[-1] = replace(last, tool_calls=(*last.tool_calls, *calls))
            return
        self.messages.append(Message("assistant", content, reasoning=self._thoughts, tool_calls=calls))
        self._thoughts = ""

    def finished(self) -> tuple[Message, ...]:
        """Return the turns."""
        return tuple(self.messages)
