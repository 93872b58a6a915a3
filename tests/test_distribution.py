"""The distribution has a free name, and its wheel is complete and typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import structgen
from structgen.distribution import NAME, VERSION, install_command

ROOT = Path(__file__).parents[1]
TEXTS = [".ci/run", ".md", ".py", ".toml", "Makefile", "Dockerfile", ".yaml", ".html", ".sh", ".cfg", ".txt"]
IGNORED = {".git", ".venv", ".venv-vllm", "build", "dist", "runs"}


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"])


def texts() -> list[Path]:
    """Return every text file of the project that may hold an install command."""
    tops = [path for path in ROOT.iterdir() if path.name not in IGNORED]
    files = [file for top in tops for file in ([top] if top.is_file() else top.rglob("*"))]
    return [file for file in files if file.is_file() and str(file).endswith(tuple(TEXTS))]


def names_another_project(line: str) -> bool:
    """Return whether the line installs the distribution `structgen`, another project, or an extra of it."""
    return bool(
        re.search(r"""pip install\b[^#]*?[\s'"`]structgen(?![-\w/.])""", line)
        or re.search(r"""(?<![-\w/.])structgen\[[a-z,]+\]""", line)
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the files that the images copy."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    copied = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for name in copied:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, source / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(out),
    ]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (built,) = out.iterdir()
    return built


def test_the_distribution_is_not_the_other_project() -> None:
    """The distribution is not called `structgen`, and package and metadata have one version."""
    assert project()["name"] == NAME != "structgen"
    assert structgen.__version__ == VERSION


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("pip install 'structgen[vllm]'", True),
        ("pip install structgen", True),
        ("pip install -U structgen # the service", True),
        ("    'structgen[local,outlines]',", True),
        ("pip install 'structgen-server[vllm]'", False),
        ("pip install '.[local]'", False),
        ("pip install dist/structgen_server-0.1.0-py3-none-any.whl", False),
        ("pip install -e . # then: structgen serve", False),
    ],
)
def test_lines_that_install_the_other_project_are_known(line: str, wrong: bool) -> None:
    assert names_another_project(line) == wrong


def test_no_text_installs_the_other_project() -> None:
    """No document, error, image, Makefile or metadata installs the other project."""
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {line}"
        for path in texts()
        if path != Path(__file__) and not path.parent.name.endswith(".egg-info")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if names_another_project(line)
    ]
    assert wrong == []


def test_every_extra_that_an_error_names_exists() -> None:
    """Every extra that a MissingExtra error names exists, and the message holds the whole install command."""
    named = {
        extra
        for path in (ROOT / "structgen").rglob("*.py")
        for extras in re.findall(r"(?:MissingExtra|_needing)\(\"([\w,]+)\"", path.read_text("utf-8"))
        for extra in extras.split(",")
    }
    assert named
    assert named <= set(project()["optional-dependencies"])
    error = structgen.errors.MissingExtra("local", ImportError("No module named 'torch'"))
    assert "No module named 'torch'" in str(error)
    assert str(error).endswith(install_command("local"))


def test_a_wheel_has_all_that_runs(wheel: Path) -> None:
    """The wheel holds the package with its type marker, schemas, model and documentation page, and nothing else."""
    assert wheel.name.startswith(f"{NAME.replace('-', '_')}-{VERSION}-")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"structgen"}
    assert {
        "structgen/py.typed",
        "structgen/schemas/invoice.json",
        "structgen/models/structgen-demo-8m/model.safetensors",
        "structgen/server/static/docs.html",
    } <= names


def test_types_are_seen_from_outside_the_checkout(tmp_path: Path) -> None:
    """mypy sees the types of the documented editable install from a file outside of the checkout.

    The files of `tests/typing` tell which type each call gives; here nothing but the installation helps.
    """
    callers = [Path(shutil.copy(file, tmp_path)).name for file in (ROOT / "tests/typing").glob("*.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", "cache", *callers]
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "MYPYPATH")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert (done.stdout + done.stderr) == f"Success: no issues found in {len(callers)} source files\n"
