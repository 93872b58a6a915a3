"""From the events of a turn to the chunks of a streamed chat completion."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from structgen.chat.reply import (
    CallDelta,
    ChatEvent,
    ChatReply,
    Choice,
    ChoiceEnded,
    ContentDelta,
    ReasoningDelta,
    ReplyCompleted,
)
from structgen.errors import StructgenError
from structgen.server.event_streams import data_line
from structgen.server.openai.chat_reply import (
    ChatShape,
    call_body,
    completion_id,
    function_body,
    reasoning_members,
)
from structgen.server.openai.reply_parts import account, chat_usage, logprobs_body
from structgen.server.openai_errors import envelope
from structgen.types import ToolCall

DONE = b"data: [DONE]\n\n"


@dataclass
class _Sent:
    """The delivered part of a choice: the characters of its text, and its calls."""

    begun: bool = False
    content: int = 0
    reasoning: int = 0
    calls: int = 0


@dataclass
class ChatStream:
    """Encodes the events of one turn.

    The chunks that finish the choices wait for the end of the turn: after an error there is none of them, so
    that no client takes the reply for a whole one.
    """

    model: str
    shape: ChatShape
    id: str = field(default_factory=lambda: completion_id(secrets.token_hex(16)))
    created: int = field(default_factory=lambda: int(time.time()))
    _choices: dict[int, _Sent] = field(default_factory=dict)
    _ended: dict[int, Choice] = field(default_factory=dict)

    def encode(self, event: ChatEvent) -> bytes:
        """Return the chunks of an event."""
        match event:
            case ReasoningDelta(index, text):
                self._sent(index).reasoning += len(text)
                return self._chunk(index, reasoning_members(text))
            case ContentDelta(index, text):
                self._sent(index).content += len(text)
                return self._chunk(index, {"content": text})
            case CallDelta(index, _, call):
                return self._call(index, call)
            case ChoiceEnded(index, choice):
                return self._rest(index, choice)
            case ReplyCompleted(reply):
                return self._end(reply)

    def encode_error(self, error: StructgenError) -> bytes:
        """Return the error, which ends the stream without a finish chunk."""
        return data_line(envelope(error))

    def _sent(self, index: int) -> _Sent:
        return self._choices.setdefault(index, _Sent())

    def _call(self, index: int, call: ToolCall) -> bytes:
        sent = self._sent(index)
        sent.calls += 1
        if self.shape.functions:
            return self._chunk(index, {"function_call": function_body(call)})
        piece = {"index": sent.calls - 1, **call_body(call)}
        return self._chunk(index, {"tool_calls": [piece]})

    def _rest(self, index: int, choice: Choice) -> bytes:
        """Return what the events have not delivered of a choice."""
        sent = self._sent(index)
        self._ended[index] = choice
        chunks = []
        if thoughts := choice.reasoning[sent.reasoning :]:
            chunks.append(self._chunk(index, reasoning_members(thoughts)))
        if text := choice.content[sent.content :]:
            chunks.append(self._chunk(index, {"content": text}))
        chunks += [self._call(index, call) for call in choice.calls[sent.calls :]]
        return b"".join(chunks)

    def _chunk(self, index: int, delta: dict[str, Any]) -> bytes:
        sent = self._sent(index)
        if not sent.begun:
            sent.begun = True
            content = None if "tool_calls" in delta or "function_call" in delta else ""
            delta = {"role": "assistant", "content": content, **delta}
        return self._line([{"index": index, "delta": delta, "finish_reason": None}])

    def _end(self, reply: ChatReply) -> bytes:
        """Return the finish chunks, the last one with the account, then the usage and the end."""
        members: dict[str, Any] = {"structgen": account(reply, self.shape.warnings)}
        indices = sorted(self._ended)
        lines = [self._finish(index, members if index == indices[-1] else {}) for index in indices]
        if self.shape.include_usage:
            lines.append(self._line([], usage=chat_usage(reply.usage)))
        return b"".join([*lines, DONE])

    def _finish(self, index: int, members: dict[str, Any]) -> bytes:
        ended = self._ended[index]
        choice: dict[str, Any] = {
            "index": index,
            "delta": {} if self._sent(index).begun else {"role": "assistant", "content": ""},
            "finish_reason": self.shape.finish_reason(ended),
        }
        if ended.logprobs:
            choice["logprobs"] = logprobs_body(ended)
        return self._line([choice], **members)

    def _line(self, choices: list[Any], **members: Any) -> bytes:
        return data_line(
            {
                "id": self.id,
                "object": "chat.completion.chunk",
                "created": self.created,
                "model": self.model,
                "choices": choices,
                **members,
            }
        )
