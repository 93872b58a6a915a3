"""Tables whose columns a rule of dashes marks, as `---- ------`: cells may stand one blank apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from structgen.longdoc.layout.cells import CellKind, cell_kind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.ruled_cells import ruled_cells

SAMPLE = 400
MAX_COLUMNS = 40
_MARKS = re.compile(r"(?:[-=]{2,} +){1,60}[-=]{2,}")
_GROUP = re.compile(r"[-=]+")


def ruled_tables(lines: Lines, apart: Collection[int]) -> Iterator[LineRun]:
    """Yield the tables under a header and a rule with a group of dashes for each column."""
    line = 0
    while line < len(lines):
        marks = lines[line] if line not in apart else ""
        if not _MARKS.fullmatch(marks[:1_000]):
            line += 1
            continue
        columns = [lines.indents[line] + found.start() for found in _GROUP.finditer(marks)][:MAX_COLUMNS]
        framed = line + 2 < len(lines) and lines[line + 2] == marks
        head = line + 1 if framed else line - 1
        first = line + 3 if framed else line + 1
        run = _table(lines, head, first, columns, apart)
        if run is not None:
            yield run
        line = max(line + 1, run.stop if run else 0)


def _table(
    lines: Lines, head: int, first: int, columns: Sequence[int], apart: Collection[int]
) -> LineRun | None:
    titles = _cells(lines, head, columns) if head >= 0 and head not in apart else None
    if titles is None or is_rule(lines[head]):
        return None
    run = LineRun("table", head, first, header=(head, head + 1), titles=tuple(titles), separator="rule")
    rows: list[list[CellKind]] = []
    stop = _end(lines, first, columns)
    for at in range(first, stop):
        cells = _cells(lines, at, columns)
        if cells is None:
            break
        if at in apart or lines[at] == lines[head] or _is_none(cells):
            run.skipped.append(at)
        elif not cells[0] and run.starts and not any(_has_value(cell) for cell in cells):
            run.stops[-1] = at + 1
        else:
            run.add(at, at + 1)
            rows.append([cell_kind(cell) for cell in cells])
    if not rows:
        return None
    run.stop = max(run.stops[-1], stop)
    run.columns = [Counter(kinds) for kinds in zip(*rows[:SAMPLE], strict=True)]
    usual = [column.most_common(1)[0][0] for column in run.columns]
    run.quality = sum(_is_alike(row, usual) for row in rows) / len(rows)
    return run


def _is_alike(row: Sequence[CellKind], usual: Sequence[CellKind]) -> bool:
    return all(
        kind in {most, "empty"} or most in {"words", "code"} for kind, most in zip(row, usual, strict=True)
    )


def _end(lines: Lines, first: int, columns: Sequence[int]) -> int:
    """Return where a table ends: at the rule below it, or else at its first blank line."""
    blank = 0
    for at in range(first, len(lines)):
        if is_rule(lines[at]):
            return at
        if at > first and lines.is_apart(at):
            blank = blank or at
        if blank and _cells(lines, at, columns) is None:
            break
    return blank or len(lines)


def _cells(lines: Lines, line: int, columns: Sequence[int]) -> list[str] | None:
    """Return the cells of a line; None where a text goes over the edge of a column."""
    text = " " * (lines.indents[line] - columns[0]) + lines[line][:1_000]
    if lines.indents[line] < columns[0] or is_rule(text):
        return None
    return ruled_cells(text, [column - columns[0] for column in columns])


def _has_value(cell: str) -> bool:
    return cell_kind(cell) in {"date", "time", "number"}


def _is_none(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and len(filled) < len(cells) and (is_summary(filled[0]) or is_note(filled[0]))
