"""A server's faults become errors of the tree; a second try comes only before the first text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from compatible import CONSTRAINT, Compatible, Fault, ask, started, told

from structgen.engines import EngineRequest
from structgen.engines.fake import FakeEngine
from structgen.engines.remote import RemoteEngine
from structgen.engines.remote.completion_stream import FLOOR, CompletionStream
from structgen.errors import (
    EngineFailed,
    EngineUnavailable,
    InvalidSchema,
    Overloaded,
    PromptTooLong,
)  # fmt: skip
from structgen.types import Chunk, TokenLogprob, Usage

Start = Callable[..., str]


def piece(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


@pytest.fixture
def app() -> Compatible:
    return Compatible(FakeEngine(['{"age":36}']))


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault(401, told("bad key", "invalid_api_key")), EngineFailed, "key"),
        (Fault(404, told("no such model")), EngineFailed, "no such model"),
        (Fault(402, told("no credit", 402)), EngineFailed, "no credit"),
        (Fault(500, told("boom", 500)), EngineUnavailable, "boom"),
        (Fault(502, "<html>bad gateway</html>"), EngineUnavailable, "bad gateway"),
        (Fault(breaks=True), EngineUnavailable, "broke off"),
        (Fault(events=(told("boom", 500),)), EngineUnavailable, "boom"),
        (Fault(events=(told("boom", None),)), EngineFailed, "boom"),
        (Fault(events=({"object": "error", "message": "old vLLM", "code": 500},)), EngineUnavailable, "old"),
        (Fault(events=(piece("", "error"),)), EngineFailed, "failed"),
        (Fault(events=(piece("x", "content_filter"),)), EngineFailed, "filter"),
        (Fault(events=(piece("{"), piece('"a'))), EngineUnavailable, "broke off"),
        (Fault(events=(piece("{"),), breaks=True), EngineUnavailable, "broke off"),
        (Fault(events=(piece("{"), told("gone", 503))), EngineUnavailable, "gone"),
        (Fault(events=("no JSON",)), EngineFailed, "cannot be read"),
        (Fault(events=("[1]",)), EngineFailed, "cannot be read"),
        (Fault(200, piece("{}", "stop")), EngineUnavailable, "broke off"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
async def test_each_fault_is_an_error(
    compatible: Start, app: Compatible, fault: Fault, kind: type[Exception], words: str
) -> None:
    """Each fault of the server raises an error, and never returns a short text."""
    async with started(compatible(app), retries=0) as engine:
        app.faults.append(fault)
        with pytest.raises(kind, match=words):
            await engine.complete(ask(None))
        assert (await engine.complete(ask())).text == '{"age":36}'


async def test_a_full_queue_is_the_callers_to_wait_for(compatible: Start, app: Compatible) -> None:
    """An overloaded server is an error at once, with its own Retry-After."""
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(429, told("slow down", 429), headers=(("retry-after", "7"),)))
        with pytest.raises(Overloaded) as caught:
            await engine.complete(ask())
    assert caught.value.retry_after == 7


@pytest.mark.parametrize(
    "fault",
    [Fault(500, told("boom")), Fault(breaks=True), Fault(events=(piece(""), told("boom", 503)))],
    ids=["500", "lost", "in the stream, before text"],
)
async def test_what_passes_is_tried_again(compatible: Start, app: Compatible, fault: Fault) -> None:
    """A failed request is retried twice by default, with a delay."""
    async with started(compatible(app)) as engine:
        app.faults.extend([fault, fault])
        assert (await engine.complete(ask())).text == '{"age":36}'
        app.faults.extend([fault] * 3)
        with pytest.raises(EngineUnavailable):
            await engine.complete(ask())


async def test_nothing_is_tried_again_after_text(compatible: Start, app: Compatible) -> None:
    """A stream that breaks after its first chunk is not retried."""
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(events=(piece("{"),), breaks=True))
        before, chunks = len(app.bodies), engine.generate(ask())
        assert (await anext(chunks)).text == "{"
        with pytest.raises(EngineUnavailable):
            await anext(chunks)
        assert len(app.bodies) == before + 1


async def test_long_waits_are_not_waited(compatible: Start, app: Compatible) -> None:
    """A server that asks for a minute gets no retry, and neither does one that times out."""
    async with started(compatible(app), read=0.3) as engine:
        app.faults.append(Fault(503, told("loading"), headers=(("retry-after", "60"),)))
        with pytest.raises(EngineUnavailable) as caught:
            await engine.complete(ask())
        assert caught.value.retry_after == 60
        app.faults.append(Fault(delay=1.0, body="late"))
        before = len(app.bodies)
        with pytest.raises(EngineUnavailable, match="ReadTimeout"):
            await engine.complete(ask())
        assert len(app.bodies) == before + 1


async def test_an_unreachable_server_is_an_error(unused_port: int) -> None:
    """The error of the last retry is raised."""
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        await RemoteEngine("m", url=f"http://127.0.0.1:{unused_port}/v1", retries=1).start()


@pytest.fixture
async def unused_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


@pytest.mark.parametrize(
    ("message", "tokens", "allowed"),
    [
        ("This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input tokens", 2049, 2047),
        ("This model's maximum context length is 100 tokens. However, you requested 150 tokens (140 in the messages, 10 in the completion).", 140, 99),
        ("The input (61709 tokens) is longer than the model's context length (40960 tokens).", 61709, 40959),
        ("Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).", 160062, 59861),
        ("the request exceeds the available context size", 0, 0),
    ],
    ids=["vLLM", "older vLLM", "SGLang", "SGLang's other", "no numbers"],
)  # fmt: skip
async def test_a_prompt_beyond_the_context(
    compatible: Start, app: Compatible, message: str, tokens: int, allowed: int
) -> None:
    """The error has the numbers from the server's message."""
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(400, told(message)))
        with pytest.raises(PromptTooLong) as caught:
            await engine.complete(ask())
    assert (caught.value.tokens, caught.value.allowed) == (tokens, allowed)


@pytest.mark.parametrize(
    ("message", "room"),
    [
        ("maximum context length is 100 tokens. However, you requested 190 tokens (90 in the messages, 100 in the completion)", 10),
        ("max_tokens=1024 cannot be greater than max_model_len=512", 512),
    ],
    ids=["beside the prompt", "alone"],
)  # fmt: skip
async def test_the_budget_is_made_to_fit(compatible: Start, app: Compatible, message: str, room: int) -> None:
    """A budget beyond the context is reduced, so that the answer ends there with `length`."""
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(400, told(message)))
        await engine.complete(ask(max_tokens=1024))
    assert [body["max_tokens"] for body in app.bodies[-2:]] == [1024, room]


async def test_members_that_a_server_does_not_know_are_left_out(compatible: Start, app: Compatible) -> None:
    """A member that the server refused is left out of this and of later requests."""
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(400, told("Extra inputs are not permitted", param="top_k")))
        app.faults.append(Fault(400, told("seed: unknown parameter")))
        await engine.complete(ask(top_k=20, seed=1, temperature=0.6))
        await engine.complete(ask(top_k=20, seed=1))
    members = [{"top_k", "seed"} & body.keys() for body in app.bodies[-4:]]
    assert members == [{"top_k", "seed"}, {"seed"}, set(), set()]


async def test_a_refused_schema_is_the_callers(compatible: Start, app: Compatible) -> None:
    """A trial of the schema finds the fault; a member named in its message is still sent with other requests."""
    async with started(compatible(app)) as engine:
        refusal = Fault(400, told("grammar: property 'seed' has an unknown keyword"))
        app.faults.extend([refusal] * 3)
        with pytest.raises(InvalidSchema, match="unknown keyword"):
            await engine.complete(ask(seed=1))
        await engine.complete(ask(seed=1))
        assert app.bodies[-1]["seed"] == 1
        assert engine.capabilities.constrained
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(400, told("roles must alternate")))
        with pytest.raises(EngineFailed, match="alternate"):
            await engine.complete(ask())


async def test_a_dropped_grammar_is_an_error(compatible: Start, app: Compatible) -> None:
    """An end that is not JSON is an `InvalidSchema`: vLLM goes on without a grammar that fails."""
    async with started(compatible(app)) as engine:
        app.faults.append(Fault(events=(piece('"}'), piece("", "stop"), "[DONE]")))
        with pytest.raises(InvalidSchema):
            await engine.complete(ask())
        app.faults.append(Fault(events=(piece('{"a'), piece("", "length"), "[DONE]")))
        assert (await engine.complete(ask())).finish == "length"


async def test_logprobs_are_asked_for(compatible: Start, app: Compatible) -> None:
    """The request has `logprobs` only where they are requested."""
    async with started(compatible(app)) as engine:
        await engine.complete(EngineRequest(ask().prompt, CONSTRAINT, logprobs=True))
        await engine.complete(ask())
    assert ["logprobs" in body for body in app.bodies[-2:]] == [True, False]


def read(*events: str) -> list[Chunk]:
    answer = CompletionStream()
    data = "".join(f"data: {event}\n\n" for event in events).encode()
    chunks = [chunk for cut in range(0, len(data), 7) for chunk in answer.feed(data[cut : cut + 7])]
    return [*chunks, answer.end()[0]]


@pytest.mark.parametrize(
    ("events", "chunks"),
    [
        (
            ['{"choices":[{"delta":{"content":"a\u2028b"}}]}', '{"choices":[{"delta":{},"finish_reason":"length"}]}'],
            [Chunk("a\u2028b"), Chunk(finish="length", usage=Usage())],
        ),
        (
            ['{"choices":[{"delta":{"reasoning_content":"hm","reasoning":"hm"}}]}', '{"choices":[{"delta":{"content":"x"},"finish_reason":"eos"}]}'],
            [Chunk(reasoning="hm"), Chunk("x"), Chunk(finish="stop", usage=Usage())],
        ),
        (
            ['{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}', '{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":8}}}', "[DONE]", "more"],
            [Chunk("x"), Chunk(finish="stop", usage=Usage(9, 2, 8))],
        ),
        (
            ['{"choices":[{"delta":{"content":"x"},"logprobs":{"content":[{"token":"x","logprob":-Infinity},{"token":"<e>","logprob":-0.5}]},"finish_reason":"stop"}]}'],
            [Chunk("x", logprobs=(TokenLogprob("x", FLOOR),)), Chunk(finish="stop", usage=Usage())],
        ),
    ],
    ids=["a line separator is text", "thoughts are reasoning, once", "usage comes last", "no infinity, no end token"],
)  # fmt: skip
def test_events_are_read_as_chunks(events: list[str], chunks: list[Chunk]) -> None:
    """Events give the same chunks however their bytes are split."""
    assert read(*events) == chunks
