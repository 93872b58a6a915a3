"""Tables: lines of cells between bars, tabs, semicolons, commas or wide gaps."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator

from structgen.longdoc.layout.cell_counts import CellCounts, count_cells, is_header
from structgen.longdoc.layout.cells import Separator
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.table_rows import table_run

SEPARATORS: tuple[Separator, ...] = ("|", "\t", "  ", ";", ",", "&", " / ")
MAX_STRANGE = 4
"""Lines without cells in a row that a table may have between its rows."""


def tables(lines: Lines, apart: Collection[int], words: frozenset[str]) -> Iterator[LineRun]:
    """Yield the tables of each separator; they may lie over each other."""
    for separator in SEPARATORS:
        counts = count_cells(lines, separator, apart)
        if not any(counts.cells):
            continue
        for members in _groups(lines, counts, apart, words):
            run = table_run(lines, counts, members, words, apart)
            if run is not None:
                yield run


def _groups(
    lines: Lines, counts: CellCounts, apart: Collection[int], words: frozenset[str]
) -> Iterator[array[int]]:
    """Yield the lines of cells that belong together, as far as their number of cells tells."""
    exact = counts.separator in {";", ",", "&", " / "}
    members: array[int] = array("q")
    strange = 0
    head = ""
    for line in range(len(lines)):
        if counts.cells[line] < 2:
            if not (counts.quoted[line] or line in apart or is_rule(lines[line])):
                strange += 1
            continue
        if members:
            last = members[-1]
            cut = strange > MAX_STRANGE or (exact and counts.cells[line] != counts.cells[last])
            if not cut and (strange or lines.is_apart(line)) and is_header(lines, counts, line, words):
                cut = bool(strange) or lines[line] != head
            if cut:
                yield members
                members = array("q")
        if not members:
            head = lines[line]
        members.append(line)
        strange = 0
    if members:
        yield members
