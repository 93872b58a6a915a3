"""A model may think before it answers, where the caller asks for it."""

from dataclasses import replace

import pytest

from structgen.engines import Engine, open_engine
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest
from structgen.generator import Generator
from structgen.prompts import hermes4
from structgen.schema import Schema
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Sampling

SCHEMA = Schema.parse({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})


async def run(engine: Engine, thinking_tokens: int | None = None) -> Result:
    await engine.start()
    sampling = Sampling(thinking_tokens=thinking_tokens)
    return await Generator(engine).run(Task(SCHEMA, document="a is 1", sampling=sampling))


async def test_thoughts_are_in_the_result() -> None:
    """The result has the model's thoughts, and the prompt asks for them before the schema."""
    engine = FakeEngine([Reply('{"a":1}', reasoning="a must be 1")])
    result = await run(engine, thinking_tokens=100)
    assert result.data == {"a": 1}
    assert result.to_json()["reasoning"] == "a must be 1"
    system = engine.requests[0].prompt.messages[0]
    assert getattr(system, "content", "").startswith(hermes4.THINKING)


async def test_without_thinking_tokens_there_is_no_reasoning() -> None:
    """Without `thinking_tokens`, neither the prompt nor the body mentions thoughts."""
    engine = FakeEngine(['{"a":1}'])
    result = await run(engine)
    assert "reasoning" not in result.to_json()
    assert hermes4.THINKING not in getattr(engine.requests[0].prompt.messages[0], "content", "")


async def test_an_engine_that_cannot_think_refuses_thinking_tokens() -> None:
    """An engine whose model cannot think refuses `thinking_tokens` with a pointer."""
    engine = FakeEngine(['{"a":1}'])
    engine.capabilities = replace(engine.capabilities, supports_thinking=False)
    with pytest.raises(BadRequest) as caught:
        await run(engine, thinking_tokens=10)
    assert caught.value.violations[0].pointer == "/sampling/thinking_tokens"


async def test_the_local_engine_thinks_before_json() -> None:
    """The local engine writes thoughts within their budget, and then the object alone."""
    pytest.importorskip("torch", reason="needs the extra `local`")
    from structgen.models import DEMO_MODEL

    engine = open_engine("local", str(DEMO_MODEL))
    try:
        result = await run(engine, thinking_tokens=10)
    finally:
        await engine.close()
    assert result.data.keys() == {"a"}
    assert result.reasoning
    assert "<think>" not in result.reasoning
