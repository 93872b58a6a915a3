"""An answer that the budget would cut is closed in time, validly, and the account names what was not written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from structgen.errors import Incomplete
from structgen.generator import Generator
from structgen.parsing.incremental.forced_values import forced_pointers
from structgen.schema import Registry, Schema
from structgen.types import Limits, Sampling

pytest.importorskip("torch", reason="needs the extra `local`")

CLOSE = Limits(max_attempts=1, on_budget="close")


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generator]:
    """A random model: left alone it hardly ever ends."""
    from training.architecture import write_random

    folder: Path = tmp_path_factory.mktemp("endless") / "model"
    write_random(folder)
    with Generator(folder) as made:
        yield made


@pytest.mark.parametrize("name", Registry().names())
def test_every_shipped_schema_ends_within_its_budget(generator: Generator, name: str) -> None:
    """Each shipped schema gets a valid object within 200 tokens at temperature 1."""
    schema = Registry().get(name)
    sampling = Sampling(temperature=1.0, seed=3, max_tokens=200)
    result = generator.result(schema, "x", sampling=sampling, limits=CLOSE)
    assert schema.violations(result.data) == []
    assert result.usage.completion_tokens <= 200


def test_what_was_forced_is_named(generator: Generator) -> None:
    """`forced_pointers` names the list that was cut short, and all scalars that the model did not write."""
    schema = {"type": "array", "items": {"type": "string", "maxLength": 8}, "minItems": 60}
    sampling = Sampling(temperature=1.0, seed=1, max_tokens=240)
    result = generator.result(schema, "x", sampling=sampling, limits=CLOSE)
    assert len(result.data) >= 60
    assert result.forced
    assert result.to_json()["forced"] == list(result.forced)
    assert {f"/{index}" for index in range(55, 60)} <= set(result.forced)


def test_an_answer_that_ends_by_itself_has_nothing_forced(generator: Generator) -> None:
    """An answer within its budget has no forced values."""
    result = generator.result({"enum": ["a", "b"]}, "x", limits=CLOSE)
    assert result.forced == ()
    assert "forced" not in result.to_json()


def test_a_budget_below_the_shortest_answer_says_how_much_is_needed(generator: Generator) -> None:
    """A budget below the shortest answer is an error with the tokens it takes, and costs no step."""
    schema = {"type": "array", "items": {"const": "abcdefgh"}, "minItems": 40}
    with pytest.raises(Incomplete, match=r"takes \d+ tokens") as caught:
        generator.result(schema, "x", sampling=Sampling(max_tokens=30), limits=CLOSE)
    assert caught.value.attempts[0].usage.decode_steps == 0


@pytest.mark.parametrize(
    ("written", "value", "pointers"),
    [
        ('{"a":1,"b":"x', {"a": 1, "b": "x"}, ["/b"]),
        ('{"a":1,', {"a": 1, "b": {"c": None}}, ["/b/c"]),
        ('{"a":[1,2', {"a": [1, 2]}, ["/a", "/a/1"]),
        ('{"a":[{"b":1},', {"a": [{"b": 1}, {"b": 0}]}, ["/a", "/a/1/b"]),
        ("", {"a": {}, "b": []}, ["/a", "/b"]),
        ('{"a":1', {"a": True}, ["/a"]),
        ('{"a":1}', {"a": 1}, []),
    ],
)
def test_forced_pointers(written: str, value: Any, pointers: list[str]) -> None:
    """Forced pointers name unfinished scalars, containers that were not begun, and open lists."""
    assert forced_pointers(written, value) == pointers


def test_schema_of_numbers_is_closed(generator: Generator) -> None:
    """A list of numbers is completed wherever the budget cuts it."""
    schema = Schema.parse({"type": "array", "items": {"type": "number"}, "minItems": 20})
    for seed in range(5):
        sampling = Sampling(temperature=1.0, seed=seed, max_tokens=60)
        assert schema.violations(generator.result(schema, "x", sampling=sampling, limits=CLOSE).data) == []
