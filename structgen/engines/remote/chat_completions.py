"""Chat completions of one model, adapted to the members that its server accepts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from structgen.engines.remote.errors import RequestRefused
from structgen.engines.remote.request_body import ServerProfile, adapted, body
from structgen.engines.remote.transport import Transport
from structgen.types import Chunk, FinishReason, Message, Sampling


class ChatCompletions:
    """One model of a server; `profile` grows as the server refuses members of requests."""

    def __init__(self, transport: Transport, model: str, profile: ServerProfile) -> None:
        self.transport, self.model, self.profile = transport, model, profile

    async def stream(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        schema: Mapping[str, Any] | bool | None = None,
        logprobs: bool = False,
    ) -> AsyncGenerator[Chunk, None]:
        """Yield the chunks; `RequestRefused` where no form of the request is accepted."""
        full = sent = body(self.model, messages, sampling, self.profile, schema, logprobs)
        yielded = False
        while True:
            try:
                async with aclosing(self.transport.completion(sent)) as chunks:
                    async for chunk in chunks:
                        yielded = True
                        yield chunk
                break
            except RequestRefused as refused:
                reduced = None if yielded else adapted(sent, refused)
                if reduced is None:
                    raise
                sent = reduced
        if dropped := full.keys() - sent.keys():  # only now it is certain that leaving them out helped
            refused_members = self.profile.refused_members | dropped
            self.profile = replace(self.profile, refused_members=refused_members)

    async def complete(
        self, messages: Sequence[Message], sampling: Sampling, schema: Mapping[str, Any] | bool | None = None
    ) -> tuple[str, FinishReason]:
        """Return the whole answer and its finish reason."""
        texts: list[str] = []
        finish: FinishReason = "stop"
        async with aclosing(self.stream(messages, sampling, schema)) as chunks:
            async for chunk in chunks:
                texts.append(chunk.text)
                finish = chunk.finish or finish
        return "".join(texts), finish
