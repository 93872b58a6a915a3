"""Lines of a page from its words: words on one baseline, in cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from structgen.files.pdf.words import PageWord

SAME_LINE = 0.45
"""Vertical distance of the middles of words on one line, in heights of the lower one."""
CELL_GAP = 0.75
"""Space between two cells, in heights of the line; spaces between words are narrower."""


@dataclass(slots=True)
class Cell:
    """Words that follow one another on a line, from left to right."""

    words: list[PageWord]

    @property
    def left(self) -> float:
        """Left edge."""
        return self.words[0].upright[0]

    @property
    def right(self) -> float:
        """Right edge."""
        return max(word.upright[2] for word in self.words)

    @property
    def text(self) -> str:
        """The words with single spaces between."""
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class Line:
    """Cells on one baseline, from left to right."""

    cells: list[Cell]
    is_row: bool = False
    """Whether it is a row of a table, whose cells may take several lines."""

    @property
    def words(self) -> list[PageWord]:
        """All words, from left to right."""
        return [word for cell in self.cells for word in cell.words]

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(word.upright[1] for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(word.upright[3] for word in self.words)

    @property
    def last_top(self) -> float:
        """Upper edge of the last line of text in it."""
        return max(word.upright[1] for word in self.words) if self.is_row else self.top

    @property
    def height(self) -> float:
        """Usual height of its words."""
        return median(word.height for word in self.words)


def lines(words: Iterable[PageWord]) -> list[Line]:
    """Return the lines of a page from top to bottom, each cut into cells at wide gaps."""
    rows: list[list[PageWord]] = []
    for word in sorted(words, key=lambda word: word.middle):
        first = rows[-1][0] if rows else None
        if first is not None and word.middle - first.middle < SAME_LINE * min(word.height, first.height):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [Line(_cells(sorted(row, key=lambda word: word.upright[0]))) for row in rows]


def _cells(words: list[PageWord]) -> list[Cell]:
    gap = CELL_GAP * median(word.height for word in words)
    cells = [Cell([words[0]])]
    right = words[0].upright[2]
    for word in words[1:]:
        if word.upright[0] - right > gap:
            cells.append(Cell([word]))
        else:
            cells[-1].words.append(word)
        right = max(right, word.upright[2])
    return cells


def in_reading_direction(line: Line) -> Line:
    """Return a line whose cells and words stand in the order in which they are read."""
    if not reads_leftwards(line.words):
        return line
    return Line([Cell(_leftwards(cell.words)) for cell in reversed(line.cells)], line.is_row)


def _leftwards(words: list[PageWord]) -> list[PageWord]:
    """Order words from right to left; words of the other direction among them stay as they are."""
    runs = [(kind, list(run)) for kind, run in groupby(words, key=lambda word: reads_leftwards([word]))]
    return [word for kind, run in reversed(runs) for word in (reversed(run) if kind else run)]


def reads_leftwards(words: list[PageWord]) -> bool:
    """Return whether more letters are read from right to left than from left to right."""
    if all(word.text.isascii() for word in words):
        return False
    kinds = [unicodedata.bidirectional(letter) for word in words for letter in word.text]
    leftwards = sum(kind in ("R", "AL") for kind in kinds)
    return leftwards > kinds.count("L")
