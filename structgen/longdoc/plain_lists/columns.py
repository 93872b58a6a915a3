"""Columns of tables whose title names a list: each cell is a row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from structgen.longdoc.layout.cells import cell_kind
from structgen.longdoc.layout.headings import Marked, enclosing, heading_above
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.ruled_tables import ruled_tables
from structgen.longdoc.layout.tables import tables
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.plain_lists.names import ListWords
from structgen.longdoc.plain_lists.ranks import Rank
from structgen.longdoc.plain_lists.run import PlainRun
from structgen.longdoc.side_cells import MARKS, Cells, cells_of, whole_row

MIN_QUALITY = 0.8
MAX_TITLES = 200
_CELLS = re.compile(r"[;,|\t]|\s{2,}")
_LETTERS_ONLY = re.compile(r"[^\d:!?]*")


def titled_tables(lines: Lines, apart: Collection[int], names: Sequence[ListWords]) -> list[LineRun]:
    """Return the tables that have a header; also of texts alone, where a title names a list."""
    words = frozenset[str]().union(*(each.words for each in names), _titles(lines, names))
    return _apart([*ruled_tables(lines, apart), *tables(lines, apart, words)])


def columns(
    lines: Lines, found: Sequence[LineRun], words: ListWords, marked: Marked, apart: Collection[int]
) -> Iterator[PlainRun]:
    """Yield the column of each table that has the list's name: the one of the best, if one is."""
    for table in found:
        if not table.header or not table.starts:
            continue
        titles = cells_of(lines, table.header[1] - 1, table)
        ranked = [(words.rank(title), at) for at, (_, _, title) in enumerate(titles)]
        best = max((rank for rank, _ in ranked), default=Rank.NONE)
        named = [at for rank, at in ranked if rank == best]
        if best and len(named) == 1:
            yield _column(lines, table, titles, named[0], marked, apart)


def _column(
    lines: Lines,
    table: LineRun,
    titles: Cells,
    column: int,
    marked: Marked,
    apart: Collection[int],
) -> PlainRun:
    header = table.header or (0, 1)
    head = header[1] - 1
    run = PlainRun("column", "table", lines.source, table.starts[0], table.stop, [titles[column][2]])
    above = enclosing(marked, table.first)
    near = heading_above(lines, table.first, 0, apart)
    if near is not None and near not in above:
        above.append(near)
    place = _place(lines, head, titles, column)
    run.context = [*((lines.starts[at], lines.ends[at]) for at in above), place]
    run.is_doubtful = bool(table.doubts) or table.quality < MIN_QUALITY or header[1] - header[0] > 1
    for start, stop in zip(table.starts, table.stops, strict=True):
        cells = whole_row(cells_of(lines, start, table), len(titles), lines, start, table)
        own = _cell(cells, titles, column, table.separator in MARKS)
        if own is None or stop > start + 1 or cell_kind(cells[own][2]) == "empty":
            run.is_doubtful = True
            if own is None or cell_kind(cells[own][2]) == "empty":
                continue
        run.add(*_place(lines, start, cells, own))
    return run


def _cell(cells: Cells, titles: Cells, column: int, marked: bool) -> int | None:
    """Return the number of the cell in a column; None where it is empty, or may be another column's."""
    if len(cells) == len(titles):
        return column
    if marked:
        return None
    first, last, _ = titles[column]
    below = [at for at, (start, end, _) in enumerate(cells) if start < last and first < end]
    if len(below) != 1:
        return None
    start, end, _ = cells[below[0]]
    over = sum(start < right and left < end for left, right, _ in titles)
    return below[0] if over == 1 else None


def _place(lines: Lines, line: int, cells: Cells, column: int) -> tuple[int, int]:
    """Return where a cell stands in the text."""
    text, start, end = lines[line], 0, 0
    for _, _, cell in cells[: column + 1]:
        start = max(end, text.find(cell, end))
        end = start + len(cell)
    return lines.starts[line] + start, lines.starts[line] + end


def _apart(runs: Sequence[LineRun]) -> list[LineRun]:
    """Return the tables with a header that do not lie over each other: the longer ones, ruled ones first."""
    taken: set[int] = set()
    chosen = []
    for run in sorted((run for run in runs if run.header), key=lambda run: -len(run.starts)):
        if not taken.intersection(run.starts):
            taken.update(run.starts)
            chosen.append(run)
    return chosen


def _titles(lines: Lines, names: Sequence[ListWords]) -> Iterator[str]:
    """Yield the words of lines that are titles of columns, one of which names a list."""
    words = frozenset[str]().union(*(each.words for each in names))
    for line in range(len(lines)):
        text = lines[line][:MAX_TITLES]
        if not (_CELLS.search(text) and _LETTERS_ONLY.fullmatch(text) and words & title_words(text)):
            continue
        cells = [cell for cell in _CELLS.split(text) if cell.strip()]
        if len(cells) > 1 and any(each.rank(cell) >= Rank.WHOLE for each in names for cell in cells):
            yield from title_words(text)
