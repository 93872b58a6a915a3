"""Values that the schema leaves unbounded end at limits, which the caller can set."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest, Incomplete
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.strategies.value_limits import DEFAULTS, effective_limits
from structgen.types import Limits, Sampling

OPEN = Schema.parse(
    {
        "type": "object",
        "properties": {
            "n": {"type": "number"},
            "s": {"type": "string"},
            "l": {"type": "array", "items": {"type": "integer", "maximum": 9}},
        },
        "required": ["n", "s", "l"],
    }
)


async def run(reply: str, **limits: Any) -> Result:
    """Return the result on an engine that declares that it bounds values."""
    engine = FakeEngine([reply])
    engine.capabilities = replace(engine.capabilities, bounds_values=True)
    return await Generator(engine).run(Task(OPEN, document="x", limits=Limits(**limits), report=True))


async def test_the_report_has_the_limits() -> None:
    """The report has the limit at each `type` without a bound of its own."""
    report = (await run('{"n":1,"s":"a","l":[]}', max_items=7)).to_json()["report"]
    assert report["/properties/n/type"]["reason"] == "at most 100 digits (limits.max_digits)"
    assert report["/properties/s/type"]["reason"] == "at most 32768 characters (limits.max_string_length)"
    assert report["/properties/l/type"]["reason"] == "at most 7 items (limits.max_items)"
    assert "reason" not in report["/properties/l/items/type"]


async def test_a_value_at_its_limit_earns_a_warning() -> None:
    """A value at its limit has a warning with its pointer and the name of the limit; smaller values have none."""
    result = await run('{"n":1234.5,"s":"abc","l":[1,2,3,4]}', max_digits=5, max_string_length=3, max_items=4)
    found = {w.pointer: w.message for w in result.warnings if w.code == "limit-reached"}
    assert set(found) == {"/n", "/s", "/l"}
    assert "limits.max_digits" in found["/n"]
    assert not (await run('{"n":1234.5,"s":"abc","l":[1,2,3,4]}')).warnings


async def test_a_limit_that_the_engine_cannot_hold_is_refused() -> None:
    """A limit that the engine does not enforce raises `BadRequest`."""
    with pytest.raises(BadRequest) as caught:
        await Generator(FakeEngine(["1"])).run(Task(OPEN, document="x", limits=Limits(max_digits=5)))
    assert caught.value.violations[0].pointer == "/limits/max_digits"
    with pytest.raises(BadRequest, match="/limits/max_items"):
        Generator(FakeEngine(["1"])).result(OPEN, "x", limits={"max_items": 0})


def test_the_schemas_own_bounds_win() -> None:
    """A limit never shrinks a bound that the schema states itself."""
    assert effective_limits(Limits(), DeclaredSizes()) == DEFAULTS
    assert effective_limits(Limits(max_digits=5, max_items=3), DeclaredSizes(digits=80, items=2)) == (
        80,
        32_768,
        3,
    )


@pytest.fixture(scope="module")
def generator() -> Iterator[Generator]:
    """Return a generator on the shipped model."""
    pytest.importorskip("torch", reason="needs the extra `local`")
    with Generator() as made:
        yield made


def test_a_bare_number_ends_within_forty_tokens(generator: Generator) -> None:
    """A greedy integer from `Number: 4` ends, or is named a loop, after some forty tokens."""
    with pytest.raises(Incomplete, match="loop: digits '4'") as caught:
        generator.result(int, "Number: 4")
    assert caught.value.usage.completion_tokens < 80
    result = generator.result(int, "Number: 4", limits=Limits(max_digits=6))
    assert result.data == 444444
    assert [w.code for w in result.warnings if w.code == "limit-reached"] == ["limit-reached"]


def test_a_bound_of_the_schema_is_reached_whatever_the_limit(generator: Generator) -> None:
    """A number reaches the ten digits that `minimum` asks for under a limit of two digits."""
    schema = {"type": "integer", "minimum": 10**9, "maximum": 10**10 - 1}
    result = generator.result(
        schema, "Number: 4", limits=Limits(max_digits=2), sampling=Sampling(max_tokens=40)
    )
    assert 10**9 <= result.data < 10**10
