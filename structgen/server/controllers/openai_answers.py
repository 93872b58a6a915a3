"""Priorities, headers and streams of the controllers of OpenAI's routes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from litestar import Request

from structgen.chat.reply import ChatEvent, ChatReply, ChatSink, ReplyCompleted
from structgen.server.access import permitted
from structgen.server.event_streams import StreamEncoder, open_event_stream
from structgen.server.openai.common import IGNORED
from structgen.server.openai.requested_turn import RequestedTurn

MAX_IN_HEADER = 20
"""Pointers in the header `x-structgen-ignored`; the member `structgen` of the reply has all."""


def with_priority(turn: RequestedTurn, request: Request[Any, Any, Any]) -> RequestedTurn:
    """Raise the priority number of a turn to the lowest that the caller's key allows."""
    return replace(turn, limits=permitted(turn.limits, request.scope))


def ignored_header(turn: RequestedTurn) -> dict[str, str]:
    """Return the header that names the ignored members of a request, none where there are none."""
    pointers = [warning.pointer for warning in turn.warnings if warning.code == IGNORED]
    if not pointers:
        return {}
    return {"x-structgen-ignored": ", ".join(quote(each[:200]) for each in pointers[:MAX_IN_HEADER])}


async def reply_events(
    run: Callable[[ChatSink], Awaitable[ChatReply]],
    encoder: StreamEncoder[ChatEvent],
    instance: str,
    **times: float,
) -> AsyncGenerator[bytes, None]:
    """Start a run and return its events as bytes; `times` are those of `open_event_stream`."""

    async def completed(emit: ChatSink) -> ChatEvent:
        return ReplyCompleted(await run(emit))

    return await open_event_stream(completed, encoder, instance, **times)
