"""Think first, then answer: two completions that are one generation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from structgen.engines.base import CallConstraint
from structgen.engines.remote.chat_completions import ChatCompletions
from structgen.engines.remote.request_body import CompletionRequest
from structgen.engines.remote.thought_reader import CLOSE, ThoughtReader
from structgen.types import Chunk, Usage


async def think_then_answer(
    chat: ChatCompletions, request: CompletionRequest, budget: int
) -> AsyncGenerator[Chunk, None]:
    """Yield a thought of up to `budget` tokens as reasoning, then the answer; the last chunk has the sum."""
    reader, used = ThoughtReader(), Usage()
    thinking = replace(
        request,
        sampling=replace(request.sampling, max_tokens=budget),
        # calls in tags or as members: both completions describe the tools in the same way
        constraint=request.constraint if isinstance(request.constraint, CallConstraint) else None,
        logprobs=False,
        stop=(CLOSE,),
        thinks=True,
        may_call=False,
    )
    async with aclosing(chat.stream(thinking)) as chunks:
        async for chunk in chunks:
            used = chunk.usage or used
            added = reader.feed(chunk.reasoning, chunk.text)
            if chunk.finish is not None:
                added += reader.end()
            if added:
                yield Chunk(reasoning=added)
            if reader.ended:
                break
    async with aclosing(chat.stream(replace(request, thought=reader.thought))) as chunks:
        async for chunk in chunks:
            yield chunk if chunk.usage is None else replace(chunk, usage=used + chunk.usage)
