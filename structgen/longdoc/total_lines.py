"""The amounts of a line, each with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from structgen.parsing.coercion.number_text import read_number

_AMOUNT = re.compile(r"(?<![\w.,])[-+−(]?[$€£¥]?\d(?:[\d.,'’\u00a0\u202f]*\d)?\)?(?![\w])(?!%| %)")
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_DELIMITERS = "|\t;"


@dataclass(frozen=True)
class Amount:
    """A number of a line."""

    start: int
    column: int
    """The offset of its end in the line: numbers of a column end together."""
    cell: tuple[str, int] | None
    """The delimiter of the line's cells, and the index of the amount's cell; None for a line without any."""
    readings: tuple[Decimal, ...]
    """The numbers that it may mean, the likeliest first."""


def amounts(line: str) -> list[Amount]:
    """Return the numbers of a line in order."""
    delimiter = next((one for one in _DELIMITERS if one in line), None)
    found = []
    for match in _AMOUNT.finditer(line):
        reading = read_number(match[0], integer=False)
        if reading is None:
            continue
        numbers = tuple(Decimal(str(number)) for number in (reading.value, *reading.alternatives))
        cell = None if delimiter is None else (delimiter, line.count(delimiter, 0, match.start()))
        column = match.end() - match[0].endswith(")")
        found.append(Amount(match.start(), column, cell, numbers))
    return found


def same_column(one: Amount, other: Amount) -> bool:
    """Return whether two amounts stand in one column: of cells, or by the offset of their ends."""
    if one.cell is not None or other.cell is not None:
        return one.cell == other.cell
    return one.column == other.column


def words(text: str) -> set[str]:
    """Return the words of a label or a name, in lower case and without a plural's s."""
    return {word.lower().removesuffix("s") for word in _WORD.findall(text) if len(word) > 2}
