"""What every engine promises, asked of each of them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from structgen.engines import (
    CallableTool,
    CallConstraint,
    Constraint,
    Engine,
    EngineRequest,
    TextConstraint,
    open_engine,
)
from structgen.engines.fake import FakeEngine
from structgen.engines.outlines import OutlinesEngine
from structgen.engines.remote import RemoteEngine
from structgen.errors import ConfigError, EngineUnavailable, InvalidSchema, MissingExtra
from structgen.prompts.parsed_call import ParsedCall, parse_call
from structgen.prompts.reply_splitter import split_reply
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.types import Conversation, Message, Sampling

SCHEMA = Schema.parse(
    {
        "type": "object",
        "properties": {"word": {"type": "string", "maxLength": 6}, "count": {"enum": [1, 20, 300]}},
        "required": ["word", "count"],
        "additionalProperties": False,
    }
)
CONSTRAINT = Constraint(SCHEMA.grammar, SCHEMA.hash)
TURNS = (Message("system", "You answer in JSON."), Message("user", "word and count <|eot_id|>, please"))
CONVERSATION = Conversation(TURNS)


VLLM = pytest.param(
    "vllm", marks=pytest.mark.skipif(find_spec("vllm") is None, reason="needs the extra `vllm`")
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def vllm_engine(random_model: Path) -> Engine:
    """Share one engine, whose start takes long; the last test closes it."""
    arguments = {"enforce_eager": True, "max_model_len": 2048}
    return open_engine("vllm", str(random_model), arguments=arguments, slots=8)


@pytest_asyncio.fixture(
    params=["fake", "local", "outlines:transformers", "remote", VLLM], loop_scope="module"
)
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    """A started engine of each kind."""
    if request.param == "vllm":
        made: Engine = request.getfixturevalue("vllm_engine")
        await made.start()
        yield made
        return
    if request.param == "fake":
        made = FakeEngine(['{"word":"abc","count":20}'])
    elif request.param == "remote":
        made = open_engine("remote", "", url=request.getfixturevalue("compatible_url"))
    else:
        folder: Path = request.getfixturevalue("random_model")
        made = open_engine(request.param, str(folder))
    await made.start()
    yield made
    await made.close()


def asked(**sampling: Any) -> EngineRequest:
    return EngineRequest(
        CONVERSATION, CONSTRAINT, Sampling(**{"max_tokens": 64, "temperature": 1.0, "seed": 1, **sampling})
    )


async def test_the_text_is_valid_under_the_constraint(engine: Engine) -> None:
    """A random model's text is valid and compact."""
    for seed in range(3):
        completion = await engine.complete(asked(seed=seed))
        assert completion.finish == "stop"
        assert SCHEMA.violations(json.loads(completion.text)) == []
        assert ": " not in completion.text


async def test_exactly_the_last_chunk_has_the_finish_and_the_whole_usage(engine: Engine) -> None:
    """Usage grows from chunk to chunk, and has the token counts that the engine declares."""
    async with aclosing(engine.generate(asked())) as generation:
        chunks = [chunk async for chunk in generation]
    assert [c.finish is not None for c in chunks] == [False] * (len(chunks) - 1) + [True]
    told = [c.usage.total_tokens for c in chunks if c.usage is not None]
    assert told == sorted(told)
    usage = chunks[-1].usage
    assert usage is not None
    if engine.capabilities.token_counts:
        assert usage.prompt_tokens > 0
        assert usage.completion_tokens > 0
    assert await engine.count(asked().prompt) in (None, usage.prompt_tokens)
    assert (len(chunks) > 1) == engine.capabilities.streaming


async def test_a_seed_repeats_the_text(engine: Engine) -> None:
    """Two requests with one seed give the same text at temperature 1."""
    one, two = await engine.complete(asked(seed=7)), await engine.complete(asked(seed=7))
    assert one.text == two.text


async def test_a_cut_text_has_the_finish_length(engine: Engine) -> None:
    """A text that the budget cut has the finish `length`."""
    if isinstance(engine, FakeEngine):
        pytest.skip("the fake engine ends as its script says")
    completion = await engine.complete(asked(max_tokens=4))
    assert completion.finish == "length"


BOUNDED = Schema.parse(
    {
        "type": "object",
        "properties": {
            "number": {"type": "integer", "minimum": 10**9},
            "text": {"type": "string", "minLength": 12},
            "list": {"type": "array", "items": {"enum": [1, 22]}, "minItems": 7},
            "open": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["number", "text", "list", "open"],
        "additionalProperties": False,
    }
)


async def test_values_end_within_bounds_where_the_grammar_lets_them(engine: Engine) -> None:
    """Values that the schema wants longer than the bounds are complete; all others end at the bounds."""
    if not engine.capabilities.bounds_values:
        pytest.skip("this engine declares that it knows no bounds")
    request = EngineRequest(
        CONVERSATION,
        Constraint(BOUNDED.grammar, BOUNDED.hash),
        Sampling(max_tokens=600, temperature=1.0, seed=3),
        value_limits=DeclaredSizes(digits=5, length=6, items=4),
    )
    completion = await engine.complete(request)
    value = json.loads(completion.text)
    assert BOUNDED.violations(value) == []
    assert len(str(value["number"])) == 10
    assert 12 <= len(value["text"]) < 30
    assert len(value["list"]) == 7
    assert len(value["open"]) <= 4
    assert all(len(text) <= 6 for text in value["open"]), value["open"]


async def test_concurrent_requests_all_end(engine: Engine) -> None:
    """Twelve concurrent requests all give valid texts."""
    completions = await asyncio.gather(*(engine.complete(asked(seed=seed)) for seed in range(12)))
    assert all(SCHEMA.violations(json.loads(c.text)) == [] for c in completions)


WEATHER = Schema.parse(
    {
        "type": "object",
        "properties": {
            "city": {"enum": ["Oslo", "Rome"]},
            "degrees": {"type": "integer", "minimum": 0, "maximum": 99},
        },
        "required": ["city", "degrees"],
        "additionalProperties": False,
    }
)
TOOLS = (CallableTool("weather", WEATHER.grammar), CallableTool("word", SCHEMA.grammar))


def _calls(text: str) -> list[ParsedCall]:
    """Return the whole calls of a reply, each valid under its tool's schema."""
    calls = [parse_call(call.text) for call in split_reply(text).calls if call.closed]
    for call in calls:
        schema = {"weather": WEATHER, "word": SCHEMA}[str(call.name)]
        assert call.fault is None
        assert schema.violations(json.loads(call.arguments)) == []
    return calls


@pytest.mark.parametrize("parallel", [True, False], ids=["several calls", "one call"])
async def test_required_calls_are_the_whole_answer(engine: Engine, parallel: bool) -> None:
    """A random model's answer is calls of the tools, and nothing beside them."""
    if not engine.capabilities.constrains_calls:
        pytest.skip("this engine declares that it constrains no calls")
    constraint = CallConstraint(TOOLS, f"required {parallel}", required=True, parallel=parallel)
    sampling = Sampling(max_tokens=300, temperature=1.0)
    for seed in range(4):
        request = EngineRequest(CONVERSATION, constraint, replace(sampling, seed=seed))
        completion = await engine.complete(request)
        calls = _calls(completion.text)
        assert completion.finish == "stop"
        assert not split_reply(completion.text).content
        assert calls if parallel else len(calls) == 1


async def test_calls_in_free_text_are_valid(engine: Engine) -> None:
    """A random model writes anything, quotes and digits too, until it opens a call by chance."""
    if not engine.capabilities.constrains_calls:
        pytest.skip("this engine declares that it constrains no calls")
    if isinstance(engine, OutlinesEngine):
        pytest.skip("a tag is ordinary text here: no random model writes it")
    sampling, constraint = Sampling(max_tokens=250, temperature=1.0), CallConstraint(TOOLS, "auto")
    requests = [EngineRequest(CONVERSATION, constraint, replace(sampling, seed=seed)) for seed in range(32)]
    completions = await asyncio.gather(*(engine.complete(request) for request in requests))
    replies = [completion for completion in completions if _calls(completion.text)]
    assert len(replies) > 2
    assert any(split_reply(reply.text).content.strip() for reply in replies)


TEXT_FORMATS = {
    "regex": (TextConstraint("regex", "[a-c]{3}-[0-9]{2}", "regex"), r"[a-c]{3}-[0-9]{2}"),
    "choice": (TextConstraint("choice", '["yes","no","\\"né\\" <x>"]', "choice"), 'yes|no|"né" <x>'),
    "lark": (TextConstraint("lark", 'start: "a" B "c"\nB: /[xyz]{1,8}/\n', "lark"), "a[xyz]{1,8}c"),
}


@pytest.mark.parametrize(("constraint", "pattern"), TEXT_FORMATS.values(), ids=TEXT_FORMATS.keys())
async def test_the_text_follows_its_format(engine: Engine, constraint: TextConstraint, pattern: str) -> None:
    """A random model's whole text has the format."""
    if not engine.capabilities.constrains_text:
        pytest.skip("this engine declares that it constrains no text")
    for seed in range(4):
        sampling = Sampling(max_tokens=64, temperature=1.0, seed=seed)
        completion = await engine.complete(EngineRequest(CONVERSATION, constraint, sampling))
        assert re.fullmatch(pattern, completion.text)


async def test_a_cut_format_has_the_finish_length(engine: Engine) -> None:
    """A text that the budget cut in the middle of its format has the finish `length`."""
    if not engine.capabilities.constrains_text:
        pytest.skip("this engine declares that it constrains no text")
    constraint = TextConstraint("regex", "[a-z]{300}", "long regex")
    completion = await engine.complete(EngineRequest(CONVERSATION, constraint, Sampling(max_tokens=4)))
    assert completion.finish == "length"


async def test_a_thought_precedes_a_valid_text(engine: Engine) -> None:
    """With a budget for thoughts, the thought is apart, and the text is valid under the constraint."""
    if not engine.capabilities.supports_thinking:
        pytest.skip("this engine declares that its model cannot think first")
    if isinstance(engine, FakeEngine | RemoteEngine):
        pytest.skip("whether there is a thought is up to the script, and to the server's model")
    async with aclosing(engine.generate(asked(thinking_tokens=12))) as generation:
        chunks = [chunk async for chunk in generation]
    assert "".join(chunk.reasoning for chunk in chunks)
    text = "".join(chunk.text for chunk in chunks)
    assert SCHEMA.violations(json.loads(text)) == []
    assert "think>" not in text


async def test_a_schema_without_a_grammar_is_refused(engine: Engine) -> None:
    """The refusal is an `InvalidSchema`, and the engine serves the next request."""
    if isinstance(engine, FakeEngine):
        pytest.skip("the fake engine looks at no constraint")
    impossible = Constraint({"type": "string", "pattern": "(a|b|c)?" * 3000}, "impossible")
    with pytest.raises(InvalidSchema):
        await engine.complete(EngineRequest(CONVERSATION, impossible, Sampling(max_tokens=64)))
    assert (await engine.complete(asked())).finish == "stop"


async def test_an_unknown_engine_is_a_clear_error() -> None:
    """The error lists the names that exist."""
    with pytest.raises(ConfigError, match="local"):
        open_engine("vllm9", "x")
    with pytest.raises(ConfigError, match="llamacpp"):
        open_engine("outlines:gpt", "x")


async def test_a_missing_extra_is_named() -> None:
    """A missing library is an error with the command that installs it."""
    with pytest.raises(MissingExtra, match=r"pip install \'structgen-server\[outlines\]\' llama-cpp-python"):
        await open_engine("outlines:llamacpp", "model.gguf").start()


async def test_a_missing_model_is_a_clear_error(tmp_path: Path) -> None:
    """The error names the option."""
    with pytest.raises(ConfigError, match="--model"):
        await open_engine("local", str(tmp_path)).start()


async def test_health_follows_its_life(engine: Engine) -> None:
    """A started engine is ready, a closed one is not and refuses requests."""
    assert (await engine.health()).ready
    await engine.close()
    await engine.close()
    assert not (await engine.health()).ready
    with pytest.raises(EngineUnavailable):
        await engine.complete(asked())
