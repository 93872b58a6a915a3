"""An engine that refuses a schema's grammar gets a wider one, and the report lists the dropped keywords."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from structgen.engines.base import Constraint, EngineRequest
from structgen.engines.fake import FakeEngine
from structgen.errors import InvalidSchema
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.strategies.grammar_fallback import MAX_COMPILATIONS, compiled, constraint_of, wider
from structgen.strategies.task import Task
from structgen.types import Chunk, Limits

SCHEMA = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "count": {"type": "integer", "minimum": 0},
    },
    "required": ["code", "count"],
}
ANSWER = '{"code":"ABC","count":1}'


class Picky(FakeEngine):
    """Refuses schemas that contain a word, and counts its compilations."""

    def __init__(self, word: str) -> None:
        super().__init__([ANSWER])
        self.word, self.asked = word, 0

    async def prepare(self, constraint: Constraint) -> None:
        self.asked += 1
        if self.word in json.dumps(constraint.schema):
            raise InvalidSchema(f"no grammar can be built: the server knows no {self.word}")

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        if request.constraint is not None:
            await self.prepare(request.constraint)
        async for chunk in super().generate(request):
            yield chunk


@pytest.mark.parametrize("strategy", ["auto", "constrained"])
async def test_an_engine_that_knows_no_patterns_decodes_without_them(strategy: Any) -> None:
    """An engine without patterns decodes the rest of the schema, and the pattern is validated."""
    engine = Picky("pattern")
    result = await Generator(engine).run(
        Task(Schema.parse(SCHEMA), document="x", strategy=strategy, report=True)
    )
    assert result.data == json.loads(ANSWER)
    report = result.schema.report
    assert report["/properties/code/pattern"].by == "validated"
    assert "the server knows no pattern" in report["/properties/code/pattern"].reason
    assert report["/properties/count/minimum"].by == "decoded"
    (request,) = engine.requests
    assert request.constraint is not None
    assert "minimum" in json.dumps(request.constraint.schema)


class Late(Picky):
    """Refuses the schema after the first chunk of its answer."""

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        if request.constraint is not None and self.word in json.dumps(request.constraint.schema):
            yield Chunk('{"code"')
            raise InvalidSchema("no grammar can be built: too complex")
        async for chunk in FakeEngine.generate(self, request):
            yield chunk


async def test_a_grammar_refused_in_mid_answer_is_widened() -> None:
    """An engine that refuses the grammar in mid-answer starts again with a wider one."""
    result = await Generator(Late("pattern")).run(Task(Schema.parse(SCHEMA), document="x"))
    assert result.data == json.loads(ANSWER)
    assert result.schema.report["/properties/code/pattern"].by == "validated"


async def test_one_search_serves_all_requests() -> None:
    """Concurrent and later requests for a schema share one search for a wider grammar."""
    engine, schema = Picky("pattern"), Schema.parse(SCHEMA)
    first, second = await asyncio.gather(wider(schema, engine), wider(schema, engine))
    asked = engine.asked
    assert await compiled(schema, engine) is first is second
    assert engine.asked == asked + 1
    assert constraint_of(first).key != constraint_of(schema).key


async def test_an_engine_that_refuses_everything_is_asked_a_bounded_number_of_times() -> None:
    """The search for a wider grammar ends after `MAX_COMPILATIONS` grammars, and `auto` goes on without one."""
    engine = Picky("")
    with pytest.raises(InvalidSchema, match="no grammar can be built: the server knows no"):
        await wider(Schema.parse(SCHEMA), engine)
    assert engine.asked <= MAX_COMPILATIONS + 3
    task = Task(Schema.parse(SCHEMA), document="x", strategy="auto", limits=Limits(max_attempts=1))
    with pytest.raises(InvalidSchema):
        await Generator(engine).run(Task(Schema.parse(SCHEMA), document="x", strategy="constrained"))
    engine.word = "no such word"
    assert (await Generator(engine).run(task)).data == json.loads(ANSWER)
