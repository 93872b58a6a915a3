"""The local engine thinks first: free text within its budget, then the constrained answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from structgen.engines import Constraint, EngineRequest
from structgen.engines.local import LocalEngine
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.types import Chunk, Conversation, Message, Sampling, Usage

pytest.importorskip("torch", reason="needs the extra `local`")

SCHEMA = Schema.parse(
    {
        "type": "object",
        "properties": {"word": {"type": "string"}, "count": {"type": "integer"}, "list": {"type": "array"}},
        "required": ["word", "count"],
        "additionalProperties": False,
    }
)
CONSTRAINT = Constraint(SCHEMA.grammar, SCHEMA.hash)


@pytest_asyncio.fixture
async def engine(random_model: Path) -> AsyncIterator[LocalEngine]:
    """Four slots, and a context of 512 positions."""
    made = LocalEngine(random_model, slots=4, threads=1, context=512)
    await made.start()
    yield made
    await made.close()


def ask(text: str = "word and count", constraint: Any = CONSTRAINT, **sampling: Any) -> EngineRequest:
    chosen = Sampling(**{"max_tokens": 120, "temperature": 1.0, "thinking_tokens": 20, "seed": 1, **sampling})
    return EngineRequest(
        Conversation((Message("user", text),)),
        constraint,
        chosen,
        complete_in_budget=constraint is not None,
        value_limits=DeclaredSizes(9, 12, 4) if constraint is not None else None,
    )


async def run(engine: LocalEngine, request: EngineRequest) -> tuple[str, str, Usage, list[Chunk]]:
    """Return the thought, the answer, the usage and all chunks."""
    chunks = [chunk async for chunk in engine.generate(request)]
    usage = chunks[-1].usage
    assert usage is not None
    return "".join(c.reasoning for c in chunks), "".join(c.text for c in chunks), usage, chunks


async def test_a_thought_precedes_a_valid_answer(engine: LocalEngine) -> None:
    """For many seeds the thought is apart, within its budget, and the answer is valid."""
    for seed in range(12):
        thought, text, usage, chunks = await run(engine, ask(seed=seed))
        assert thought
        assert "think>" not in text
        assert SCHEMA.violations(json.loads(text)) == []
        assert usage.completion_tokens <= 120 + 20 + 2
        first_text = next(index for index, chunk in enumerate(chunks) if chunk.text)
        assert not any(chunk.reasoning for chunk in chunks[first_text + 1 :])


async def test_the_thought_is_cut_at_its_budget(engine: LocalEngine) -> None:
    """A budget of five tokens gives five tokens between the tags; usage counts all of them."""
    request = ask(constraint=None, thinking_tokens=5, max_tokens=7, seed=3)
    thought, text, usage, _ = await run(engine, request)
    assert thought
    assert text
    assert usage.completion_tokens == 1 + 5 + 1 + 7
    assert usage.forced_tokens == 2


async def test_max_tokens_is_for_the_answer_alone(engine: LocalEngine) -> None:
    """A long thought takes nothing of the answer's budget."""
    _, short, short_usage, _ = await run(engine, ask(constraint=None, thinking_tokens=1, max_tokens=9))
    _, long, long_usage, _ = await run(engine, ask(constraint=None, thinking_tokens=60, max_tokens=9))
    assert long_usage.completion_tokens - short_usage.completion_tokens == 59
    assert short
    assert long


async def test_thought_and_answer_fit_the_context(engine: LocalEngine) -> None:
    """Budgets beyond the context are cut to it, and the answer is still complete."""
    request = ask("long " * 60, thinking_tokens=5_000, max_tokens=5_000, seed=2)
    thought, text, usage, _ = await run(engine, request)
    assert usage.total_tokens <= 512
    assert len(thought) > 50
    assert SCHEMA.violations(json.loads(text)) == []


async def test_an_answer_that_cannot_end_is_closed_after_its_thought(engine: LocalEngine) -> None:
    """The shortest completion counts from the answer: it is forced in time, and what was written is counted."""
    numbers = Schema.parse({"type": "array", "items": {"type": "integer"}, "minItems": 60})
    request = ask(constraint=Constraint(numbers.grammar, numbers.hash), max_tokens=150)
    _, text, _, chunks = await run(engine, request)
    assert numbers.violations(json.loads(text)) == []
    written = chunks[-1].written_before_completion
    assert written is not None
    assert 0 < written < len(text)


async def test_together_is_as_alone(engine: LocalEngine) -> None:
    """Sequences with and without thoughts in one batch give what each gives alone (greedy)."""
    requests = [
        replace(ask("x" * (9 * i + 1), temperature=0.0, thinking_tokens=tokens), complete_in_budget=False)
        for i, tokens in enumerate([None, 7, 30, None])
    ]
    alone = [(await run(engine, request))[:2] for request in requests]
    together = [result[:2] for result in await asyncio.gather(*(run(engine, r) for r in requests))]
    assert together == alone
    assert [bool(thought) for thought, _ in alone] == [False, True, True, False]


async def test_drafts_change_no_answer_after_a_thought(engine: LocalEngine, random_model: Path) -> None:
    """With drafts the thought and the answer are the same, token by token."""
    undrafted = LocalEngine(random_model, slots=4, threads=1, context=512, draft_tokens=0)
    await undrafted.start()
    for seed in range(4):
        request = replace(ask(seed=seed), value_limits=None)
        assert (await run(engine, request))[:2] == (await run(undrafted, request))[:2]
    await undrafted.close()


async def test_a_known_prompt_is_not_computed_again(engine: LocalEngine) -> None:
    """The thought leaves the cached prefix of a prompt as it is."""
    first, second = await run(engine, ask("again " * 30)), await run(engine, ask("again " * 30))
    assert second[2].cached_tokens == second[2].prompt_tokens - 1
    assert first[:2] == second[:2]


async def test_log_probabilities_are_of_the_answer(engine: LocalEngine) -> None:
    """Tokens of the thought have no log-probabilities."""
    _, text, _, chunks = await run(engine, replace(ask(), logprobs=True))
    assert "".join(entry.token for chunk in chunks for entry in chunk.logprobs) == text
