"""Find the bare numbers whose column, row or table has a title with a unit: per cent, thousands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from structgen.evidence.grounding.numbers_rows import Cell, Row, column_of, is_bare, is_year, row_of
from structgen.evidence.grounding.numbers_units import hints, power_of

_LINE = re.compile(r"[^\n\r\f]+")
_LABELLED = re.compile(r"[ \t]*([^:]*[^:\s])[ ]?:[ \t]*([^:]*[^:\s])\s*")
_STATED = re.compile(r"\b(?:in|en|em|i|w|в)\b|[(\[（]|単位|单位|單位|단위|^\W+$", re.IGNORECASE)
_OTHERS = re.compile(
    r":\s*\S*\d|\b(?:except|excluding|unless|other|ausser|außer|sauf|salvo|excepto|tenzij)\b", re.IGNORECASE
)
"""Stands in no title of a whole table: a value, or what the title does not count for."""
_MAX_LINE, _MAX_WORDS = 2_000, 6
"""Characters of a line that are read; words of a line that is the title of a whole table."""
_WHOLE = -1
"""Stands for all columns behind the first one."""


class Titles:
    """The powers of ten that titles give the bare numbers of a text with folded characters.

    Headers are found at first, in linear time; the cells of a line are read when a number of it is asked for.
    """

    def __init__(self, folded: str) -> None:
        self._text = folded
        self._hinted: defaultdict[int, list[int]] = defaultdict(list)
        self._headers: dict[int, tuple[Row, Mapping[int, int]]] = {}
        self._powers: dict[int, dict[Cell, int]] = {}
        offsets = sorted(set(hints(folded)))
        self._lines = [match.span() for match in _LINE.finditer(folded)] if offsets else []
        self._begins = [begin for begin, _ in self._lines]
        for offset in offsets:
            self._hinted[bisect_right(self._begins, offset) - 1].append(offset)
        for number in self._hinted:
            row = self._row(number)
            if columns := self._columns(row, self._hinted[number]):
                self._headers[number] = row, columns
        self._header_lines = list(self._headers)
        self._ends: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._hinted)

    def power(self, offset: int) -> int | None:
        """Return the power of the number at an offset; None where no title gives it one, or two differ."""
        number = bisect_right(self._begins, offset) - 1
        if number < 0:
            return None
        if number not in self._powers:
            self._powers[number] = self._of_line(number)
        found = self._powers[number].items()
        return next((power for cell, power in found if cell.start <= offset < cell.end), None)

    def _of_line(self, number: int) -> dict[Cell, int]:
        """Return the powers of the bare numbers of a line."""
        above = bisect_left(self._header_lines, number) - 1
        beside = {} if number in self._headers or number not in self._hinted else dict(self._beside(number))
        below = dict(self._below(self._header_lines[above], number)) if above >= 0 else {}
        return {
            cell: power
            for cell, power in (below | beside).items()
            if below.get(cell, power) == beside.get(cell, power)
        }

    def _row(self, number: int) -> Row:
        begin, end = self._lines[number]
        return row_of(self._text, begin, min(end, begin + _MAX_LINE))

    def _columns(self, row: Row, hinted: Sequence[int]) -> Mapping[int, int]:
        """Return the powers of the columns of a header; none for a line that is no header.

        A line by itself, or the first cell before years, is the title of the whole table.
        """
        numbers = [cell for cell in row.cells if is_bare(self._text, cell)]
        if any(not is_year(self._text, cell) for cell in numbers):
            return {}
        powers: dict[int, int] = {}
        for number, cell in enumerate(row.cells):
            is_hinted = any(cell.start <= offset < cell.end for offset in hinted)
            if is_hinted and (power := self._power(cell)) is not None:
                powers[number] = power
        if len(row.cells) == 1 or (numbers and list(powers) == [0]):
            return self._of_table(row.cells[0])
        return powers

    def _of_table(self, cell: Cell) -> Mapping[int, int]:
        """Return the power that the title of a whole table gives its columns."""
        title = self._text[slice(*cell)]
        is_short = len(title.split()) <= _MAX_WORDS and _STATED.search(title) is not None
        power = power_of(title) if is_short and not _OTHERS.search(title) else None
        return {} if power is None else {_WHOLE: power}

    def _beside(self, number: int) -> Iterator[tuple[Cell, int]]:
        """Yield the bare numbers behind a title on their own line."""
        cells = self._row(number).cells
        if len(cells) == 1 and (match := _LABELLED.fullmatch(self._text, *self._lines[number])):
            cells = [Cell(*match.span(1)), Cell(*match.span(2))]
        if len(cells) < 2 or is_bare(self._text, cells[0]) or (power := self._power(cells[0])) is None:
            return
        yield from ((cell, power) for cell in cells[1:] if is_bare(self._text, cell))

    def _below(self, above: int, number: int) -> Iterator[tuple[Cell, int]]:
        """Yield the bare numbers of a line below titles, which are on the line `above`."""
        header, columns = self._headers[above]
        row = self._row(number)
        is_whole = _WHOLE in columns
        if len(row.cells) < 2 or not (is_whole or row.delimiter == header.delimiter):
            return
        if self._table_end(above) < number:
            return
        for at, cell in enumerate(row.cells):
            column = (_WHOLE if at else None) if is_whole else column_of(header, row, at)
            power = None if column is None else columns.get(column)
            is_number = is_bare(self._text, cell) and not (is_whole and is_year(self._text, cell))
            if power is not None and is_number:
                yield cell, power

    def _table_end(self, header: int) -> int:
        """Return the last line below a header: a blank line, a page or another header ends its table."""
        if header not in self._ends:
            following = bisect_right(self._header_lines, header)
            stop = self._header_lines[following] if following < len(self._headers) else len(self._lines)
            rows = range(header + 2, stop)  # a blank line may stand before the first row
            self._ends[header] = next((row for row in rows if self._is_apart(row)), stop) - 1
        return self._ends[header]

    def _is_apart(self, number: int) -> bool:
        """Say whether a line stands behind a blank one, or on another page."""
        begin, end = self._lines[number]
        gap = self._text[self._lines[number - 1][1] : begin]
        return gap.count("\n") > 1 or "\f" in gap or self._text[begin:end].isspace()

    def _power(self, cell: Cell) -> int | None:
        return power_of(self._text[slice(*cell)])
