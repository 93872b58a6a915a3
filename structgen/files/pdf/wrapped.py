"""Rows of tables whose cells take several lines: one line of text for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from structgen.files.pdf.lines import Cell, Line, reads_leftwards

MAX_SPACE = 2.5
"""Space between two lines of one table, in heights of a line."""
MIN_STEP = 1.06
"""Distance between two rows, in distances of lines inside of a cell."""
MAX_LEADING = 1.4
"""Largest distance of lines inside of a cell, in the smallest distance of lines below one another."""
MIN_ROWS, MIN_RULED, MIN_CLOSED = 4, 3, 2
"""Rows of a table, the header included: without rules, with rules between, and with rules around each row."""
MIN_WIDTH = 0.6
"""Part of the width of a table that a rule between its rows covers."""
MIN_FILLED, MIN_SINGLE, MIN_TEXT = 0.7, 0.5, 0.8
"""Share of rows with two cells or more; of tall rows with a cell of one line; of tall cells with words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line on a page, as if its text were upright."""

    left: float
    right: float
    height: float
    """Vertical position."""


@dataclass(slots=True)
class _Piece:
    """One line of a cell."""

    cell: Cell
    top: float
    bottom: float
    column: int

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class _Row:
    pieces: list[_Piece]
    columns: dict[int, list[_Piece]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for piece in sorted(self.pieces, key=lambda piece: piece.middle):
            self.columns.setdefault(piece.column, []).append(piece)

    @property
    def is_tall(self) -> bool:
        return any(len(pieces) > 1 for pieces in self.columns.values()) or len(self._heights) > 1

    @property
    def _heights(self) -> set[int]:
        return {round(piece.middle) for piece in self.pieces}

    def line(self) -> Line:
        """Return the row as one line: the words of each cell one after another."""
        cells = [
            Cell([word for piece in self.columns[at] for word in piece.cell.words])
            for at in sorted(self.columns)
        ]
        return Line(cells, is_row=True)


def with_whole_rows(lines: Sequence[Line], rules: Sequence[Rule] = ()) -> list[Line]:
    """Return lines, those of a table's row as one where its cells take several lines."""
    joined: list[Line] = []
    for region in _regions(lines):
        joined += _joined(region, rules) or region
    return joined


def _regions(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines without a wide space between them."""
    region: list[Line] = []
    bottom = 0.0
    for line in lines:
        if region and line.top - bottom > MAX_SPACE * line.height:
            yield region
            region, bottom = [], line.bottom
        region.append(line)
        bottom = max(bottom, line.bottom) if len(region) > 1 else line.bottom
    if region:
        yield region


def _joined(region: list[Line], rules: Sequence[Rule]) -> list[Line] | None:
    """Return the lines of a region with its wrapped rows joined; None without a table of such rows."""
    columns = _columns(region)
    if len(columns) < 2 or any(reads_leftwards(line.words) for line in region):
        return None
    first, last = _table(region, columns)
    table = region[first:last]
    if len(table) < MIN_CLOSED:
        return None
    pieces = [_piece(cell, columns) for line in table for cell in line.cells]
    ruled, is_closed = _between_rules(pieces, rules)
    for rows, least in ((ruled, MIN_CLOSED if is_closed else MIN_RULED), (_by_space(pieces), MIN_ROWS)):
        if len(rows) >= least and _is_table(rows):
            return [*region[:first], *(row.line() for row in rows), *region[last:]]
    return None


def _columns(region: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the ranges of the columns: cells of lines with several cells, as far as they overlap."""
    spans = sorted((cell.left, cell.right) for line in region if len(line.cells) > 1 for cell in line.cells)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _table(region: Sequence[Line], columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """Return the range of the lines from the first to the last that may belong to the table."""
    fits = [all(_column(cell, columns) is not None for cell in line.cells) for line in region]
    wide = [index for index, line in enumerate(region) if len(line.cells) > 1]
    first, last = wide[0], wide[-1]
    while first > 0 and fits[first - 1] and _is_near(region[first - 1], region[first]):
        first -= 1
    while last + 1 < len(region) and fits[last + 1] and _is_near(region[last], region[last + 1]):
        last += 1
    return (first, last + 1) if all(fits[first : last + 1]) else (0, 0)


def _is_near(upper: Line, lower: Line) -> bool:
    """Return whether two lines stand as near as lines inside of a cell, in letters of one size."""
    alike = 0.8 < upper.height / max(lower.height, 0.1) < 1.25
    return alike and lower.top - upper.bottom < 0.6 * lower.height


def _column(cell: Cell, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the column of a cell; None for one that crosses several, or stands beside all."""
    over = [at for at, (left, right) in enumerate(columns) if cell.left < right and left < cell.right]
    return over[0] if len(over) == 1 else None


def _piece(cell: Cell, columns: Sequence[tuple[float, float]]) -> _Piece:
    top = min(word.upright[1] for word in cell.words)
    bottom = max(word.upright[3] for word in cell.words)
    return _Piece(cell, top, bottom, _column(cell, columns) or 0)


def _between_rules(pieces: Sequence[_Piece], rules: Sequence[Rule]) -> tuple[list[_Row], bool]:
    """Return the rows that rules across the table separate, and whether each has one above and one below."""
    left = min(piece.cell.left for piece in pieces)
    right = max(piece.cell.right for piece in pieces)
    heights = sorted(_wide_rules(rules, left, right))
    rows: dict[int, list[_Piece]] = {}
    for piece in pieces:
        above = sum(height < piece.middle for height in heights)
        rows.setdefault(above, []).append(piece)
    is_closed = min(rows) > 0 and max(rows) < len(heights)
    return [_Row(rows[number]) for number in sorted(rows)], is_closed


def _wide_rules(rules: Iterable[Rule], left: float, right: float) -> Iterator[float]:
    """Yield the heights at which rules cover most of a range; pieces of one rule count together."""
    at: dict[int, list[Rule]] = {}
    for rule in rules:
        if rule.left < right and left < rule.right:
            at.setdefault(round(rule.height), []).append(rule)
    for each in at.values():
        covered, reached = 0.0, left
        for rule in sorted(each, key=lambda rule: rule.left):
            start = max(reached, rule.left)
            covered += max(0.0, min(rule.right, right) - start)
            reached = max(reached, rule.right)
        if covered >= MIN_WIDTH * (right - left):
            yield median(rule.height for rule in each)


def _by_space(pieces: Sequence[_Piece]) -> list[_Row]:
    """Return the rows that a wider distance separates than that of the lines inside of a cell."""
    columns: dict[int, list[_Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        columns.setdefault(piece.column, []).append(piece)
    step = _row_step([low.middle - high.middle for each in columns.values() for high, low in pairwise(each)])
    if step is None:
        return []
    blocks: list[list[_Piece]] = []
    for each in columns.values():
        block = [each[0]]
        for high, low in pairwise(each):
            if low.middle - high.middle < step:
                block.append(low)
            else:
                blocks.append(block)
                block = [low]
        blocks.append(block)
    return [_Row(row) for row in _overlapping(blocks)]


def _row_step(distances: Iterable[float]) -> float | None:
    """Return the distance from which on two lines are two rows; None where all distances are alike."""
    ordered = sorted(distance for distance in distances if distance > 0)  # 0: beside each other
    if not ordered:
        return None
    smallest = ordered[len(ordered) // 50]
    gaps = [
        (low / high, (low + high) / 2)
        for high, low in pairwise(ordered)
        if smallest <= high <= MAX_LEADING * smallest and low >= MIN_STEP * high
    ]
    return gaps[0][1] if gaps else None


def _overlapping(blocks: Sequence[list[_Piece]]) -> Iterator[list[_Piece]]:
    """Yield the pieces of blocks that stand beside one another."""
    row: list[_Piece] = []
    bottom = 0.0
    for block in sorted(blocks, key=lambda block: block[0].middle):
        if row and block[0].middle > bottom:
            yield row
            row, bottom = [], 0.0
        row += block
        bottom = max(bottom, block[-1].middle + 0.25 * (block[-1].bottom - block[-1].top))
    if row:
        yield row


def _is_table(rows: Sequence[_Row]) -> bool:
    """Return whether rows are those of a table with wrapped cells.

    Most rows have several cells, and some have a cell of one line beside a tall one, which has words: lines
    of numbers or dates one below the other are rows of their own.
    """
    tall = [row for row in rows if row.is_tall]
    if not tall or sum(len(row.columns) > 1 for row in rows) < MIN_FILLED * len(rows):
        return False
    single = sum(any(len(pieces) == 1 for pieces in row.columns.values()) for row in tall)
    cells = [pieces for row in tall for pieces in row.columns.values() if len(pieces) > 1]
    text = sum(all(_has_words(piece.cell.text) for piece in pieces) for pieces in cells)
    return single >= MIN_SINGLE * len(tall) and text >= MIN_TEXT * len(cells)


def _has_words(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return 2 * letters > len(text.replace(" ", ""))
