"""Tool calls, text formats and thoughts in vLLM: valid at temperatures at which no model writes JSON by itself."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import aclosing
from random import Random
from typing import Any

import pytest

pytest.importorskip("vllm", reason="needs the extra `vllm`")

from structgen.engines import CallableTool, CallConstraint, Constraint, Engine, EngineRequest, TextConstraint
from structgen.json_text import loads
from structgen.prompts.parsed_call import parse_call
from structgen.prompts.reply_splitter import CallText, ContentText, ReplySplitter
from structgen.schema import Schema
from structgen.types import Conversation, Message, Sampling
from training.tasks import Mix, case

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOT = Sampling(temperature=2.0, max_tokens=200)
TOOLS = {f"tool_{n}": Schema.parse(case(Random(f"tool:{n}"), Mix(fields=(1, 3))).schema) for n in range(50)}
WEATHER = Schema.parse(
    {
        "type": "object",
        "properties": {"city": {"enum": ["Oslo", "Rome"]}, "days": {"type": "integer", "maximum": 99}},
        "required": ["city", "days"],
        "additionalProperties": False,
    }
)


def calls_of(*names: str, schemas: dict[str, Schema] = TOOLS, **options: Any) -> CallConstraint:
    tools = tuple(CallableTool(name, schemas[name].grammar) for name in names)
    return CallConstraint(tools, f"{names} {options}", **options)


def asked(constraint: Any, text: str, sampling: Sampling = HOT, seed: int = 0) -> EngineRequest:
    sampling = Sampling(**{**{f: getattr(sampling, f) for f in sampling.__slots__}, "seed": seed})
    return EngineRequest(
        Conversation((Message("user", text),)), constraint, sampling, complete_in_budget=True
    )


def split(text: str) -> tuple[str, list[tuple[str, Any, bool]]]:
    """Return the content, and each call with its arguments and whether it is closed."""
    splitter = ReplySplitter()
    events = [*splitter.feed(text), *splitter.end()]
    content = "".join(event.text for event in events if isinstance(event, ContentText))
    calls = []
    for event in events:
        if isinstance(event, CallText):
            call = parse_call(event.text)
            assert call.fault is None, event.text
            calls.append((call.name, loads(call.arguments), event.closed))
    return content, calls


async def test_required_calls_of_fifty_tools_are_valid(vllm: Engine) -> None:
    """Each tool alone, and all of them in one grammar; the calls end within the budget."""
    constraints = [calls_of(name, required=True, parallel=False) for name in TOOLS]
    constraints += [calls_of(*TOOLS, required=True)] * 14
    requests = [asked(constraint, '3.5 "x', seed=n) for n, constraint in enumerate(constraints)]
    gate = asyncio.Semaphore(16)

    async def answer(request: EngineRequest) -> Any:
        async with gate:
            return await vllm.complete(request)

    completions = await asyncio.gather(*map(answer, requests))
    for constraint, completion in zip(constraints, completions, strict=True):
        content, calls = split(completion.text)
        assert not content
        assert calls
        for name, arguments, closed in calls:
            assert closed
            assert name in {tool.name for tool in constraint.tools}
            assert TOOLS[name].violations(arguments) == []


async def test_calls_or_json_are_the_whole_answer(vllm: Engine) -> None:
    """With a response schema there is no free text: each answer is one or the other."""
    response = Schema.parse({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3})
    constraint = calls_of(
        "weather", schemas={"weather": WEATHER}, response=Constraint(response.grammar, response.hash)
    )
    kinds = set()
    for completion in await asyncio.gather(
        *(vllm.complete(asked(constraint, str(n), seed=n)) for n in range(16))
    ):
        content, calls = split(completion.text)
        kinds.add(bool(calls))
        assert bool(content) != bool(calls)
        assert all(WEATHER.violations(arguments) == [] for _, arguments, _ in calls)
        assert not content or response.violations(loads(content)) == []
    assert False in kinds


FORMATS = {
    "regex": (TextConstraint("regex", "[A-Z]{2}-[0-9]{3,5}", "regex"), r"[A-Z]{2}-[0-9]{3,5}"),
    "choice": (TextConstraint("choice", '["yes","no","\\"né\\" <x>"]', "choice"), 'yes|no|"né" <x>'),
    "lark": (TextConstraint("lark", 'start: "a" B{1,5} "c"\nB: /[xyz]/ | "<think>"\n', "lark"), "a(?:[xyz]|<think>){1,5}c"),
}  # fmt: skip


@pytest.mark.parametrize(("constraint", "pattern"), FORMATS.values(), ids=FORMATS.keys())
async def test_text_formats_are_followed(vllm: Engine, constraint: TextConstraint, pattern: str) -> None:
    """Whole texts, at a temperature at which a model writes anything."""
    requests = [asked(constraint, f"{n}", seed=n) for n in range(8)]
    for completion in await asyncio.gather(*(vllm.complete(request) for request in requests)):
        assert completion.finish == "stop"
        assert re.fullmatch(pattern, completion.text), completion.text


async def test_calls_and_texts_follow_a_thought(vllm: Engine) -> None:
    """The thought is free text within its budget, and none of it is in the answer."""
    thinking = Sampling(temperature=2.0, max_tokens=200, thinking_tokens=12)
    required = calls_of("weather", schemas={"weather": WEATHER}, required=True)
    thoughts = 0
    for constraint in (required, FORMATS["regex"][0]):
        for seed in range(3):
            text = reasoning = ""
            async with aclosing(vllm.generate(asked(constraint, "x", thinking, seed))) as chunks:
                async for chunk in chunks:
                    text, reasoning = text + chunk.text, reasoning + chunk.reasoning
            thoughts += bool(reasoning)
            if constraint is required:
                content, calls = split(text)
                assert (content, [name for name, _, _ in calls][:1]) == ("", ["weather"])
            else:
                assert re.fullmatch(FORMATS["regex"][1], text)
    assert thoughts


async def test_a_call_is_drafted_by_its_grammar(vllm: Engine, undrafted: Engine) -> None:
    """What the grammar forces takes no passes of its own, and changes no greedy answer."""
    constraint = calls_of("weather", schemas={"weather": WEATHER}, required=True, parallel=False)
    greedy = Sampling(max_tokens=100)
    drafted = await vllm.complete(asked(constraint, "Oslo, 3 days", greedy))
    plain = await undrafted.complete(asked(constraint, "Oslo, 3 days", greedy))
    assert drafted.text == plain.text
    assert drafted.usage.forced_tokens > 10
    assert drafted.usage.decode_steps < 0.5 * plain.usage.decode_steps


async def test_numbers_in_calls_can_be_represented(vllm: Engine) -> None:
    """Digits and exponents stay within the range of a double, as in JSON without calls."""
    schema = Schema.parse(
        {"type": "object", "properties": {"n": {"type": "array", "items": {"type": "number"}, "minItems": 9}}}
    )
    constraint = calls_of("f", schemas={"f": schema}, required=True, parallel=False)
    sampling = Sampling(temperature=1.8, max_tokens=600)
    requests = [asked(constraint, '1e300 "9e307', sampling, seed) for seed in range(12)]
    for completion in await asyncio.gather(*(vllm.complete(request) for request in requests)):
        for _, arguments, _ in split(completion.text)[1]:
            json.dumps(arguments, allow_nan=False)
            assert schema.violations(arguments) == []
