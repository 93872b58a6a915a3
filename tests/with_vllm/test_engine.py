"""What vLLM's engine does beyond the contract: drafts, closing, thoughts, and what it cost."""

import asyncio
import json
import math
from collections import Counter
from contextlib import aclosing
from random import Random
from typing import Any

import pytest

pytest.importorskip("vllm", reason="needs the extra `vllm`")

from structgen import json_text
from structgen.engines import Constraint, Engine, EngineRequest
from structgen.engines.guidance.number_range import JsonScanner
from structgen.engines.vllm.plugin import expand_batch_to_tokens
from structgen.errors import Incomplete, Overloaded, PromptTooLong
from structgen.generator import Generator
from structgen.schema import Registry, Schema
from structgen.strategies.task import Task
from structgen.types import Conversation, Limits, Message, Sampling
from training.tasks import Mix, case

pytestmark = pytest.mark.asyncio(loop_scope="session")
FLAT = Mix(fields=(2, 5), nested=0.2, shipped=0.0, repair=0.0)


def asked(schema: Any, text: str, **sampling: Any) -> EngineRequest:
    parsed = Schema.parse(schema)
    messages = (Message("system", parsed.text), Message("user", text))
    constraint = Constraint(parsed.grammar, parsed.hash)
    return EngineRequest(Conversation(messages), constraint, Sampling(**{"max_tokens": 200, **sampling}))


async def test_drafts_change_no_greedy_answer_and_save_most_passes(vllm: Engine, undrafted: Engine) -> None:
    """On fresh documents, each answered with and without; what the grammar forces is counted.

    An answer that never ends turns in a circle, where two tokens can be as likely to the last digit; which
    one a pass finds depends on how many positions it computes at once.
    """
    steps, tokens, ended = Counter[bool](), 0, 0
    for seed in range(8):
        made = case(Random(f"drafts:{seed}"), FLAT)
        texts = {}
        for drafts in (True, False):
            schema = Schema.parse(made.schema)
            request = EngineRequest(
                Conversation(made.messages),
                Constraint(schema.grammar, schema.hash),
                Sampling(max_tokens=400),
            )
            completion = await (vllm if drafts else undrafted).complete(request)
            texts[drafts] = completion.text, completion.finish
            steps[drafts] += completion.usage.decode_steps
            tokens += completion.usage.completion_tokens if drafts else 0
            assert (completion.usage.forced_tokens > 0) or not drafts
        if "length" not in (texts[True][1], texts[False][1]):
            assert texts[True] == texts[False]
            ended += 1
    assert ended >= 6
    assert steps[True] < 0.5 * steps[False]
    assert steps[False] <= tokens


async def test_drafts_do_not_change_what_is_sampled(vllm: Engine, undrafted: Engine) -> None:
    """Three hundred seeds with drafts and without: the same distribution, by a test of homogeneity.

    The document tells nothing, so that drafts are often wrong.
    """
    choices = ["north", "south", "east", "west", "centre"]
    schema = {
        "type": "object",
        "properties": {"a": {"enum": choices}, "b": {"enum": choices}},
        "required": ["a", "b"],
        "additionalProperties": False,
    }
    text = "north or south or east or west or centre, north or south or east"

    async def found(seed: int, drafts: bool) -> tuple[str, str]:
        request = asked(schema, text, temperature=2.0, seed=seed)
        value = json.loads((await (vllm if drafts else undrafted).complete(request)).text)
        return value["a"], value["b"]

    counts = {}
    for drafts in (True, False):
        answers: list[tuple[str, str]] = []
        for start in range(0, 304, 8):
            answers += await asyncio.gather(*(found(seed, drafts) for seed in range(start, start + 8)))
        counts[drafts] = Counter(answers)
    assert len(counts[True]) > 5
    pairs = [p for p in counts[True] | counts[False] if counts[True][p] + counts[False][p] >= 10]
    statistic = sum(
        (counts[True][p] - counts[False][p]) ** 2 / (counts[True][p] + counts[False][p]) for p in pairs
    )
    degrees = len(pairs)
    assert statistic < degrees + 4 * math.sqrt(2 * degrees), (counts, statistic)


async def test_temperatures_reach_every_drafted_position() -> None:
    """What the CPU build leaves uninitialised: each value as often as its request has tokens."""
    import torch

    temperature, ends = torch.tensor([0.0, 0.5, 2.0]), torch.tensor([2, 2, 5])
    assert expand_batch_to_tokens(temperature, ends, 5, 0, 1).tolist() == [1.0, 1.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize("name", Registry().names())
async def test_an_answer_is_closed_within_its_budget(vllm: Engine, name: str) -> None:
    """At a temperature at which it would not end by itself; valid at once, and within the budget."""
    schema = Registry().get(name)
    task = Task(
        schema,
        document="nothing of use",
        sampling=Sampling(temperature=2.0, seed=5, max_tokens=130),
        limits=Limits(max_attempts=1, on_budget="close"),
    )
    result = await Generator(vllm).run(task)
    assert schema.violations(result.data) == []
    assert result.usage.completion_tokens <= 130


async def test_no_number_leaves_the_range_of_a_double(vllm: Engine) -> None:
    """Whatever the temperature draws: digits and exponents, drafted or not."""
    number = Schema.parse({"type": "array", "items": {"type": "number"}, "minItems": 12, "maxItems": 12})
    asked = [
        EngineRequest(
            Conversation((Message("user", f"{seed}: 1e300, 9e307, 1e308, 123456789"),)),
            Constraint(number.grammar, number.hash),
            Sampling(temperature=1.8, seed=seed, max_tokens=900),
            complete_in_budget=True,
        )
        for seed in range(12)
    ]
    for completion in await asyncio.gather(*(vllm.complete(request) for request in asked)):
        assert JsonScanner().take(completion.text.encode())
        assert number.violations(json_text.loads(completion.text)) == []


async def test_what_was_closed_is_named(vllm: Engine) -> None:
    """The members that the model did not write."""
    schema = {"type": "array", "items": {"type": "string", "maxLength": 8}, "minItems": 30}
    sampling = Sampling(temperature=1.0, seed=1, max_tokens=120)
    task = Task(Schema.parse(schema), document="x", sampling=sampling, limits=Limits(1, on_budget="close"))
    result = await Generator(vllm).run(task)
    assert len(result.data) >= 30
    assert "/29" in result.forced


async def test_a_budget_below_the_shortest_answer_says_how_much_is_needed(vllm: Engine) -> None:
    """And nothing is generated for it."""
    schema = {"type": "array", "items": {"const": "abcdefgh"}, "minItems": 40}
    task = Task(
        Schema.parse(schema),
        document="x",
        sampling=Sampling(max_tokens=30),
        limits=Limits(1, on_budget="close"),
    )
    with pytest.raises(Incomplete, match=r"takes \d+ tokens"):
        await Generator(vllm).run(task)


async def test_it_thinks_within_its_budget_and_then_answers(vllm: Engine) -> None:
    """Thoughts are free text, told apart from the answer, which the grammar holds from its first byte."""
    schema = {
        "type": "object",
        "properties": {"total": {"type": "integer"}},
        "required": ["total"],
        "additionalProperties": False,
    }
    thoughts = ""
    for seed in range(4):
        request = asked(schema, "Total: 12", temperature=1.0, seed=seed, thinking_tokens=24)
        text = ""
        async with aclosing(vllm.generate(request)) as chunks:
            async for chunk in chunks:
                thoughts, text = thoughts + chunk.reasoning, text + chunk.text
                last = chunk
        assert Schema.parse(schema).violations(json.loads(text)) == []
        assert last.usage is not None
        assert last.usage.completion_tokens < 24 + 200
    assert thoughts


async def test_log_probabilities_are_numbers(vllm: Engine) -> None:
    """One for each token of the answer, none of them infinite."""
    request = asked({"enum": ["alpha", "beta"]}, "alpha", temperature=1.0, seed=1)
    request = EngineRequest(request.prompt, request.constraint, request.sampling, logprobs=True)
    async with aclosing(vllm.generate(request)) as chunks:
        found = [chunk async for chunk in chunks]
    logprobs = [p for chunk in found for p in chunk.logprobs]
    assert "".join(p.token for p in logprobs) == "".join(chunk.text for chunk in found)
    assert all(math.isfinite(p.logprob) and p.logprob <= 0 for p in logprobs)


async def test_a_prompt_beyond_the_context_is_refused(vllm: Engine) -> None:
    """With both figures; vLLM alone would cut the answer in silence."""
    with pytest.raises(PromptTooLong) as caught:
        await vllm.complete(asked(True, "word " * 3000))
    assert caught.value.tokens > caught.value.allowed


async def test_more_than_the_queue_holds_is_refused_at_once(vllm: Engine) -> None:
    """Eight at work, eight waiting, the rest told to come again."""
    requests = [asked({"type": "integer"}, f"{i}", seed=i) for i in range(24)]
    ended = await asyncio.gather(*(vllm.complete(r) for r in requests), return_exceptions=True)
    refused = [end for end in ended if isinstance(end, Overloaded)]
    assert len(refused) == 8
    assert len(ended) - len(refused) == 16


async def test_who_leaves_frees_the_place(vllm: Engine) -> None:
    """In mid-generation; the engine goes on with the others."""
    request = EngineRequest(
        Conversation((Message("user", "count"),)), None, Sampling(temperature=1.0, max_tokens=1000)
    )
    async with aclosing(vllm.generate(request)) as chunks:
        async for _ in chunks:
            break
    assert (await vllm.health()).running == 0
    assert (await vllm.complete(asked({"const": 1}, "1"))).text == "1"
