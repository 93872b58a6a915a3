"""Completions in the server's dialect, which is learned on the way."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from structgen.engines.remote.errors import Refused
from structgen.engines.remote.request_body import Dialect, adapted, body
from structgen.engines.remote.transport import Server
from structgen.types import Chunk, FinishReason, Message, Sampling


class Chat:
    """One model of a server."""

    def __init__(self, server: Server, model: str, dialect: Dialect) -> None:
        self.server, self.model, self.dialect = server, model, dialect

    async def answer(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        schema: Mapping[str, Any] | bool | None = None,
        logprobs: bool = False,
    ) -> AsyncGenerator[Chunk, None]:
        """The chunks; `Refused` where the request cannot be put in a way that the server takes."""
        asked = sent = body(self.model, messages, sampling, self.dialect, schema, logprobs)
        given = False
        while True:
            try:
                async with aclosing(self.server.answer(sent)) as chunks:
                    async for chunk in chunks:
                        given = True
                        yield chunk
                break
            except Refused as refused:
                again = None if given else adapted(sent, refused)
                if again is None:
                    raise
                sent = again
        if dropped := asked.keys() - sent.keys():  # kept only now that it helped: a message may mention much
            self.dialect = replace(self.dialect, refused=self.dialect.refused | dropped)

    async def text(
        self, messages: Sequence[Message], sampling: Sampling, schema: Mapping[str, Any] | bool | None = None
    ) -> tuple[str, FinishReason]:
        """The whole answer and how it ended."""
        parts: list[str] = []
        finish: FinishReason = "stop"
        async with aclosing(self.answer(messages, sampling, schema)) as chunks:
            async for chunk in chunks:
                parts.append(chunk.text)
                finish = chunk.finish or finish
        return "".join(parts), finish
