"""Values that the schema leaves without bounds end at limits that are told, and can be set."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest, Incomplete
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.schema.declared_sizes import Extent
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
    """The result on an engine that declares that it bounds values."""
    engine = FakeEngine([reply])
    engine.capabilities = replace(engine.capabilities, bounds=True)
    return await Generator(engine).run(Task(OPEN, document="x", limits=Limits(**limits), report=True))


async def test_the_report_tells_the_limits() -> None:
    """At each type without a bound of its own."""
    report = (await run('{"n":1,"s":"a","l":[]}', max_items=7)).to_json()["report"]
    assert report["/properties/n/type"]["reason"] == "at most 100 digits (limits.max_digits)"
    assert report["/properties/s/type"]["reason"] == "at most 32768 characters (limits.max_string_length)"
    assert report["/properties/l/type"]["reason"] == "at most 7 items (limits.max_items)"
    assert "reason" not in report["/properties/l/items/type"]


async def test_a_value_at_its_limit_earns_a_warning() -> None:
    """With its pointer and the name of the limit; smaller ones earn none."""
    result = await run('{"n":1234.5,"s":"abc","l":[1,2,3,4]}', max_digits=5, max_string_length=3, max_items=4)
    found = {w.pointer: w.message for w in result.warnings if w.code == "limit-reached"}
    assert set(found) == {"/n", "/s", "/l"}
    assert "limits.max_digits" in found["/n"]
    assert not (await run('{"n":1234.5,"s":"abc","l":[1,2,3,4]}')).warnings


async def test_a_limit_that_the_engine_cannot_hold_is_refused() -> None:
    """No option is left out in silence."""
    with pytest.raises(BadRequest) as caught:
        await Generator(FakeEngine(["1"])).run(Task(OPEN, document="x", limits=Limits(max_digits=5)))
    assert caught.value.violations[0].pointer == "/limits/max_digits"
    with pytest.raises(BadRequest, match="/limits/max_items"):
        Generator(FakeEngine(["1"])).result(OPEN, "x", limits={"max_items": 0})


def test_the_schemas_own_bounds_win() -> None:
    """A limit never refuses what the schema allows by a bound of its own."""
    assert effective_limits(Limits(), Extent()) == DEFAULTS
    assert effective_limits(Limits(max_digits=5, max_items=3), Extent(digits=80, items=2)) == (80, 32_768, 3)


@pytest.fixture(scope="module")
def generator() -> Iterator[Generator]:
    """The model that ships."""
    pytest.importorskip("torch", reason="needs the extra `local`")
    with Generator() as made:
        yield made


def test_a_bare_number_no_longer_eats_the_budget(generator: Generator) -> None:
    """`Number: 4` into an integer: the loop is named after some forty tokens, or the number ends."""
    with pytest.raises(Incomplete, match="loop: digits '4'") as caught:
        generator.result(int, "Number: 4")
    assert caught.value.usage.completion_tokens < 80
    result = generator.result(int, "Number: 4", limits=Limits(max_digits=6))
    assert result.data == 444444
    assert [w.code for w in result.warnings if w.code == "limit-reached"] == ["limit-reached"]


def test_a_bound_of_the_schema_is_reached_whatever_the_limit(generator: Generator) -> None:
    """Ten digits by `minimum`, with a limit of two."""
    schema = {"type": "integer", "minimum": 10**9, "maximum": 10**10 - 1}
    result = generator.result(
        schema, "Number: 4", limits=Limits(max_digits=2), sampling=Sampling(max_tokens=40)
    )
    assert 10**9 <= result.data < 10**10
