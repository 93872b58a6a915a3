"""The cells of each line at one separator, and which lines are a table's header."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from structgen.longdoc.layout.cells import LONGEST, SPACED, Separator, cell_kind, split_cells
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.quoted_lines import quoted_lines
from structgen.longdoc.layout.titles import title_words

MANY = 255
_MARKED = re.compile(r"(?:[-*•‣◦▪●○]|\(?\w{1,4}[.)])\s|[{\[<]")


@dataclass
class CellCounts:
    """For each line, its cells at one separator: all, those that are not empty, dates and times, numbers."""

    separator: Separator
    cells: bytearray
    filled: bytearray
    dates: bytearray
    numbers: bytearray
    quoted: bytearray
    """1 for lines that go on with a cell in quotes of the line above."""

    def record(self, lines: Lines, line: int) -> str:
        """Return the text of a line with those of the lines that its cells in quotes go on in."""
        stop = line + 1
        while stop < len(self.quoted) and self.quoted[stop]:
            stop += 1
        return " ".join(lines.texts(line, stop)) if stop > line + 1 else lines[line]

    def is_plain(self, line: int) -> bool:
        """Return whether a line has cells of words alone, as a header has."""
        return self.filled[line] >= 2 and not self.dates[line] and not self.numbers[line]


def count_cells(lines: Lines, separator: Separator, apart: Collection[int]) -> CellCounts:
    """Count the cells of all lines; lines that are `apart`, such as page footers, have none."""
    size = len(lines)
    quoted = quoted_lines(lines, separator) if separator in {",", ";"} else bytearray(size)
    counts = CellCounts(separator, bytearray(size), bytearray(size), bytearray(size), bytearray(size), quoted)
    if size and not _has(lines.source[lines.starts[0] : lines.ends[-1]], separator, whole=True):
        return counts
    for line in range(size):
        if quoted[line] or len(lines[line]) > LONGEST or line in apart:
            continue
        text = counts.record(lines, line)
        if not _has(text, separator) or is_rule(text):
            continue
        cells = split_cells(text, separator)
        kinds = [cell_kind(cell) for cell in cells]
        counts.cells[line] = min(MANY, len(cells))
        counts.filled[line] = min(MANY, len(kinds) - kinds.count("empty"))
        counts.dates[line] = min(MANY, kinds.count("date") + kinds.count("time"))
        counts.numbers[line] = min(MANY, kinds.count("number"))
    return counts


def _has(text: str, separator: Separator, whole: bool = False) -> bool:
    """Return whether a line has cells at a separator; of a `whole` text, whether any of its lines may."""
    if separator == "|":
        if text.startswith(("{|", "|}")) and not whole:
            return False
        return (
            "|" in text
            or ("!!" in text and (whole or text.startswith("!")))
            or "│" in text
            or "┃" in text
            or "║" in text
        )
    if separator == "  ":
        return "  " in text or "\u3000" in text or "\t" in text or "\u00a0" in text
    if separator == " / ":
        return SPACED.search(text) is not None
    return separator in text and (whole or not _MARKED.match(text))


def is_header(lines: Lines, counts: CellCounts, line: int, words: frozenset[str]) -> bool:
    """Return whether a line has the titles of the columns below it."""
    if not counts.is_plain(line):
        return False
    if line + 1 < len(lines) and is_rule(lines[line + 1]):
        return True
    cells = split_cells(lines[line], counts.separator)
    if any(len(cell) > 60 for cell in cells):
        return False
    known = sum(bool(title_words(cell) & words) for cell in cells)
    if known >= 2 and 2 * known >= len(cells):
        return True
    below = line + 1
    while below < len(lines) and below < line + 3 and not counts.cells[below]:
        below += 1
    return below < len(lines) and bool(counts.dates[below] or counts.numbers[below])
