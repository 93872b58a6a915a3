"""What a model says of itself: its name, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen import json_text
from structgen.errors import ConfigError

FILE = "structgen.json"
"""The card's file in a model's folder. A folder without it has an empty card."""
_GENERIC = frozenset({"", "model", "checkpoint", "hf", "weights", "final"})
"""Names of folders that say nothing of the model."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """`note` is what users should know; with `demo` every result carries it as a warning."""

    name: str = ""
    demo: bool = False
    note: str = ""
    characters: frozenset[str] | None = None
    """The characters that training showed: the model cannot read any other. None where that is not known."""
    least_probability: float | None = None
    """A value below this probability earns a warning; None asks for no probabilities."""

    @property
    def warning(self) -> str:
        """What users of a demo model should know, in a sentence."""
        return f"{self.name} is a demo model: {self.note}" if self.demo else ""


def read_card(source: str | Path) -> ModelCard:
    """Read the card in a model's folder; an empty one with the model's name where there is none."""
    folder = Path(source)
    given = _read(folder / FILE)
    least, characters = given.get("least_probability"), given.get("characters")
    return ModelCard(
        str(given.get("name") or model_name(source)),
        bool(given.get("demo", False)),
        str(given.get("note", "")),
        None if characters is None else frozenset(characters),
        None if least is None else float(least),
    )


def model_name(source: str | Path) -> str:
    """Name the model of a folder: `.` and links are followed, and what is cached bears its origin's name.

    A folder whose name says nothing gets that of its origin (`_name_or_path`), else of the folder above.
    """
    folder = Path(source)
    if not folder.is_dir():
        return folder.name
    folder = folder.resolve()
    for part in folder.parts:
        if part.startswith("models--"):  # the cache of the Hugging Face hub
            return part.removeprefix("models--").replace("--", "/")
    if folder.name.lower() not in _GENERIC:
        return folder.name
    origin = str(_read(folder / "config.json").get("_name_or_path") or "").rstrip("/")
    name = origin.rsplit("/", 1)[-1]
    return name if name.lower() not in _GENERIC | {".", ".."} else folder.parent.name or folder.name


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        found = json_text.loads(file.read_bytes())
    except (json_text.JsonFault, OSError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    return found if isinstance(found, dict) else {}
