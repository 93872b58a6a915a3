"""What reading a broken text gives: the value, every fix with its place, and where the text was cut."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from structgen.types import RISKS as RISKS
from structgen.types import Risk as Risk

GUESSED = frozenset(
    "cut bracket missing-value unquoted-end prose several-values ellipsis second-opinion encoding function "
    "grouped-number".split()
)
"""Kinds of fixes that took a guess, or could not keep all (`encoding`, `function`: its name is lost)."""
COERCED = frozenset({"unquoted", "number-word"})
"""Kinds that take a text, or a word such as NaN, for a string. All others lose nothing."""


class Unreadable(ValueError):
    """No value can honestly be read; `at` is a place in the text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(f"{message} at position {at}")
        self.at = at


class Fix(NamedTuple):
    """A syntactic repair: `text` stands in place of what the given text has from `start` to `end`.

    Positions are code points, half-open. (A named tuple, as all that a parser makes many of.)
    """

    kind: str
    start: int
    end: int
    text: str = ""

    @property
    def risk(self) -> Risk:
        if self.kind in COERCED:
            return "coerced"
        return "inferred" if self.kind in GUESSED else "lossless"

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "start": self.start, "end": self.end, "text": self.text}


_NO_SPANS: Mapping[int, tuple[int, int]] = MappingProxyType({})


class Reading(NamedTuple):
    """A value read from `start` to `end` of a text. `cut_at` is the pointer of the cut, None where whole."""

    value: Any
    start: int
    end: int
    fixes: tuple[Fix, ...] = ()
    cut_at: str | None = None
    removed: tuple[tuple[str, Any], ...] = ()
    """Pointers of keys that stood twice, and the values that the last one replaced."""

    spans: Mapping[int, tuple[int, int]] = _NO_SPANS
    """Where each of its containers stands in the text, by `id`."""

    @property
    def risk(self) -> Risk:
        if self.removed:  # which of the two was meant
            return "inferred"
        return max((fix.risk for fix in self.fixes), key=RISKS.index, default="lossless")


def moved(reading: Reading, by: int) -> Reading:
    """The reading of a part of a text that begins there."""
    fixes = tuple(fix._replace(start=fix.start + by, end=fix.end + by) for fix in reading.fixes)
    spans = {key: (start + by, end + by) for key, (start, end) in reading.spans.items()}
    return reading._replace(start=reading.start + by, end=reading.end + by, fixes=fixes, spans=spans)
