"""From the reply to a turn to the body of a response."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from structgen.api.openai.responses_request import ResponsesRequest
from structgen.chat.reply import ChatReply, Choice
from structgen.server.openai.reply_parts import account, responses_usage
from structgen.server.openai.responses_items import Item, call_item, message_item, new_id, reasoning_item
from structgen.types import Diagnostic


@dataclass(frozen=True, slots=True)
class ResponseShape:
    """A request as its response repeats it."""

    request: ResponsesRequest
    model: str
    warnings: tuple[Diagnostic, ...] = ()
    """Warnings about the request."""
    id: str = field(default_factory=lambda: new_id("resp"))
    created_at: int = field(default_factory=lambda: int(time.time()))

    def body(self, status: str, output: list[Item], **members: Any) -> dict[str, Any]:
        """Return a response with that status and output; `members` replace the members at rest."""
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created_at,
            "status": status,
            "model": self.model,
            "output": output,
            "usage": None,
            "error": None,
            "incomplete_details": None,
            **self._repeated(),
            **members,
        }

    def ended(self, reply: ChatReply, output: list[Item]) -> dict[str, Any]:
        """Return the response of a reply with this output."""
        cut = reply.choices[0].finish == "length"
        return self.body(
            "incomplete" if cut else "completed",
            output,
            usage=responses_usage(reply.usage),
            incomplete_details={"reason": "max_output_tokens"} if cut else None,
            structgen=account(reply, self.warnings),
        )

    def _repeated(self) -> dict[str, Any]:
        """Return the members of the request that a response repeats."""
        given = self.request
        effort = None if given.reasoning is None else given.reasoning.effort
        form = None if given.text is None or given.text.format is None else given.text.format
        metadata = (given.model_extra or {}).get("metadata")
        return {
            "instructions": given.instructions,
            "max_output_tokens": given.max_output_tokens,
            "parallel_tool_calls": given.parallel_tool_calls is not False,
            "previous_response_id": None,
            "reasoning": {"effort": effort, "summary": None},
            "store": False,
            "temperature": given.temperature,
            "text": {
                "format": {"type": "text"}
                if form is None
                else form.model_dump(by_alias=True, exclude_unset=True)
            },
            "tool_choice": given.tool_choice if given.tool_choice is not None else "auto",
            "tools": [tool.model_dump(by_alias=True, exclude_unset=True) for tool in given.tools or ()],
            "top_p": given.top_p,
            "truncation": "disabled",
            "metadata": metadata if isinstance(metadata, dict) else {},
        }


def response_body(reply: ChatReply, shape: ResponseShape) -> dict[str, Any]:
    """Return the body of a response."""
    return shape.ended(reply, _output(reply.choices[0]))


def _output(choice: Choice) -> list[Item]:
    """Return thoughts, text and calls as items; an answer without any has an empty message."""
    items = []
    if choice.reasoning:
        items.append(reasoning_item(new_id("rs"), choice.reasoning))
    if choice.content or not choice.calls:
        status = "incomplete" if choice.finish == "length" else "completed"
        items.append(message_item(new_id("msg"), choice.content, status))
    return [*items, *(call_item(new_id("fc"), call) for call in choice.calls)]
