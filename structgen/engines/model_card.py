"""Model card: a model's name, and how far its answers can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from structgen import json_text
from structgen.errors import ConfigError

CARD_FILE = "structgen.json"
"""Name of the card's file in a model's folder; without it the card is empty."""
_GENERIC = frozenset({"", "model", "checkpoint", "hf", "weights", "final"})
"""Folder names that do not identify a model."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A card; with `demo` every result carries `note` as a warning."""

    name: str = ""
    demo: bool = False
    note: str = ""
    characters: frozenset[str] | None = None
    """Characters of the training data: the model cannot read others. None where they are unknown."""
    least_probability: float | None = None
    """Probability below which a value gets a warning; None for no such warnings."""
    rows_per_segment: int | None = None
    """Rows of a list that the model reads well at once, as `structgen model profile` found; None: unknown."""
    segment_tokens: int | None = None
    """Tokens of a document that the model reads well at once; None: unknown."""

    @property
    def warning(self) -> str:
        """Warning for users of a demo model, "" for others."""
        return f"{self.name} is a demo model: {self.note}" if self.demo else ""


def read_card(source: str | Path) -> ModelCard:
    """Read the card in a model's folder; without one, return an empty card with the model's name."""
    folder = Path(source)
    given = _read(folder / CARD_FILE)
    least, characters = given.get("least_probability"), given.get("characters")
    return ModelCard(
        str(given.get("name") or model_name(source)),
        bool(given.get("demo", False)),
        str(given.get("note", "")),
        None if characters is None else frozenset(characters),
        None if least is None else float(least),
        _count(given, "rows_per_segment", folder),
        _count(given, "segment_tokens", folder),
    )


def _count(card: dict[str, Any], name: str, folder: Path) -> int | None:
    count = card.get(name)
    if count is None or (type(count) is int and count > 0):
        return count
    raise ConfigError(f"{folder / CARD_FILE}: {name} must be a whole number above 0")


def model_name(source: str | Path) -> str:
    """Derive a model's name from its folder, with `.` and links resolved.

    A folder of the hub's cache gets the model's name there. A folder with a generic name gets that of its
    origin (`_name_or_path`), else of the folder above.
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
        card = json_text.loads(file.read_bytes())
    except (json_text.JsonError, OSError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    return card if isinstance(card, dict) else {}
