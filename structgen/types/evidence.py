"""Evidence: where a value stands in its source, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast, get_args

from structgen.types.json_members import typed
from structgen.types.wire_fields import WireValue

MatchKind = Literal["exact", "normalised", "value", "fuzzy", "none"]
"""How the text of the source says the value.

- `exact`: the same characters;
- `normalised`: the same words, but for case, space, width, accents, or a hyphen at a line's end;
- `value`: the same number, date, choice or truth in another notation;
- `fuzzy`: words at a bounded edit distance;
- `none`: the source does not say it.
"""
MATCH_KINDS: tuple[MatchKind, ...] = get_args(MatchKind)
Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle of a page, in points from the page's upper left corner."""


@dataclass(frozen=True, slots=True)
class Evidence(WireValue):
    """The place of one scalar value in the source, and the signals of how sure the value is."""

    kind: MatchKind = field(metadata={"description": "How the text at the place says the value."})
    start: int | None = field(
        default=None,
        metadata={"description": "First code point of the place in the source; null for kind none."},
    )
    end: int | None = field(default=None, metadata={"description": "Code point after the last one."})
    candidates: int = field(
        default=0, metadata={"description": "Places of the source that say the value equally well."}
    )
    page: int | None = field(default=None, metadata={"description": "Page of the place, from 1."})
    box: Box | None = field(default=None, metadata={"description": "Rectangle of the page, in points."})
    score: float | None = field(
        default=None,
        metadata={"description": "0 to 1: ranks values by how sure they are. Not a probability."},
    )
    confidence: float | None = field(
        default=None,
        metadata={"description": "Probability that the value is right; only after a calibration."},
    )
    signals: Mapping[str, float] | None = field(
        default=None, metadata={"description": "The signals of the score by their names."}
    )

    def with_signals(self, signals: Mapping[str, float] | None, score: float | None) -> Self:
        """Return the evidence with other signals and another score."""
        place = self.kind, self.start, self.end, self.candidates, self.page, self.box
        return type(self)(*place, score, self.confidence, signals)

    def to_json(self) -> dict[str, Any]:
        """Return the members on the wire, without those that are not known."""
        body: dict[str, Any] = {"kind": self.kind, "candidates": self.candidates}
        for name in ("start", "end", "page", "score", "confidence"):
            if (member := getattr(self, name)) is not None:
                body[name] = member
        if self.box is not None:
            body["box"] = list(self.box)
        if self.signals is not None:
            body["signals"] = dict(self.signals)
        return body

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the members on the wire; raise `KeyError` or `TypeError` for anything else."""
        box, signals = data.get("box"), data.get("signals")
        kind = typed(str, data["kind"])
        if kind not in MATCH_KINDS:
            raise TypeError(f"an unknown kind of match: {kind!r:.60}")
        return cls(
            kind,
            start=_optional(int, data.get("start")),
            end=_optional(int, data.get("end")),
            candidates=typed(int, data["candidates"]),
            page=_optional(int, data.get("page")),
            box=None if box is None else cast(Box, tuple(float(edge) for edge in typed(list, box))),
            score=_optional((int, float), data.get("score")),
            confidence=_optional((int, float), data.get("confidence")),
            signals=None if signals is None else dict(typed(dict, signals)),
        )


def _optional(kind: Any, value: Any) -> Any:
    return None if value is None else typed(kind, value)
