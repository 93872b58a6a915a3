"""The package exports exactly the promised names and imports each one on first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import structgen

PROMISED = [
    "AsyncClient",
    "Client",
    "Generator",
    "Grammar",
    "Schema",
    "__version__",
    "errors",
    "ground",
    "read_file",
    "repair",
]
HEAVY = ("torch", "litestar", "httpx", "jsonschema", "pydantic")


def test_exactly_the_promised_names() -> None:
    """`structgen.__all__` holds exactly the promised names, and each can be imported."""
    assert sorted(structgen.__all__) == PROMISED
    assert dir(structgen) == PROMISED
    assert all(getattr(structgen, name) for name in PROMISED)


def test_other_names_are_not_there() -> None:
    """A misspelt name raises AttributeError, as in any module."""
    with pytest.raises(AttributeError, match="Cleint"):
        structgen.Cleint  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "light"),
    [("import structgen", HEAVY), ("from structgen import Client", ("torch", "litestar", "jsonschema"))],
    ids=["the package", "a client"],
)
def test_imports_are_lazy(statement: str, light: tuple[str, ...]) -> None:
    """Importing the package, or a client, imports no model and no server."""
    script = f"import sys; {statement}; print([m for m in {light!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
