"""The cells of tables that two lists share, with their places."""

from __future__ import annotations

from structgen.longdoc.layout.cells import Separator, columns_of, split_cells
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec

Cells = list[tuple[int, int, str]]
"""The places of cells as characters of the line, and their texts."""
MARKS: dict[str, Separator] = {"|": "|", "\t": "\t", ";": ";", ",": ","}
_BARS = str.maketrans("|│┃║", "    ")


def cells_of(lines: Lines, line: int, run: LineRun) -> Cells:
    """Return the cells of a line; empty ones have places only where separators mark them."""
    text = lines[line]
    if run.separator not in MARKS:
        indent, text = lines.indents[line], text.translate(_BARS)
        return [(first + indent, last + indent, cell) for first, last, cell in columns_of(text)]
    cells, start = [], 0
    for cell in split_cells(text, MARKS[run.separator]):
        at = text.find(cell, start)
        place = at if at >= 0 else start
        cells.append((place, place + len(cell), cell))
        start = text.find(run.separator, place + len(cell)) + 1 or len(text)
    return cells


def whole_row(cells: Cells, width: int, lines: Lines, line: int, run: LineRun) -> Cells:
    """Return the cells of a row with the empty ones at its start, whose separators are taken for an edge."""
    missing = width - len(cells)
    is_open = lines[line].startswith(run.separator or "\0") or (
        run.separator == "\t" and lines.indents[line] > 0
    )
    if run.separator not in MARKS or missing < 1 or not is_open:
        return cells
    return [(0, 0, "")] * missing + cells


def list_name(spec: ListSpec) -> frozenset[str]:
    """Return the words of a list's name."""
    return title_words(" ".join(map(str, spec.path[-1:])))
