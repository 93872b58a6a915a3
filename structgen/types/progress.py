"""How much of a long document is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from structgen.types.json_members import typed


@dataclass(frozen=True, slots=True)
class Progress:
    """More of a document that is read in segments is done."""

    segments_done: int
    segments: int
    """Segments of the document; those that are asked again do not count anew."""
    rows: int
    """Items of all lists so far."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the members on the wire; raise `KeyError` or `TypeError` for anything else."""
        return cls(typed(int, data["segments_done"]), typed(int, data["segments"]), typed(int, data["rows"]))


OnProgress: TypeAlias = Callable[[Progress], object]
"""Receives the progress of a document that is read in segments."""
