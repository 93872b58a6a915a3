"""Drafts in the decode loop: the same answers in fewer passes."""

from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from structgen.engines import Constraint, EngineRequest
from structgen.engines.local import LocalEngine
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from structgen.types import Conversation, Message, Sampling
from training.tasks import Case, Mix, case

CASES = [case(Random(f"drafts:{index}"), Mix(shipped=1.0, repair=0.0), held_out=True) for index in range(6)]


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[LocalEngine]:
    """The shipped model, four slots."""
    made = LocalEngine(DEMO_MODEL, slots=4, threads=1)
    await made.start()
    yield made
    await made.close()


@pytest_asyncio.fixture
async def undrafted() -> AsyncIterator[LocalEngine]:
    """The same without drafts."""
    made = LocalEngine(DEMO_MODEL, slots=4, threads=1, draft_tokens=0)
    await made.start()
    yield made
    await made.close()


def ask(made: Case, *, logprobs: bool = False, **sampling: object) -> EngineRequest:
    schema = Schema.parse(made.schema)
    chosen = Sampling(**{"max_tokens": 300, **sampling})  # type: ignore[arg-type]
    constraint = Constraint(schema.grammar, schema.hash)
    return EngineRequest(Conversation(made.messages), constraint, chosen, logprobs=logprobs)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
async def test_the_answer_is_that_without_drafts(
    engine: LocalEngine, undrafted: LocalEngine, temperature: float
) -> None:
    """With drafts the answer is the same token by token, in fewer passes."""
    plain, drafted = [
        [
            await one.complete(ask(made, temperature=temperature, seed=index))
            for index, made in enumerate(CASES)
        ]
        for one in (undrafted, engine)
    ]
    assert [c.text for c in drafted] == [c.text for c in plain]
    assert [c.finish for c in drafted] == [c.finish for c in plain]
    for one, other in zip(plain, drafted, strict=True):
        assert one.usage.completion_tokens == other.usage.completion_tokens
        assert one.usage.forced_tokens == other.usage.forced_tokens
    steps = [sum(c.usage.decode_steps for c in completions) for completions in (drafted, plain)]
    assert steps[0] < 0.6 * steps[1]


async def test_drafted_tokens_have_their_log_probabilities(
    engine: LocalEngine, undrafted: LocalEngine
) -> None:
    """Each token has its log-probability, the same as without drafts."""
    found = []
    for one in (undrafted, engine):
        chunks = [chunk async for chunk in one.generate(ask(CASES[0], logprobs=True))]
        assert chunks[-1].usage is not None
        found.append([token for chunk in chunks for token in chunk.logprobs])
        assert len(found[-1]) == chunks[-1].usage.completion_tokens
    plain, drafted = found
    assert [t.token for t in plain] == [t.token for t in drafted]
    assert [t.logprob for t in plain] == pytest.approx([t.logprob for t in drafted], abs=1e-3)


@pytest.mark.parametrize("most", [1, 2, 17, 40, 90])
async def test_a_draft_never_passes_the_budget(
    engine: LocalEngine, undrafted: LocalEngine, most: int
) -> None:
    """A drafted answer is cut, or completed, at the same token as one without drafts."""
    schema = Schema.parse(CASES[1].schema)
    for close in (False, True):
        texts = []
        for one in (undrafted, engine):
            request = EngineRequest(
                Conversation(CASES[1].messages),
                Constraint(schema.grammar, schema.hash),
                Sampling(max_tokens=most),
                complete_in_budget=close,
            )
            completion = await one.complete(request)
            assert completion.usage.completion_tokens <= most
            texts.append((completion.text, completion.finish))
        assert texts[0] == texts[1]


async def test_a_fault_of_the_drafts_costs_no_answer(
    engine: LocalEngine,
    undrafted: LocalEngine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After an error in drafting the request decodes on without drafts, and the log has the error."""
    expected = await undrafted.complete(ask(CASES[2]))

    def broken(*_: object) -> None:
        raise RuntimeError("a draft that fails")

    monkeypatch.setattr(Drafter, "draft", broken)
    found = await engine.complete(ask(CASES[2]))
    assert found.text == expected.text
    assert found.usage.decode_steps == expected.usage.decode_steps
    assert "no more drafts" in caplog.text


async def test_free_text_is_not_drafted(engine: LocalEngine) -> None:
    """A request without a grammar gets no drafts."""
    request = EngineRequest(Conversation((Message("user", "hello"),)), None, Sampling(max_tokens=12))
    usage = (await engine.complete(request)).usage
    assert usage.decode_steps == usage.completion_tokens - 1 or usage.completion_tokens < 12
