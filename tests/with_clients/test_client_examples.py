"""The programs in `examples/clients/` print what stands beside them, with the shipped model."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from client_cells import EXAMPLES
from client_process import KEY, surroundings

ROOT = EXAMPLES.parents[1]
PROGRAMS = [*sorted(EXAMPLES.glob("with_*.py")), *sorted((EXAMPLES / "javascript").glob("*.mjs"))]


def command(program: Path, environments: Path) -> list[str]:
    """Return the command that runs the program in its client's environment."""
    if program.suffix == ".mjs":
        folder = environments / "javascript"
        return [str(folder / "bin" / "node"), str(folder / program.name)]
    folder = environments / program.stem.removeprefix("with_").replace("_", "-")
    return [str(folder / "bin" / "python"), str(program)]


@pytest.mark.slow
@pytest.mark.sockets
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_an_example_prints_its_output(
    program: Path, environments: Path, shipped_service: str, tmp_path: Path
) -> None:
    """The program prints what the file `.out` beside it has."""
    done = subprocess.run(
        command(program, environments),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=surroundings(tmp_path, BASE_URL=shipped_service, API_KEY=KEY),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == program.with_suffix(".out").read_text("utf-8")
