"""The lines of a text as cells, and the column of a header that a cell stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from structgen.parsing.coercion.number_text import CURRENCY

_MONEY = rf"(?:{CURRENCY.replace('(?![A-Za-z])', '')})"
_BARE = re.compile(
    rf"\(?[ ]?[-+]?[ ]?{_MONEY}?[ ]?[-+]?\d[\d.,' \u00a0]*-?[ ]?{_MONEY}?[ ]?\)?[*†‡]?", re.IGNORECASE
)
_YEAR = re.compile(r"(?:FY[ ]?)?(?:19|20)\d\d")
_CELLS = {"|": re.compile(r"[^|]+"), "\t": re.compile(r"[^\t]+"), ";": re.compile(r"[^;]+")}
_SPACED = re.compile(r"\S+(?:[ \u00a0]\S+)*")
"""A cell of a line whose cells stand apart by two spaces or more."""


class Cell(NamedTuple):
    """A half-open range of the text, without the space around it."""

    start: int
    end: int


class Row(NamedTuple):
    """The cells of a line that begins at an offset, and what stands between them: ` ` for several spaces."""

    begin: int
    cells: Sequence[Cell]
    delimiter: str


def row_of(text: str, begin: int, end: int) -> Row:
    """Return the cells of a line; between delimiters, cells without text count too."""
    delimiter = next((each for each in _CELLS if text.find(each, begin, end) >= 0), " ")
    if delimiter == " ":
        return Row(begin, [Cell(*match.span()) for match in _SPACED.finditer(text, begin, end)], " ")
    cells, first = [], begin
    while first <= end:
        last = text.find(delimiter, first, end)
        last = end if last < 0 else last
        cells.append(_stripped(text, first, last))
        first = last + 1
    if delimiter == "|":  # a line of Markdown has one at either end
        cells = cells[text[begin:end].lstrip().startswith("|") :]
        cells = cells[: len(cells) - text[begin:end].rstrip().endswith("|")]
    return Row(begin, cells, delimiter)


def _stripped(text: str, first: int, last: int) -> Cell:
    inner = text[first:last]
    start = first + len(inner) - len(inner.lstrip())
    return Cell(start, start + len(inner.strip()))


def column_of(header: Row, row: Row, at: int) -> int | None:
    """Return the cell of a header that stands above a cell of a row; None where that is not sure."""
    missing = len(row.cells) - len(header.cells)
    if header.delimiter != " ":  # the first column may have no title
        return at - missing if missing in (0, 1) and at >= missing else None
    left, right = row.cells[at].start - row.begin, row.cells[at].end - row.begin
    above = [
        number
        for number, cell in enumerate(header.cells)
        if cell.start - header.begin < right and left < cell.end - header.begin
    ]
    if len(above) == 1:
        return above[0]
    return at if not above and not missing else None


def is_bare(text: str, cell: Cell) -> bool:
    """Say whether a cell is a number without a unit of its own, but for a currency."""
    return _BARE.fullmatch(text, *cell) is not None


def is_year(text: str, cell: Cell) -> bool:
    """Say whether a cell is a year."""
    return _YEAR.fullmatch(text, *cell) is not None
