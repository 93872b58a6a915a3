"""The façade in process: typed objects, partial ones, and an account, without HTTP."""

import pytest
from pydantic import BaseModel

from structgen import Generator
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import Unsatisfied


class Item(BaseModel):
    name: str
    count: int = 0


def test_a_type_gives_an_object_of_the_type() -> None:
    """From synchronous code."""
    with Generator(FakeEngine(['{"name":"bolt","count":3}'])) as generator:
        assert generator.extract(Item, "three bolts") == Item(name="bolt", count=3)


def test_a_schema_gives_plain_json() -> None:
    """Of any kind."""
    with Generator(FakeEngine(["[1,2]"])) as generator:
        assert generator.extract({"type": "array"}, "one, two") == [1, 2]


def test_the_stream_grows_and_ends_with_the_typed_object() -> None:
    """Partial objects on the way."""
    engine = FakeEngine([Reply('{"name":"a longer name","count":3}', delay=0.06)])
    with Generator(engine) as generator:
        seen = list(generator.stream(Item, "x"))
    assert {"name": "a longer name"} in seen
    assert seen[-1] == Item(name="a longer name", count=3)


def test_errors_reach_the_caller() -> None:
    """As in the tree."""
    with Generator(FakeEngine(["{}"])) as generator, pytest.raises(Unsatisfied):
        generator.extract(Item, "x")


def test_it_serves_again_after_a_close() -> None:
    """The engine is started anew."""
    generator = Generator(FakeEngine(['{"name":"a"}']))
    generator.extract(Item, "x")
    generator.close()
    assert generator.extract(Item, "x") == Item(name="a")
    generator.close()
