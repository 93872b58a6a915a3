"""Rows of a table whose first cell goes on in a line below, such as a date in a narrow column."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict

from structgen.longdoc.layout.cell_counts import CellCounts
from structgen.longdoc.layout.cells import split_cells
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines

FEWEST = 2
"""Rows that must go on in the same way: a single line may be a heading."""
_PIECE = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")

Shape = tuple[str, ...]


def add_wrapped_keys(lines: Lines, counts: CellCounts, run: LineRun) -> None:
    """Let rows have the line below that their first cell goes on in.

    A line of one cell goes on with the row above where all rows with such a first cell have such a line.
    The two together must be what the other rows have there, if there are others.
    """
    firsts = [_shape(split_cells(lines[start], counts.separator)[0]) for start in run.starts]
    rests: dict[tuple[Shape, Shape], list[int]] = defaultdict(list)
    for row, (start, stop) in enumerate(zip(run.starts, run.stops, strict=True)):
        if _is_alone(lines, counts, stop) and lines.indents[stop] == lines.indents[start]:
            rests[firsts[row], _shape(lines[stop])].append(row)
    shapes = Counter(firsts)
    others = shapes.keys() - {first for first, _ in rests}
    taken = set[int]()
    for (first, rest), rows in rests.items():
        if len(rows) >= FEWEST and len(rows) == shapes[first] and (not others or first + rest in others):
            for row in rows:
                taken.add(run.stops[row])
                run.stops[row] += 1
    if taken:
        run.skipped = array("q", (at for at in run.skipped if at not in taken))
        run.doubts = array("q", (at for at in run.doubts if at not in taken))


def _is_alone(lines: Lines, counts: CellCounts, at: int) -> bool:
    return at < len(lines) and counts.filled[at] < 2 and not lines.is_apart(at) and not is_rule(lines[at])


def _shape(text: str) -> Shape:
    """Return the kinds of the pieces of a cell: words, numbers, years, marks."""
    return tuple(
        "year"
        if len(piece) == 4 and piece.isdecimal()
        else "number"
        if piece.isdecimal()
        else "word"
        if piece.isalpha()
        else piece
        for piece in _PIECE.findall(text)
    )
