"""How lines with cells one blank apart begin, and the values that they end with."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from structgen.longdoc.layout.anchors import label_of
from structgen.longdoc.layout.cells import CellKind, cell_kind, date_at
from structgen.longdoc.layout.line_words import is_note, is_page_number, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines

LONGEST_ROW = 240
"""Characters of a line of cells; longer lines are prose."""
MOST_VALUES = 8
_DIGIT = re.compile(r"\d")
_UNIT = re.compile(r"[A-Z]{3}|[$€£¥₹₽₪元円%]|CR|DR|Cr|Dr|kr|zł|Fr\.?")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|2[01])\d\d(?!\d)")
_MONTHS: Final = frozenset(
    "jan feb mar apr may jun jul aug sep oct nov dec mär mai okt dez fév avr jui aoû ene abr ago dic".split()
)
_MARKS: Final = frozenset({"<", ">", "≤", "≥", "±", "~", "x", "×", "*", "@"})
"""Marks beside values."""
_DASHES: Final = frozenset({"-", "–", "—", "n/a", "N/A"})


@dataclass(frozen=True, slots=True)
class LineShape:
    """How a line begins, and the kinds of the values that it ends with, from left to right."""

    lead: CellKind
    values: tuple[CellKind, ...]
    has_words: bool = True
    """Whether anything but values stands in the line."""

    def ends_like(self, values: tuple[CellKind, ...]) -> bool:
        """Return whether the line ends with values of these kinds."""
        return len(self.values) >= len(values) and self.values[len(self.values) - len(values) :] == values


def line_shapes(lines: Lines, apart: Collection[int]) -> list[LineShape | None]:
    """Return the shape of each line; None for one without values or with other separators.

    Sums, balances, notes, rules, page numbers and lines that are `apart`, such as page footers, are no rows.
    """
    return [None if line in apart else line_shape(lines[line]) for line in range(len(lines))]


def line_shape(text: str) -> LineShape | None:
    """Return the shape of a line; None where it is no row of cells one blank apart."""
    if len(text) < 2 or len(text) > LONGEST_ROW or not _DIGIT.search(text):
        return None
    if "  " in text or "\t" in text or "|" in text:
        return None
    if (
        is_summary(text)
        or is_note(text)
        or is_rule(text)
        or is_page_number(text)
        or label_of(text) is not None
    ):
        return None
    lead = _lead(text)
    values, has_words = _values(text)
    if lead == "words" and not values:
        return None
    return LineShape(lead, values, has_words)


def _lead(text: str) -> CellKind:
    if _date_end(text):
        return "date"
    kind = cell_kind(text.partition(" ")[0])
    return "words" if kind == "empty" else kind


def _date_end(text: str) -> int:
    """Return the end of the date that a text begins with; a word is a month by its name or beside a year.

    Otherwise `3 nuts 17` were a date.
    """
    end = date_at(text)
    words = _WORDS.search(text, 0, end)
    if words is None or _YEAR.search(text, 0, end) or words.group()[:3].casefold() in _MONTHS:
        return end
    return 0


def _values(text: str) -> tuple[tuple[CellKind, ...], bool]:
    """Return the kinds of the values at the end of a line, and whether words stand before them."""
    values: list[CellKind] = []
    tokens = text.split(" ")
    while tokens and len(values) < MOST_VALUES:
        token = tokens.pop()
        if token in _DASHES:
            values.append("number")
            continue
        if token in _MARKS:
            continue
        kind = cell_kind(token)
        if kind in {"number", "date", "time"}:
            if tokens and _YEAR.fullmatch(token) and _date_end(" ".join([*tokens[-2:], token])):
                kind = "date"  # in words: `3 May 2024`
                del tokens[-2:]
            values.append(kind)
            if tokens and _UNIT.fullmatch(tokens[-1]):
                tokens.pop()
        elif _UNIT.fullmatch(token) and tokens and cell_kind(tokens[-1]) == "number":
            continue
        else:
            return tuple(reversed(values)), True
    return tuple(reversed(values)), bool(tokens)
