"""The table of clients × features: every client's cells, read from its files without importing them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS, REQUIREMENTS, JAVASCRIPT = HERE / "scripts", HERE / "requirements", HERE / "javascript"
EXAMPLES = HERE.parents[1] / "examples" / "clients"
FEATURES = {
    "models": "models",
    "text": "text",
    "typed": "typed object",
    "json": "JSON object",
    "tools": "tools",
    "stream": "stream",
    "constraint": "regex, choice, grammar",
    "sampling": "n, seed, logprobs",
    "usage": "usage",
    "errors": "errors",
    "length": "cut by length",
}
"""The columns of the table, with their headings."""
_CELL = re.compile(r'^@cell\("(\w+)", "([^"]+)"\)$', re.MULTILINE)
_PIN = re.compile(r"^([\w.-]+)(?:\[\w+\])?==(\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Client:
    """A client, its environment and how its process starts in there."""

    name: str
    releases: tuple[str, ...]
    """What is pinned: `NAME VERSION`."""
    environment: str
    command: tuple[str, ...]
    cells: tuple[str, ...]
    """`FEATURE-MODE`, in the order of the files."""

    def modes(self, feature: str) -> list[str]:
        """Return the modes in which the tests try a feature."""
        split = (cell.split("-", 1) for cell in self.cells)
        return [mode for name, mode in split if name == feature]


def clients() -> list[Client]:
    """Return every client that has cells here, those in Python first."""
    return [*_python_clients(), *_javascript_clients()]


def _python_clients() -> list[Client]:
    found = []
    for pins in sorted(REQUIREMENTS.glob("*.txt")):
        prefix = pins.stem.replace("-", "_")
        modules = sorted(SCRIPTS.glob(f"{prefix}_*.py"))
        cells = ["-".join(cell) for path in modules for cell in _CELL.findall(path.read_text("utf-8"))]
        first = pins.read_text("utf-8").split("\n\n", 1)[0]
        releases = tuple(" ".join(pin) for pin in _PIN.findall(first))
        command = ("bin/python", str(SCRIPTS / "run.py"), prefix)
        found.append(Client(pins.stem, releases, pins.stem, command, tuple(cells)))
    return found


def _javascript_clients() -> list[Client]:
    """Return the clients that `javascript/cells.json` declares."""
    declared = JAVASCRIPT / "cells.json"
    if not declared.exists():
        return []
    found = []
    for name, row in json.loads(declared.read_text("utf-8")).items():
        command = ("bin/node", row["script"])
        found.append(Client(name, tuple(row["releases"]), "javascript", command, tuple(row["cells"])))
    return found
