"""A tiny model of random weights, with Hermes 4's special tokens; and a server of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from compatible import Compatible, serving


@pytest.fixture(scope="session")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a model of random weights to a folder: it tests a grammar hardest."""
    pytest.importorskip("torch", reason="needs the extra `local`")
    from training.architecture import write_random

    folder = tmp_path_factory.mktemp("random") / "model"
    write_random(folder)
    return folder


@pytest.fixture(scope="session")
def compatible_url(random_model: Path) -> Iterator[str]:
    """An OpenAI-compatible server whose grammars are those of the local engine."""
    from structgen.engines import open_engine

    with serving(Compatible(open_engine("local", str(random_model)), honours=("response_format",))) as url:
        yield url


@pytest.fixture
def compatible() -> Iterator[Callable[..., str]]:
    """Starts servers that end with the test: `compatible(app)` gives the API's address."""
    with ExitStack() as stack:
        yield lambda app, port=0: stack.enter_context(serving(app, port))
