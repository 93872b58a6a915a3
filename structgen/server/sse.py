"""Server-sent events of an extraction, named as in the contract."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass

from structgen.errors import StructgenError
from structgen.server.errors import problem
from structgen.server.event_streams import KEEP_ALIVE, named_event, open_event_stream
from structgen.strategies.events import (
    AttemptStarted,
    Completed,
    Event,
    ItemCompleted,
    PartialObject,
    Progress,
    RunWithSink,
    TextDelta,
    ThoughtDelta,
    completing,
)


async def open_stream(
    run: RunWithSink, instance: str, patience: float = KEEP_ALIVE / 2, keep_alive: float = KEEP_ALIVE
) -> AsyncGenerator[bytes, None]:
    """Return the events of an extraction as bytes; exactly one `result` or `problem` ends them.

    Raises the error of a run that fails before its first event, as `open_event_stream` does.
    """
    encoder = _ExtractionEncoder(instance)
    return await open_event_stream(completing(run), encoder, instance, patience, keep_alive)


@dataclass(frozen=True, slots=True)
class _ExtractionEncoder:
    """Encodes the events of an extraction; `instance` is the request id."""

    instance: str

    def encode(self, event: Event) -> bytes:
        match event:
            case AttemptStarted():
                return named_event("attempt", asdict(event))
            case ThoughtDelta():
                return b""
            case TextDelta(delta):
                return named_event("text", {"delta": delta})
            case PartialObject(data):
                return named_event("partial", {"data": data})
            case ItemCompleted(index, data):
                return named_event("item", {"index": index, "data": data})
            case Progress():
                return named_event("progress", asdict(event))
            case Completed(result):
                return named_event("result", result.to_json())

    def encode_error(self, error: StructgenError) -> bytes:
        return named_event("problem", problem(error, self.instance))
