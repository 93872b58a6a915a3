"""From the events of a turn to the events of a streamed response."""

from __future__ import annotations

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
from structgen.server.event_streams import named_event
from structgen.server.openai.responses_items import GrowingItem, Item, Kind, call_item, new_id
from structgen.server.openai.responses_reply import ResponseShape
from structgen.server.openai_errors import envelope
from structgen.types import ToolCall


@dataclass
class ResponseStream:
    """Encodes the events of one turn, in the order that OpenAI's clients need.

    Each item opens, grows and closes before the next one opens.
    """

    shape: ResponseShape
    _output: list[Item] = field(default_factory=list)
    _open: GrowingItem | None = None
    _sequence: int = -1
    _delivered: dict[str, int] = field(default_factory=lambda: {"message": 0, "reasoning": 0, "calls": 0})

    def encode(self, event: ChatEvent) -> bytes:
        """Return the events for an event of the turn."""
        begin = b"" if self._sequence >= 0 else self._begin()
        match event:
            case ReasoningDelta(_, text):
                return begin + self._grow("reasoning", text)
            case ContentDelta(_, text):
                return begin + self._grow("message", text)
            case CallDelta(_, _, call):
                return begin + self._call(call)
            case ChoiceEnded(_, choice):
                return begin + self._rest(choice)
            case ReplyCompleted(reply):
                return begin + self._end(reply)

    def encode_error(self, error: StructgenError) -> bytes:
        """Return the failed response, and the error for clients that look for it alone."""
        begin = b"" if self._sequence >= 0 else self._begin()
        failure = {"code": error.name, "message": str(error)}
        failed = self._event(
            "response.failed", response=self.shape.body("failed", self._output, error=failure)
        )
        members = envelope(error)
        told = {name: members["error"][name] for name in ("code", "message", "param")}
        return begin + failed + self._event("error", **told, **members)

    def _event(self, name: str, /, **members: Any) -> bytes:
        self._sequence += 1
        return named_event(name, {"type": name, "sequence_number": self._sequence, **members})

    def _begin(self) -> bytes:
        body = self.shape.body("in_progress", [])
        return self._event("response.created", response=body) + self._event(
            "response.in_progress", response=body
        )

    def _grow(self, kind: Kind, text: str) -> bytes:
        growing, events = self._opened(kind)
        if not text:
            return events
        growing.text += text
        self._delivered[kind] += len(text)
        name = f"{growing.event}.delta"
        return events + self._event(name, **self._place(), delta=text, **growing.logprobs)

    def _place(self) -> dict[str, Any]:
        """Return the place of the part that grows."""
        item_id = "" if self._open is None else self._open.id
        return {"item_id": item_id, "output_index": len(self._output), "content_index": 0}

    def _opened(self, kind: Kind) -> tuple[GrowingItem, bytes]:
        """Return the open item of that kind, and the events that open it where it was not."""
        if self._open is not None and self._open.kind == kind:
            return self._open, b""
        closed = self._close()
        opened = self._open = GrowingItem(kind)
        item = opened.item(None, "in_progress")
        added = self._event("response.output_item.added", output_index=len(self._output), item=item)
        part = self._event("response.content_part.added", **self._place(), part=opened.part(""))
        return opened, closed + added + part

    def _close(self, status: str = "completed") -> bytes:
        """Close the item of text that is open, if one is."""
        if self._open is None:
            return b""
        last, place = self._open, self._place()
        done = self._event(f"{last.event}.done", **place, text=last.text, **last.logprobs)
        part = self._event("response.content_part.done", **place, part=last.part(last.text))
        self._open = None
        return done + part + self._done(last.item(last.text, status))

    def _done(self, item: Item) -> bytes:
        event = self._event("response.output_item.done", output_index=len(self._output), item=item)
        self._output.append(item)
        return event

    def _call(self, call: ToolCall) -> bytes:
        """Return the events of a call, which comes whole."""
        closed, item_id = self._close(), new_id("fc")
        self._delivered["calls"] += 1
        place = {"item_id": item_id, "output_index": len(self._output)}
        item = call_item(item_id, call, "in_progress")
        added = self._event("response.output_item.added", output_index=len(self._output), item=item)
        delta = self._event("response.function_call_arguments.delta", **place, delta=call.arguments)
        done = self._event(
            "response.function_call_arguments.done", **place, name=call.name, arguments=call.arguments
        )
        return closed + added + delta + done + self._done(call_item(item_id, call))

    def _rest(self, choice: Choice) -> bytes:
        """Return what the events have not delivered, and close the last item."""
        events = b""
        if thoughts := choice.reasoning[self._delivered["reasoning"] :]:
            events += self._grow("reasoning", thoughts)
        text = choice.content[self._delivered["message"] :]
        if text or not (choice.content or choice.calls):
            events += self._grow("message", text)
        for call in choice.calls[self._delivered["calls"] :]:
            events += self._call(call)
        return events + self._close("incomplete" if choice.finish == "length" else "completed")

    def _end(self, reply: ChatReply) -> bytes:
        body = self.shape.ended(reply, self._output)
        return self._event(f"response.{body['status']}", response=body)
