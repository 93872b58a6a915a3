"""Tables in which the filled one of two columns, `Debit` or `Credit`, says which list a row is of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from structgen.longdoc.layout.cells import cell_kind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.list_matching import Matcher
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.side_cells import MARKS, Cells, cells_of, list_name, whole_row

SAMPLE = 400


def side_columns(matcher: Matcher, run: LineRun, specs: Sequence[ListSpec]) -> tuple[LineRun, LineRun] | None:
    """Return the rows of both lists if two columns have the lists' names, and each row fills one of them."""
    if len(specs) < 2 or run.kind != "table" or not run.header or not run.starts:
        return None
    titles = cells_of(matcher.lines, run.header[1] - 1, run)
    named = {
        spec.pointer: [at for at, (_, _, title) in enumerate(titles) if list_name(spec) & title_words(title)]
        for spec in specs
    }
    for one, other in combinations(specs, 2):
        columns = named[one.pointer], named[other.pointer]
        if [len(column) for column in columns] == [1, 1] and columns[0] != columns[1]:
            parts = _parts(matcher, run, titles, (columns[0][0], columns[1][0]))
            for part, owner in zip(parts, (one, other), strict=True):
                part.owner = owner.pointer
            fitting = (
                not part.starts or matcher.columns_match(part, owner).fits
                for part, owner in zip(parts, (one, other), strict=True)
            )
            return parts if all(fitting) else None
    return None


def _parts(
    matcher: Matcher, run: LineRun, titles: Cells, columns: tuple[int, int]
) -> tuple[LineRun, LineRun]:
    lines, parts = matcher.lines, []
    for other in columns[::-1]:
        names = tuple(title for at, (_, _, title) in enumerate(titles) if at != other)
        part = LineRun("table", run.first, run.stop, header=run.header, titles=names, separator=run.separator)
        part.skipped, part.quality = run.skipped[:], run.quality
        parts.append(part)
    for start, stop in zip(run.starts, run.stops, strict=True):
        cells = whole_row(cells_of(lines, start, run), len(titles), lines, start, run)
        row = _row(titles, cells, run.separator in MARKS)
        filled = [bool(row[column]) and cell_kind(row[column]) != "empty" for column in columns]
        if filled[0] == filled[1]:
            parts[0].doubts.append(start)
            parts[1].doubts.append(start)
            continue
        part, other = (parts[0], columns[1]) if filled[0] else (parts[1], columns[0])
        part.add(start, stop)
        if len(part.starts) <= SAMPLE:
            part.columns = part.columns or [Counter() for _ in part.titles]
            own = [cell for at, cell in enumerate(row) if at != other]
            for column, cell in zip(part.columns, own, strict=True):
                column[cell_kind(cell)] += 1
    return parts[0], parts[1]


def _row(titles: Cells, cells: Cells, marked: bool) -> list[str]:
    """Return the cells of a row by the titles that they stand under."""
    row = [""] * len(titles)
    for at, (first, last, text) in enumerate(cells):
        if marked:
            place = at
        else:
            place = max(
                range(len(titles)),
                key=lambda each: min(last, titles[each][1]) - max(first, titles[each][0]),
            )
        if place < len(row):
            row[place] = text
    return row
