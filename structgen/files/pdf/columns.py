"""The reading order of lines: columns of running text one after the other, rows of tables whole."""

from __future__ import annotations

from collections import Counter
from statistics import median

from structgen.files.pdf.lines import Cell, Line

MIN_LINES = 4
"""Lines that each of two columns of running text has."""
MIN_LETTERS = 22
"""Characters of the usual line of running text."""
FULL, MOSTLY_FULL = 0.75, 0.55
"""A line of running text is full from this share of the column's width on; so many are, at least."""
MIN_ALPHABETIC = 0.65
MIN_CONTINUED = 0.3
"""Share of the lines that go on with a small letter, in a script that has them."""
MAX_SPACE = 1.8
"""Space between two lines of one column, in heights of a line."""
BEARING = 2.5
"""Points by which the first letters of lines that begin at one edge may stand apart."""
MAX_CANDIDATES = 12
MAX_COLUMNS = 6


def reading_order(lines: list[Line], depth: int = 0) -> list[Line]:
    """Return lines in the order in which they are read, with lines of columns cut apart."""
    if depth >= MAX_COLUMNS or len(lines) < MIN_LINES:
        return lines
    split = _widest_split(lines)
    if split is None:
        return lines
    start, end, edge = split
    inside = lines[start:end]
    left = [Line(cells) for line in inside if (cells := [c for c in line.cells if c.left < edge])]
    right = [Line(cells) for line in inside if (cells := [c for c in line.cells if c.left >= edge])]
    return [
        *reading_order(lines[:start], depth + 1),
        *reading_order(left, depth + 1),
        *reading_order(right, depth + 1),
        *reading_order(lines[end:], depth + 1),
    ]


def _widest_split(lines: list[Line]) -> tuple[int, int, float] | None:
    """Return the longest run of lines with two columns, and the left edge of the second; None without one."""
    edges = Counter(round(cell.left) for line in lines for cell in line.cells[1:])
    edges.update(  # where a line has text in the second column alone
        round(line.cells[0].left) for line in lines if round(line.cells[0].left) in edges
    )
    splits = []
    for edge, count in edges.most_common(MAX_CANDIDATES):
        if count < MIN_LINES:
            break
        for start, end in _uncrossed(lines, edge - BEARING):
            if _has_columns(lines[start:end], edge - BEARING):
                splits.append((start, end, edge - BEARING))
    return max(splits, key=lambda split: split[1] - split[0], default=None)


def _uncrossed(lines: list[Line], edge: float) -> list[tuple[int, int]]:
    """Return the runs of lines that no cell crosses at a position, without a wide space between them."""
    runs, start = [], 0
    for index, line in enumerate(lines):
        crossed = line.is_row or any(cell.left < edge < cell.right for cell in line.cells)
        apart = index > start and line.top - lines[index - 1].bottom > MAX_SPACE * line.height
        if crossed or apart:
            runs.append((start, index))
            start = index + crossed
    runs.append((start, len(lines)))
    return [(first, end) for first, end in runs if end - first >= MIN_LINES]


def _has_columns(lines: list[Line], edge: float) -> bool:
    left = [cell for line in lines for cell in line.cells if cell.left < edge]
    right = [cell for line in lines for cell in line.cells if cell.left >= edge]
    return _is_running_text(left) and _is_running_text(right)


def _is_running_text(cells: list[Cell]) -> bool:
    """Return whether cells are lines of sentences: long, mostly full, many within a sentence."""
    if len(cells) < MIN_LINES:
        return False
    texts = [cell.text for cell in cells]
    whole = "".join(texts)
    if median(map(len, texts)) < MIN_LETTERS:
        return False
    letters = [character for character in whole if not character.isspace()]
    if sum(map(str.isalpha, letters)) < MIN_ALPHABETIC * len(letters):
        return False
    widths = sorted(cell.right - cell.left for cell in cells)
    usual = widths[int(0.9 * (len(widths) - 1))]
    if sum(width >= FULL * usual for width in widths) < MOSTLY_FULL * len(widths):
        return False
    has_case = any(character.islower() for character in whole)
    continued = sum(text[:1].islower() for text in texts)
    return not has_case or continued >= MIN_CONTINUED * len(texts)
