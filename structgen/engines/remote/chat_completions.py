"""Chat completions of one model, adapted to what its server accepts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from structgen.engines.base import Constraint
from structgen.engines.remote.errors import RequestRefused
from structgen.engines.remote.request_body import (
    THESE_TOOLS,
    CompletionRequest,
    body,
    reduced_room,
    refused_feature,
)
from structgen.engines.remote.server_profile import ServerProfile
from structgen.engines.remote.transport import Transport
from structgen.types import Chunk, FinishReason


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    text: str
    reasoning: str
    finish: FinishReason


class ChatCompletions:
    """One model of a server; `profile` grows as the server refuses members of requests."""

    def __init__(self, transport: Transport, model: str, profile: ServerProfile) -> None:
        self.transport, self.model, self.profile = transport, model, profile

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        """Yield the chunks; `RequestRefused` where no form of the request is accepted."""
        profile, room, yielded = self.profile, None, False
        answers_as_reasoning = profile.answers_as_reasoning and isinstance(request.constraint, Constraint)
        while True:
            sent = body(self.model, request, profile, room)
            try:
                async with aclosing(self.transport.completion(sent)) as chunks:
                    async for chunk in chunks:
                        if not yielded:
                            self._learn(profile)
                        yielded = True
                        yield _answered(chunk) if answers_as_reasoning else chunk
                return
            except RequestRefused as refused:
                if yielded:
                    raise
                if refused.about_context:
                    room = reduced_room(sent, refused)
                    if room is None:
                        raise
                    continue
                feature = refused_feature(sent, refused)
                if feature is None or feature in profile.refused:
                    raise
                profile = replace(profile, refused=profile.refused | {feature})

    def _learn(self, profile: ServerProfile) -> None:
        """Keep what the request left out: only now it is certain that leaving it out helped."""
        if news := profile.refused - self.profile.refused - {THESE_TOOLS}:
            self.profile = replace(self.profile, refused=self.profile.refused | news)

    async def complete(self, request: CompletionRequest) -> Answer:
        """Return the whole answer."""
        text = reasoning = ""
        finish: FinishReason = "stop"
        async with aclosing(self.stream(request)) as chunks:
            async for chunk in chunks:
                text, reasoning = text + chunk.text, reasoning + chunk.reasoning
                finish = chunk.finish or finish
        return Answer(text, reasoning, finish)


def _answered(chunk: Chunk) -> Chunk:
    """Return the chunk with its reasoning as the answer that it is."""
    return replace(chunk, text=chunk.reasoning + chunk.text, reasoning="")
