"""A tiny model of random weights, with Hermes 4's special tokens."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Hugging Face folder; the hardest judge of a grammar is a model that knows nothing."""
    pytest.importorskip("torch", reason="needs the extra `local`")
    from structgen.embedded.architecture import write_random

    folder = tmp_path_factory.mktemp("random") / "model"
    write_random(folder)
    return folder
