"""A run survives the loss of its engine where the caller allows it."""

import asyncio
import time

import pytest

from structgen.engines import Engine, Health
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import EngineUnavailable
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Limits, OnEngineLoss

SCHEMA = Schema.parse({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})
LOST = Reply('{"a', error=EngineUnavailable("the engine died", retry_after=3.0))


async def run(engine: Engine, loss: OnEngineLoss = "error") -> Result:
    await engine.start()
    limits = Limits(on_engine_loss=loss, deadline=5.0)
    task = Task(SCHEMA, document="a is 1", limits=limits)
    return await Generator(engine).run(task)


async def test_a_lost_engine_raises_its_error() -> None:
    """A lost engine raises `EngineUnavailable` with the time to retry after."""
    with pytest.raises(EngineUnavailable) as caught:
        await run(FakeEngine([LOST, '{"a":1}']))
    assert caught.value.retry_after == 3.0


async def test_a_lost_engine_costs_an_attempt_where_the_caller_allows_it() -> None:
    """Under `on_engine_loss: retry`, the account has the lost attempt and the next one."""
    result = await run(FakeEngine([LOST, '{"a":1}']), "retry")
    assert [attempt.status for attempt in result.attempts] == ["error", "valid"]


async def test_the_next_attempt_waits_until_the_engine_is_back() -> None:
    """The next attempt starts when the engine's health is ready again."""

    class Recovering(FakeEngine):
        back = 0.0

        async def health(self) -> Health:
            self.back = self.back or time.monotonic() + 0.5
            return Health(time.monotonic() >= self.back, detail="restarting")

    began = time.monotonic()
    result = await asyncio.wait_for(run(Recovering([LOST, '{"a":1}']), "retry"), 10)
    assert result.data == {"a": 1}
    assert time.monotonic() - began >= 0.4


async def test_a_lost_engine_in_the_last_attempt_raises_its_error() -> None:
    """`max_attempts` bounds the attempts at a lost engine too."""
    with pytest.raises(EngineUnavailable):
        await run(FakeEngine([LOST]), "retry")
