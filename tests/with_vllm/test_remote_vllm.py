"""The remote engine against a real vLLM server, as it is served by default."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from vllm_server import Server, vllm_server

from structgen.engines import CallableTool, CallConstraint, Constraint, EngineRequest, TextConstraint
from structgen.engines.remote import RemoteEngine
from structgen.errors import EngineUnavailable, InvalidSchema, PromptTooLong
from structgen.generator import Generator
from structgen.json_text import loads
from structgen.prompts.parsed_call import parse_call
from structgen.prompts.reply_splitter import split_reply
from structgen.schema import Registry, Schema
from structgen.types import Conversation, Message, Sampling, ToolDefinition

found = find_spec("vllm")
if found is None or found.origin is None:  # this very folder can pass for a package of that name
    pytest.skip("needs the extra `vllm`", allow_module_level=True)

SCHEMA = Schema.parse(
    {
        "type": "object",
        "properties": {"word": {"type": "string", "maxLength": 6}, "count": {"enum": [1, 20, 300]}},
        "required": ["word", "count"],
        "additionalProperties": False,
    }
)
CONSTRAINT = Constraint(SCHEMA.grammar, SCHEMA.hash)
LONG = Constraint({"type": "array", "items": {"type": "integer"}, "minItems": 900}, "long")
TURNS = (Message("system", "You answer in JSON."), Message("user", "word and count <|eot_id|>, please"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this file's own: its last test ends it."""
    with vllm_server(tmp_path_factory.mktemp("vllm") / "log") as running:
        yield running


@pytest_asyncio.fixture
async def engine(server: Server) -> AsyncIterator[RemoteEngine]:
    made = RemoteEngine(url=server[0], retries=0)
    await made.start()
    yield made
    await made.close()


def asked(constraint: Constraint = CONSTRAINT, text: str | None = None, **sampling: object) -> EngineRequest:
    turns = TURNS if text is None else (Message("user", text),)
    return EngineRequest(
        Conversation(turns), constraint, Sampling(**{"max_tokens": 64, "temperature": 1.0, **sampling})
    )


async def test_the_probe_finds_out(engine: RemoteEngine) -> None:
    """Model, context, and that schemas are followed."""
    assert (engine.model, engine.capabilities.context) == ("shipped", 2048)
    assert engine.capabilities.constrained
    assert (await engine.health()).detail == "the server follows schemas in `response_format`"


async def test_the_text_is_valid_and_compact(engine: RemoteEngine) -> None:
    """Guidance is steered to, though vLLM's `auto` lets a model write white space without end."""
    texts = await asyncio.gather(*(engine.complete(asked(seed=seed)) for seed in range(12)))
    assert {completion.finish for completion in texts} == {"stop"}
    assert all(SCHEMA.violations(loads(completion.text)) == [] for completion in texts)
    assert not any(": " in completion.text for completion in texts)
    assert all(completion.usage.prompt_tokens > 20 < completion.usage.total_tokens for completion in texts)


async def test_what_xgrammar_lacks_is_enforced(engine: RemoteEngine) -> None:
    """Mixed with what it has: every schema goes one way."""
    parts = {
        "type": "array",
        "minItems": 3,
        "maxItems": 3,
        "items": {"type": "integer", "multipleOf": 7, "minimum": 0, "maximum": 699},
    }
    for _ in range(2):
        assert {n % 7 for n in loads((await engine.complete(asked(Constraint(parts, "7s")))).text)} == {0}
        assert SCHEMA.violations(loads((await engine.complete(asked())).text)) == []


async def test_a_seed_repeats_the_text(engine: RemoteEngine) -> None:
    """At temperature 1."""
    one, two = await engine.complete(asked(seed=7)), await engine.complete(asked(seed=7))
    assert one.text == two.text


async def test_chunks_come_with_logprobs(engine: RemoteEngine) -> None:
    """One token after another, numbers that JSON has; together they are the text."""
    request = EngineRequest(Conversation(TURNS), CONSTRAINT, Sampling(max_tokens=64), logprobs=True)
    async with aclosing(engine.generate(request)) as chunks:
        found = [chunk async for chunk in chunks]
    entries = [entry for chunk in found for entry in chunk.logprobs]
    assert len(found) > 1  # a busy server puts several tokens into one event
    assert "".join(entry.token for entry in entries) == "".join(chunk.text for chunk in found)
    assert all(-9999 <= entry.logprob <= 0 for entry in entries)


async def test_a_cut_text_is_told(engine: RemoteEngine) -> None:
    """By the budget, or by the context's end."""
    assert (await engine.complete(asked(max_tokens=4))).finish == "length"
    assert (await engine.complete(asked(LONG, "word " * 640, max_tokens=100_000))).finish == "length"


async def test_a_schema_without_a_grammar_is_refused(engine: RemoteEngine) -> None:
    """vLLM tells it inside a stream that began well; it serves on."""
    bad = Constraint({"type": "string", "pattern": "(a|"}, "bad")
    with pytest.raises(InvalidSchema):
        await engine.prepare(bad)
    with pytest.raises(InvalidSchema):
        await engine.complete(asked(bad))
    assert (await engine.complete(asked())).finish == "stop"


async def test_a_prompt_beyond_the_context_is_refused(engine: RemoteEngine) -> None:
    """With vLLM's numbers."""
    with pytest.raises(PromptTooLong) as caught:
        await engine.complete(asked(text="word " * 3000))
    assert (caught.value.tokens >= 2048, caught.value.allowed) == (True, 2047)


async def test_leaving_frees_the_server(engine: RemoteEngine) -> None:
    """vLLM counts no running request soon after."""
    async with aclosing(engine.generate(asked(LONG, max_tokens=1900))) as chunks:
        await anext(chunks)
    async with httpx.AsyncClient() as client:
        for _ in range(50):
            text = (await client.get(engine.url.replace("/v1", "/metrics"))).text
            counts = [line for line in text.splitlines() if line.startswith("vllm:num_requests_running")]
            if counts and all(float(line.rsplit(" ", 1)[1]) == 0 for line in counts):
                return
            await asyncio.sleep(0.1)
    raise AssertionError(counts)


def tool_request(constraint: Any, **sampling: Any) -> EngineRequest:
    tools = (ToolDefinition("word", "Says a word.", SCHEMA.text),)
    conversation = Conversation((Message("user", 'word: 3.5 "x'),), tools)
    return EngineRequest(
        conversation, constraint, Sampling(**{"max_tokens": 200, "temperature": 1.5, **sampling})
    )


CALLABLE = (CallableTool("word", SCHEMA.grammar),)


async def test_required_calls_are_valid(engine: RemoteEngine) -> None:
    """By a grammar of special tokens, which the probe found; the server has no parser of tools."""
    assert engine.capabilities.constrains_calls
    constraint = CallConstraint(CALLABLE, "required", required=True)
    requests = [tool_request(constraint, seed=seed) for seed in range(8)]
    for completion in await asyncio.gather(*(engine.complete(request) for request in requests)):
        reply = split_reply(completion.text)
        assert (completion.finish, reply.content) == ("stop", "")
        assert reply.calls
        for call in map(parse_call, (call.text for call in reply.calls)):
            assert (call.name, call.fault) == ("word", None)
            assert SCHEMA.violations(loads(call.arguments)) == []


async def test_free_text_may_have_calls(engine: RemoteEngine) -> None:
    """The grammar of free text is accepted, and what the model writes arrives."""
    completion = await engine.complete(tool_request(CallConstraint(CALLABLE, "auto")))
    assert completion.text


@pytest.mark.parametrize(
    ("constraint", "pattern"),
    [
        (TextConstraint("regex", "[a-c]{3}-[0-9]{2}", "regex"), r"[a-c]{3}-[0-9]{2}"),
        (TextConstraint("choice", '["yes","no"]', "choice"), "yes|no"),
        (TextConstraint("lark", 'start: "a" B{1,5} "c"\nB: /[xyz]/\n', "lark"), "a[xyz]{1,5}c"),
    ],
    ids=["regex", "choice", "lark"],
)
async def test_text_formats_are_followed(
    engine: RemoteEngine, constraint: TextConstraint, pattern: str
) -> None:
    """As the probe found."""
    assert engine.capabilities.constrains_text
    await engine.prepare(constraint)
    request = EngineRequest(Conversation(TURNS), constraint, Sampling(max_tokens=64, temperature=1.5, seed=2))
    assert re.fullmatch(pattern, (await engine.complete(request)).text)


@pytest.mark.parametrize("with_tools", [False, True], ids=["json", "calls"])
async def test_a_thought_comes_first(engine: RemoteEngine, with_tools: bool) -> None:
    """In its budget; the turn that it begins is continued by valid JSON, or by a valid call."""
    if with_tools:
        constraint = CallConstraint(CALLABLE, "required", required=True)
        request = tool_request(constraint, thinking_tokens=12, seed=1)
    else:
        request = asked(thinking_tokens=12, seed=1)
    async with aclosing(engine.generate(request)) as generation:
        chunks = [chunk async for chunk in generation]
    text = "".join(chunk.text for chunk in chunks)
    assert any(chunk.reasoning for chunk in chunks)
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 12
    if with_tools:
        assert text.startswith('<tool_call>\n{"name"')
    else:
        assert SCHEMA.violations(loads(text)) == []


def test_a_document_becomes_an_object(server: Server) -> None:
    """Through the strategies, under a schema that ships."""
    document = (Path(__file__).parents[2] / "examples" / "invoice.txt").read_text()
    schema = Registry().get("invoice")
    with Generator(RemoteEngine(url=server[0])) as generator:
        result = generator.result(schema, document, strategy="auto")
    assert result.strategy == "constrained"
    assert schema.violations(result.data) == []


async def test_a_dead_server_is_told(
    server: Server, engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running generation is no short text but an error, and health says so. The last test here."""
    monkeypatch.setattr("structgen.engines.remote.adapter.HEALTH_CACHED", 0.0)
    running = engine.generate(asked(LONG, max_tokens=1900))
    await anext(running)
    os.killpg(server[1].pid, signal.SIGKILL)
    with pytest.raises(EngineUnavailable):
        async for _ in running:
            pass
    assert not (await engine.health()).ready
    with pytest.raises(EngineUnavailable):
        await engine.complete(asked())
