"""A model may think before it answers; an engine may die while it does."""

import asyncio
import time

import pytest

from structgen.engines import Engine, Health, open_engine
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest, EngineUnavailable
from structgen.generator import Generator
from structgen.prompts import hermes4
from structgen.schema import Schema
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Limits, OnEngineLoss, Sampling

SCHEMA = Schema.parse({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})
LOST = Reply('{"a', error=EngineUnavailable("the engine died", retry_after=3.0))


async def asked(engine: Engine, loss: OnEngineLoss = "error", thinking: int | None = None) -> Result:
    await engine.start()
    limits = Limits(on_engine_loss=loss, deadline=5.0)
    task = Task(SCHEMA, document="a is 1", sampling=Sampling(thinking_tokens=thinking), limits=limits)
    return await Generator(engine).run(task)


async def test_thoughts_are_told_beside_the_object() -> None:
    """And the prompt asks for them in Hermes' own words, before the schema."""
    engine = FakeEngine([Reply('{"a":1}', thought="a must be 1")])
    result = await asked(engine, thinking=100)
    assert result.data == {"a": 1}
    assert result.to_json()["reasoning"] == "a must be 1"
    system = engine.requests[0].prompt[0]
    assert getattr(system, "content", "").startswith(hermes4.THINKING)


async def test_who_does_not_think_has_no_reasoning() -> None:
    """Neither in the prompt nor in the body."""
    engine = FakeEngine(['{"a":1}'])
    result = await asked(engine)
    assert "reasoning" not in result.to_json()
    assert hermes4.THINKING not in getattr(engine.requests[0].prompt[0], "content", "")


async def test_an_engine_that_cannot_think_says_so() -> None:
    """As a fault of the request, with its place."""
    with pytest.raises(BadRequest) as caught:
        await asked_of_local()
    assert caught.value.violations[0].pointer == "/sampling/thinking_tokens"


async def asked_of_local() -> Result:
    pytest.importorskip("torch", reason="needs the extra `local`")
    from structgen.embedded import MODEL

    engine = open_engine("local", str(MODEL))
    try:
        return await asked(engine, thinking=10)
    finally:
        await engine.close()


async def test_a_lost_engine_is_told_to_the_caller() -> None:
    """With the time after which to come again."""
    with pytest.raises(EngineUnavailable) as caught:
        await asked(FakeEngine([LOST, '{"a":1}']))
    assert caught.value.retry_after == 3.0


async def test_a_lost_engine_costs_an_attempt_where_the_caller_allows_it() -> None:
    """The account names the lost one."""
    result = await asked(FakeEngine([LOST, '{"a":1}']), "retry")
    assert [attempt.status for attempt in result.attempts] == ["error", "valid"]


async def test_the_next_attempt_waits_until_the_engine_is_back() -> None:
    """As its health tells."""

    class Recovering(FakeEngine):
        back = 0.0

        async def health(self) -> Health:
            self.back = self.back or time.monotonic() + 0.5
            return Health(time.monotonic() >= self.back, detail="restarting")

    began = time.monotonic()
    result = await asyncio.wait_for(asked(Recovering([LOST, '{"a":1}']), "retry"), 10)
    assert result.data == {"a": 1}
    assert time.monotonic() - began >= 0.4


async def test_it_is_lost_for_good_after_the_last_attempt() -> None:
    """Bounded as all attempts are."""
    with pytest.raises(EngineUnavailable):
        await asked(FakeEngine([LOST]), "retry")
