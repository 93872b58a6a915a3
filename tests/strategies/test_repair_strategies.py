"""Repair by the model, strategy `repair`, and the choice of `auto`."""

from typing import Any

import pytest

import structgen
from structgen.engines.base import Capabilities, Constraint
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import Incomplete, InvalidSchema, Unsatisfied
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Limits

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


class Unsteered(FakeEngine):
    """Decodes without grammars."""

    def __init__(self, *replies: str) -> None:
        super().__init__(list(replies))
        self.capabilities = Capabilities(constrained=False)


class Choosy(FakeEngine):
    """Refuses every schema."""

    async def prepare(self, constraint: Constraint) -> None:
        raise InvalidSchema("no grammar can be built")


def test_the_model_supplies_missing_members() -> None:
    """The model reads object, violations and source; sound values are pinned, and its changes are reported."""
    engine = FakeEngine(['{"name":"Ada","age":36}'])
    with Generator(engine) as generator:
        result = structgen.repair("{Name: 'Ada'}", SCHEMA, engine=generator, source="Ada is 36.")
    assert (result.status, result.value) == ("model_repaired", {"name": "Ada", "age": 36})
    assert [(c.op, c.path, c.risk) for c in result.changes] == [
        ("move", "/name", "coerced"),
        ("add", "/age", "model"),
    ]
    assert result.usage.completion_tokens > 0
    (request,) = engine.requests
    shown = " ".join(str(getattr(turn, "content", "")) for turn in request.prompt.messages)
    assert '{"name":"Ada"}' in shown
    assert "Ada is 36." in shown
    assert request.constraint is not None
    assert request.constraint.key != Schema.parse(SCHEMA).hash


def test_a_model_that_fails_leaves_the_failure() -> None:
    """A repair by the model that fails has the status `failed` and the usage of all attempts."""
    engine = FakeEngine(["{}", "nonsense"])
    with Generator(engine) as generator:
        result = generator.repair("{Name: 'Ada'}", SCHEMA)
    assert result.status == "failed"
    assert [v.keyword for v in result.violations] == ["required"]
    assert len(engine.requests) == 2
    assert result.usage.prompt_tokens > 0


@pytest.mark.parametrize(
    ("text", "options"),
    [("{name: Ada, age: '36'}", {}), ("{}", {"max_risk": "inferred"}), ("no JSON at all", {})],
    ids=["rules are enough", "the model is not allowed", "nothing to repair"],
)
def test_the_model_is_not_called(text: str, options: Any) -> None:
    """The model is not called where rules are enough, the risk forbids it, or the text has no JSON."""
    engine = FakeEngine(["{}"])
    with Generator(engine) as generator:
        generator.repair(text, SCHEMA, **options)
    assert engine.requests == []


def task(**fields: Any) -> Task:
    return Task(**{"schema": Schema.parse(SCHEMA), "document": "Ada is 36.", **fields})


async def test_strategy_repair_generates_freely() -> None:
    """Strategy `repair` generates without a grammar, and the result has the account of the repair."""
    engine = FakeEngine(['Sure: {name: "Ada", age: "36"}'])
    result = await Generator(engine).run(task(strategy="repair"))
    assert result.data == {"name": "Ada", "age": 36}
    assert engine.requests[0].constraint is None
    body = result.to_json()
    assert body["repair"]["status"] == "repaired"
    assert {change["path"] for change in body["repair"]["changes"]} == {"/age"}
    assert body["attempts"][0]["strategy"] == "repair"


async def test_strategy_repair_tries_again_with_the_faults() -> None:
    """Strategy `repair` retries with the violations, and accounts for every attempt."""
    engine = FakeEngine(["no idea", '{"name": "Ada"}', '{"name": "Ada", "age": 36}'])
    result = await Generator(engine).run(task(strategy="repair"))
    assert [a.status for a in result.attempts] == ["violations", "violations", "valid"]
    with pytest.raises(Unsatisfied):
        await Generator(FakeEngine(["{}"])).run(task(strategy="repair"))


async def test_a_cut_answer_is_not_repaired() -> None:
    """Strategy `repair` raises `Incomplete` for a cut answer, as under a grammar."""
    engine = FakeEngine([Reply('{"name": "Ada", "age": 3', finish="length")])
    with pytest.raises(Incomplete) as caught:
        await Generator(engine).run(task(strategy="repair"))
    assert caught.value.partial == {"name": "Ada"}


@pytest.mark.parametrize(
    ("engine", "chosen", "reason"),
    [
        (FakeEngine(['{"name":"Ada","age":36}']), "constrained", "grammar"),
        (Unsteered('{name: "Ada", age: 36}'), "repair", "does not support constrained"),
        (Choosy(['{name: "Ada", age: 36}']), "repair", "no grammar can be built"),
    ],
    ids=["a grammar", "no grammars", "no grammar of this schema"],
)
async def test_auto_gives_the_reason_of_its_choice(engine: FakeEngine, chosen: str, reason: str) -> None:
    """The result of `auto` has the strategy that ran and the reason."""
    result = await Generator(engine).run(task(strategy="auto", limits=Limits(max_attempts=1)))
    assert result.data == {"name": "Ada", "age": 36}
    told = result.to_json()["strategy"]
    assert told["name"] == chosen
    assert reason in told["reason"]
