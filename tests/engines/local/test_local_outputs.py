"""A model of random weights writes valid texts, scalars and lists: decoding keeps them so."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from structgen import Generator, Grammar
from structgen.types import TextFormat

SEEDS = range(4)


@pytest.fixture(scope="module")
def generator(random_model: Path) -> Iterator[Generator]:
    """Run the model for all tests of this file."""
    with Generator(random_model) as generator:
        yield generator


class Colour(enum.Enum):
    RED = "red"
    NONE = 0


FORMATS = {
    "regex": (TextFormat(regex=r"[A-Z]{2}-\d{1,4}"), r"[A-Z]{2}-[0-9]{1,4}"),
    "choice": (TextFormat(choices=("yes", "no", 'neither "nor"')), 'yes|no|neither "nor"'),
    "grammar": (Grammar('start: item ("," item){0,3}\nitem: /[a-z]{1,5}/'), "[a-z]{1,5}(,[a-z]{1,5}){0,3}"),
}


@pytest.mark.parametrize(("text_format", "pattern"), FORMATS.values(), ids=FORMATS.keys())
def test_the_first_attempt_follows_the_format(generator: Generator, text_format: Any, pattern: str) -> None:
    """Greedy and sampled."""
    for sampling in [{"temperature": 0.0}, *({"temperature": 1.0, "seed": seed} for seed in SEEDS)]:
        result = generator.result(text_format, "the document", sampling={**sampling, "max_tokens": 64})
        assert re.fullmatch(pattern, result.data)
        assert [(a.strategy, a.status) for a in result.attempts] == [("constrained", "valid")]


VALUES: list[Any] = [
    pytest.param(Literal["a", "b"], str, id="literal"),
    pytest.param(Colour, Colour, id="enum"),
    pytest.param(bool, bool, id="bool"),
    pytest.param(re.compile(r"[0-9]{4}-[0-9]{2}"), str, id="pattern"),
    pytest.param(tuple[bool, Colour], tuple, id="tuple"),
]


@pytest.mark.parametrize(("annotation", "kind"), VALUES)
def test_a_scalar_root_has_its_type(generator: Generator, annotation: Any, kind: type) -> None:
    """Nothing but the value is written."""
    for seed in SEEDS:
        value = generator.extract(
            annotation, "the document", sampling={"temperature": 1.0, "seed": seed, "max_tokens": 64}
        )
        assert isinstance(value, kind)


NUMBERS = {"int": int, "float": float, "list": list[int], "union": int | None}


@pytest.mark.parametrize("annotation", NUMBERS.values(), ids=NUMBERS.keys())
@pytest.mark.parametrize("temperature", [0.0, 1.0], ids=["greedy", "sampled"])
def test_no_answer_dies_in_digits(generator: Generator, annotation: Any, temperature: float) -> None:
    """Every number ends by its limit, and a warning tells of one that reached it."""
    for seed in SEEDS:
        result = generator.result(
            annotation,
            "the document",
            sampling={"temperature": temperature, "seed": seed, "max_tokens": 400},
            limits={"max_digits": 12, "max_items": 5, "max_attempts": 1},
        )
        numbers = result.data if isinstance(result.data, list) else [result.data]
        digits = [sum(map(str.isdigit, str(number))) for number in numbers]
        assert max(digits, default=0) <= 12 + ("e" in str(numbers))
        reached = any(
            size >= 12 and isinstance(n, int) and n is not True
            for size, n in zip(digits, numbers, strict=True)
        )
        codes = [warning.code for warning in result.warnings]
        assert not reached or "limit-reached" in codes


def test_items_of_a_random_model_are_those_of_its_list(generator: Generator) -> None:
    """They come one by one, and are valid."""
    schema = {"type": "array", "items": {"enum": ["a", "b", 1]}, "minItems": 2, "maxItems": 6}
    for seed in SEEDS:
        sampling = {"temperature": 1.0, "seed": seed, "max_tokens": 100}
        items = list(generator.iter_extract(schema, "the document", sampling=sampling))
        assert items == generator.extract(schema, "the document", sampling=sampling)
        assert 2 <= len(items) <= 6


def test_a_retry_keeps_the_delivered_items(generator: Generator) -> None:
    """Its grammar begins with them: `uniqueItems` is validated only, so that attempts fail."""
    schema = {
        "type": "array",
        "items": {"enum": list(range(6))},
        "uniqueItems": True,
        "minItems": 3,
        "maxItems": 4,
    }
    for seed in SEEDS:
        sampling = {"temperature": 1.0, "seed": seed, "max_tokens": 60}
        items = list(
            generator.iter_extract(schema, "the document", sampling=sampling, limits={"max_attempts": 10})
        )
        assert len(set(items)) == len(items) >= 3
