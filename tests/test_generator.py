"""`Generator` returns typed objects, partial objects and accounts in process, without HTTP."""

import asyncio
import threading
import time
from typing import Any

import pytest
from pydantic import BaseModel

from structgen import Generator
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import BadRequest, EngineUnavailable, Unsatisfied
from structgen.types import Limits, Sampling


class Item(BaseModel):
    name: str
    count: int = 0


def test_a_type_gives_an_object_of_the_type() -> None:
    """A Pydantic type as schema gives an instance of that type from synchronous code."""
    with Generator(FakeEngine(['{"name":"bolt","count":3}'])) as generator:
        assert generator.extract(Item, "three bolts") == Item(name="bolt", count=3)


def test_a_schema_gives_plain_json() -> None:
    """A JSON Schema gives plain JSON of any type."""
    with Generator(FakeEngine(["[1,2]"])) as generator:
        assert generator.extract({"type": "array"}, "one, two") == [1, 2]


def test_the_stream_grows_and_ends_with_the_typed_object() -> None:
    """A stream yields growing partial objects and ends with the typed object."""
    engine = FakeEngine([Reply('{"name":"a longer name","count":3}', delay=0.06)])
    with Generator(engine) as generator:
        seen = list(generator.stream(Item, "x"))
    assert {"name": "a longer name"} in seen
    assert seen[-1] == Item(name="a longer name", count=3)


def test_errors_reach_the_caller() -> None:
    """An error of the engine reaches the caller with its own class."""
    with Generator(FakeEngine(["{}"])) as generator, pytest.raises(Unsatisfied):
        generator.extract(Item, "x")


def test_it_serves_again_after_a_close() -> None:
    """A closed generator restarts its engine when it is used again."""
    generator = Generator(FakeEngine(['{"name":"a"}']))
    generator.extract(Item, "x")
    generator.close()
    assert generator.extract(Item, "x") == Item(name="a")
    generator.close()


async def test_it_closes_within_a_running_event_loop() -> None:
    """A generator can be closed inside a running event loop, as in a notebook."""
    with Generator(FakeEngine(['{"name":"a"}'])) as generator:
        assert generator.extract(Item, "x") == Item(name="a")
    await asyncio.sleep(0)


def test_a_close_ends_whoever_waits() -> None:
    """Closing the generator ends waiting calls at once with an error of the tree."""
    generator = Generator(FakeEngine([Reply('{"name":"a"}', delay=5)]))
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            generator.extract(Item, "x")
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    while not generator.engine.requests:  # type: ignore[attr-defined]
        time.sleep(0.01)
    generator.close()
    thread.join(timeout=4)
    assert [type(error) for error in errors] == [EngineUnavailable]


def test_options_are_those_of_a_request() -> None:
    """Sampling and limits may be given as mappings, with the same members as a request."""
    engine = FakeEngine(['{"name":"a"}'])
    with Generator(engine) as generator:
        generator.extract(
            Item,
            messages=[{"role": "user", "content": "x"}],
            examples=[{"document": "a bolt", "data": {"name": "bolt"}}],
            sampling={"temperature": 0.5},
        )
    assert engine.requests[0].sampling.temperature == 0.5


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"strategy": "foo"}, "/strategy"),
        ({"limits": Limits(on_budget="closed")}, "/limits/on_budget"),  # type: ignore[arg-type]
        ({"limits": {"deadline": -1}}, "/limits/deadline"),
        ({"n": 0}, "/sampling/n"),
        ({"sampling": Sampling(max_tokens=0)}, "/sampling/max_tokens"),
        ({"sampling": Sampling(temperature=float("nan"))}, "/sampling/temperature"),
        ({"sampling": {"temprature": 1}}, "/sampling"),
        ({"messages": ["x"]}, "/messages/0"),
        ({"document": None}, ""),
        ({"document": " "}, ""),
        ({"document": 0}, "/document"),
        ({"document": "a \ud800"}, "/document"),
        ({"messages": [{"role": "user", "content": 5}]}, "/messages/0/content"),
        ({"examples": [{"document": 5, "data": {"name": "a"}}]}, "/examples/0/document"),
        ({"examples": [{"document": "y", "data": float("nan")}]}, "/examples/0/data"),
        ({"examples": [{"document": "y", "data": {"name": 5}}]}, "/examples/0/data/name"),
        ({"limits": {"deadline": 10**400}}, "/limits/deadline"),
    ],
    ids=str,
)
def test_bad_options_are_told(options: dict[str, Any], pointer: str) -> None:
    """A bad option raises BadRequest with the pointer that the service would give, before the engine runs."""
    engine = FakeEngine(['{"name":"a"}'])
    with Generator(engine) as generator, pytest.raises(BadRequest) as caught:
        generator.extract(Item, **{"document": "x", **options})
    assert [v.pointer for v in caught.value.violations] == [pointer]
    assert not engine.requests
