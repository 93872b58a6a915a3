"""A model of random weights at temperature 1 gives a valid or an `incomplete` result for every shipped schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from structgen.errors import Incomplete
from structgen.generator import Generator
from structgen.schema import Registry
from structgen.types import Limits, Sampling

pytest.importorskip("torch", reason="needs the extra `local`")

REGISTRY = Registry()


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generator]:
    """Yield a generator on a model of random weights."""
    from training.architecture import write_random

    folder: Path = tmp_path_factory.mktemp("judge") / "model"
    write_random(folder)
    with Generator(folder) as generator:
        yield generator


@pytest.mark.parametrize("name", REGISTRY.names())
def test_a_random_model_is_kept_valid(generator: Generator, name: str) -> None:
    """Two seeds for each schema give valid or incomplete results; the benchmark runs fifty."""
    schema, valid = REGISTRY.get(name), 0
    for seed in range(2):
        sampling = Sampling(temperature=1.0, seed=seed, max_tokens=2500)
        try:
            result = generator.result(schema, "x", sampling=sampling, limits=Limits(max_attempts=1))
        except Incomplete:
            continue
        assert schema.violations(result.data) == []
        valid += 1
    assert valid, "neither generation came to its end"
