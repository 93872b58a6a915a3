"""The programs in `examples/clients/` print what stands beside them, with the shipped model."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from client_process import KEY, surroundings

EXAMPLES = Path(__file__).parents[2] / "examples" / "clients"
PROGRAMS = sorted(path.stem for path in EXAMPLES.glob("with_*.py"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_example_prints_its_output(
    name: str, environments: Path, shipped_service: str, tmp_path: Path
) -> None:
    """`with_NAME.py` runs in its client's environment and prints `with_NAME.out`."""
    folder = environments / name.removeprefix("with_").replace("_", "-")
    done = subprocess.run(
        [str(folder / "bin" / "python"), str(EXAMPLES / f"{name}.py")],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env=surroundings(tmp_path, BASE_URL=shipped_service, API_KEY=KEY),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == (EXAMPLES / f"{name}.out").read_text("utf-8")
