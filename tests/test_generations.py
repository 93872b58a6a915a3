"""For every shipped schema, whatever a model of random weights says at temperature 1 is valid, or told to be cut."""

from pathlib import Path

import pytest

from structgen.errors import Incomplete
from structgen.generator import Generator
from structgen.schema import Registry
from structgen.types import Limits, Sampling

pytest.importorskip("torch", reason="needs the extra `local`")

REGISTRY = Registry()


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    """A random model in process."""
    from structgen.embedded.architecture import write_random

    folder: Path = tmp_path_factory.mktemp("judge") / "model"
    write_random(folder)
    return Generator(folder)


@pytest.mark.parametrize("name", REGISTRY.names())
def test_a_random_model_is_kept_valid(generator: Generator, name: str) -> None:
    """Two seeds each; the benchmark runs fifty."""
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


def test_the_generator_is_closed(generator: Generator) -> None:
    """Nothing is left running."""
    generator.close()
