"""The cells of a row, each under the title of its column or after its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from structgen.longdoc.layout.cells import LONGEST, Separator, columns_of, split_cells
from structgen.longdoc.layout.line_words import is_rule
from structgen.longdoc.layout.ruled_cells import ruled_cells
from structgen.types import Span

_MARKS = "¦;,&/→~"
"""Marks between cells with gaps around them: the gaps alone do not part the columns then."""
_RULES = re.compile(r"[ \t]*(?:[-=_─━═]{2,} +)+[-=_─━═]{2,}\s*")
"""A line with a rule for each column."""
_LABELLED = re.compile(r"\s*([^\W\d_][^:\n]{0,40}?)[ \t]*:(?:[ \t]+(.*))?")
_SEPARATORS: tuple[Separator, ...] = ("|", "\t", "  ", ";", ",", "&", " / ")


@dataclass(frozen=True)
class Columns:
    """The columns of a table, as its header has them."""

    titles: tuple[str, ...]
    separator: Separator
    places: tuple[tuple[int, int], ...] = ()
    """Where the titles stand in the line, half-open, where gaps part the columns."""
    is_ruled: bool = False
    """Whether the places are those of rules, which are as wide as the columns."""

    def cells(self, document: str, row: Span) -> tuple[str, ...] | None:
        """Return the texts of a row's cells, one for each column; None where a cell may be another's."""
        lines = _lines(document, row)
        if not lines:
            return None
        columns: list[list[str]] = [[] for _ in self.titles]
        for line in lines:
            if self.is_ruled:
                cells = _ruled(line, self.places)
            else:
                cells = self._aligned(line) if self.places else self._split(line)
            if cells is None:
                return None
            for column, cell in zip(columns, cells, strict=True):
                if cell:
                    column.append(cell)
        return tuple(" ".join(column) for column in columns)

    def _split(self, line: str) -> Sequence[str] | None:
        cells = split_cells(line, self.separator)
        if len(cells) != len(self.titles):
            return None
        return [_unquoted(cell) for cell in cells] if self.separator in {";", ",", "\t"} else cells

    def _aligned(self, line: str) -> Sequence[str] | None:
        """Return the texts between gaps by the titles that they stand below."""
        pieces = columns_of(line)
        above = [
            [at for at, place in enumerate(self.places) if start < place[1] and place[0] < end]
            for start, end, _ in pieces
        ]
        if len(pieces) == len(self.titles) and all(each in ([], [at]) for at, each in enumerate(above)):
            return [text.strip() for _, _, text in pieces]
        cells = [""] * len(self.titles)
        last = -1
        for titles, (_, _, text) in zip(above, pieces, strict=True):
            if len(titles) != 1 or titles[0] <= last:
                return None
            last = titles[0]
            cells[last] = text.strip()
        return cells


def columns_of_header(document: str, header: Span | None) -> Columns | None:
    """Return the columns of a header with one line of titles; None for any other."""
    lines = [] if header is None else _lines(document, header)
    if len(lines) != 1:
        return None
    [line] = lines
    if header is not None and (places := _rules(document, header)):
        titles = _ruled(line, places)
        if titles is not None and all(titles):
            return Columns(tuple(titles), "  ", places, is_ruled=True)
    for separator in _SEPARATORS:
        titles = split_cells(line, separator)
        if len(titles) < 2 or (separator == "|" and "|" not in line and "│" not in line):
            continue
        if separator in {";", ",", "\t"}:
            titles = [_unquoted(title) for title in titles]
        gaps = columns_of(line) if separator == "  " else []
        if separator == "  " and any(title[0] in _MARKS or title[-1] in _MARKS for title in titles if title):
            continue
        places = tuple((start, end) for start, end, _ in gaps)
        return Columns(tuple(titles), separator, places) if all(titles) else None
    return None


def labelled_cells(document: str, row: Span) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the labels and the texts after them of a row of at least two such lines; None for any other."""
    matches = [_LABELLED.fullmatch(line) for line in _lines(document, row)]
    pairs = {match[1]: (match[2] or "").strip() for match in matches if match}
    if len(pairs) < 2 or len(pairs) < len(matches):
        return None
    return tuple(pairs), tuple(pairs.values())


def _lines(document: str, span: Span) -> list[str]:
    """Return the lines of a range that are no rules, with their indents."""
    start = max(document.rfind("\n", 0, span.start), document.rfind("\f", 0, span.start)) + 1
    if document[start : span.start].strip():
        start = span.start
    text = document[start : span.end]
    if len(text) > LONGEST:
        return []
    lines = (line.rstrip() for line in text.replace("\f", "\n").split("\n"))
    return [line for line in lines if line.strip() and not is_rule(line.strip())]


def _rules(document: str, header: Span) -> tuple[tuple[int, int], ...]:
    """Return the places of the rules right below a header, one for each column; none where there are none."""
    start = document.find("\n", header.end) + 1
    end = document.find("\n", start)
    line = document[start : end if end >= 0 else len(document)] if start else ""
    if len(line) > LONGEST or not _RULES.fullmatch(line):
        return ()
    return tuple(match.span() for match in re.finditer(r"\S+", line))


def _ruled(line: str, places: Sequence[tuple[int, int]]) -> Sequence[str] | None:
    """Return the texts of a line below rules; None where one goes over the beginning of a column."""
    return ruled_cells(line.expandtabs(8), [start for start, _ in places])


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell
