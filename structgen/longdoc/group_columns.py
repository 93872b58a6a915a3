"""Groups of a table's rows by the columns that say which group a row is of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from structgen.longdoc.field_columns import field_columns
from structgen.longdoc.layout.cells import cell_kind
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.leaf_lists import LeafList
from structgen.longdoc.lists import ListField
from structgen.longdoc.row_cells import columns_of_header
from structgen.longdoc.row_needs import field_kind
from structgen.types import Span

MIN_ROWS = 3
"""Rows from which on columns without the names of fields may show groups."""
MAX_FINER = 0.7
"""Groups of a column whose title names no field, as a share of the rows, up to which it may part the rows."""
_DITTO = frozenset({"", '"', "''", "″", "〃", "”", '-"-', "ditto", "idem", "dto.", "dito"})
Cells = list[tuple[str, ...]]


@dataclass(frozen=True)
class ColumnGroups:
    """The rows that groups begin with, by their numbers."""

    starts: tuple[int, ...]
    is_certain: bool


def column_groups(lines: Lines, runs: Sequence[LineRun], leaf: LeafList) -> ColumnGroups | None:
    """Return the groups of the rows of tables; None where no columns say any.

    A group is a stretch of rows with the same values in the columns of the outermost list. A cell that is
    empty goes on with the one above. The groups are certain where one of these columns begins a group with
    each of its values, and no value comes again.
    """
    table = _cells(lines, runs)
    if table is None:
        return None
    titles, rows, are_whole = table
    columns = [_Column.of([row[at] for row in rows]) for at in range(len(titles))]
    own = [at for at in _named(leaf, titles) if _repeats(columns[at], titles[at], leaf, len(rows))]
    others = [at for at in range(len(titles)) if at not in own]
    if not own and 2 * _named_fields(leaf, titles) < len(leaf.whole.fields):
        own = _like_groups(leaf, columns, rows)
        others = []
    own = [at for at in own if columns[at].begins]
    if not own:
        return None
    starts = sorted(set().union(*(columns[at].starts for at in own)))
    is_certain = are_whole and any(
        len(columns[at].starts) == len(starts) and columns[at].is_once for at in own
    )
    return ColumnGroups(tuple(starts), is_certain and not _has_finer(columns, own, others, leaf, titles))


@dataclass(frozen=True)
class _Column:
    """Where the values of a column change."""

    starts: frozenset[int]
    is_once: bool
    """Whether each value stands in one stretch of rows only."""
    begins: bool
    """Whether the first row has a value."""

    @classmethod
    def of(cls, cells: Sequence[str]) -> _Column:
        starts, values, last = [], list[str](), ""
        for at, cell in enumerate(cells):
            if at == 0 or (cell.casefold() not in _DITTO and cell != last):
                starts.append(at)
                values.append(cell)
            last = last if cell.casefold() in _DITTO else cell
        return cls(frozenset(starts), len(set(values)) == len(values), cells[0].casefold() not in _DITTO)


def _cells(lines: Lines, runs: Sequence[LineRun]) -> tuple[tuple[str, ...], Cells, bool] | None:
    """Return the titles of tables of one header, the cells of all rows, and whether each row's are known."""
    titles: tuple[str, ...] = ()
    found: Cells = []
    are_whole = True
    for run in runs:
        if run.kind != "table" or run.header is None:
            return None
        header = Span(lines.starts[run.header[0]], lines.ends[run.header[1] - 1])
        columns = columns_of_header(lines.source, header)
        if columns is None or (titles and columns.titles != titles):
            return None
        titles = columns.titles
        for start, stop in zip(run.starts, run.stops, strict=True):
            row = Span(lines.starts[start], lines.ends[stop - 1])
            cells = columns.cells(lines.source, row)
            are_whole = are_whole and cells is not None
            found.append(cells or ("",) * len(titles))
    return (titles, found, are_whole) if found else None


def _names(leaf: LeafList) -> list[str]:
    return [field.name for field in leaf.whole.fields]


def _named(leaf: LeafList, titles: Sequence[str]) -> list[int]:
    """Return the columns whose titles name values of the outermost list."""
    names = _names(leaf)
    if len(set(names)) < len(names):
        return []
    columns = field_columns(names, titles)
    return sorted(columns[field.name] for field in leaf.levels[0] if field.name in columns)


def _named_fields(leaf: LeafList, titles: Sequence[str]) -> int:
    """Return how many fields titles name."""
    words = [title_words(title) for title in titles]
    return sum(any(title_words(field.name) & each for each in words) for field in leaf.whole.fields)


def _repeats(column: _Column, title: str, leaf: LeafList, rows: int) -> bool:
    """Return whether a column shares a word with a field, or else has one value in several rows."""
    words = title_words(title)
    shared = any(words & title_words(field.name) for field in leaf.levels[0])
    return shared or (bool(words) and len(column.starts) < rows)


def _like_groups(leaf: LeafList, columns: Sequence[_Column], rows: Cells) -> list[int]:
    """Return the columns that part the rows as the values of the outermost list would, if only these do."""
    wanted = Counter(map(_plain_kind, leaf.levels[0]))
    if len(columns) != len(leaf.whole.fields) or len(rows) < MIN_ROWS:
        return []
    found: list[list[int]] = []
    for at, column in enumerate(columns):
        if not (column.is_once and column.begins and len(column.starts) <= MAX_FINER * len(rows)):
            continue
        if not wanted[_kind(rows, at)]:
            continue
        within = [other for other, each in enumerate(columns) if each.starts <= column.starts]
        if Counter(_kind(rows, other) for other in within) == wanted and within not in found:
            found.append(within)
    return found[0] if len(found) == 1 else []


def _kind(rows: Cells, at: int) -> str:
    kind = cell_kind(next((row[at] for row in rows if row[at]), ""))
    return kind if kind in {"date", "number", "time"} else "text"


def _plain_kind(field: ListField) -> str:
    return field_kind(field)


def _has_finer(
    columns: Sequence[_Column],
    own: Sequence[int],
    others: Sequence[int],
    leaf: LeafList,
    titles: Sequence[str],
) -> bool:
    """Return whether a column of no field parts the groups further: its values may be those of the items."""
    named = field_columns(_names(leaf), titles).values()
    starts = frozenset().union(*(columns[at].starts for at in own))
    rows = max(max(column.starts) for column in columns) + 1
    return any(
        columns[at].is_once and starts < columns[at].starts and len(columns[at].starts) <= MAX_FINER * rows
        for at in others
        if at not in named
    )
