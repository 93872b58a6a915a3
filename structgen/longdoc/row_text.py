"""What the rows of a table say: their cells, and which fields these are of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from structgen.evidence.grounding.places import Place
from structgen.longdoc.field_columns import field_columns
from structgen.longdoc.row_cells import Columns, columns_of_header
from structgen.types import Span

_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class RowText:
    """What a row says, by cells where its columns are known."""

    text: str
    cells: tuple[tuple[int, int], ...] = ()
    """The ranges of the cells in the text; none where they are not known."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """The cells of fields by their names."""

    def cell(self, number: int) -> str:
        """Return the text of a cell."""
        start, end = self.cells[number]
        return self.text[start:end]

    def cells_at(self, place: Place) -> list[int]:
        """Return the numbers of the cells that a place lies in."""
        return [at for at, (start, end) in enumerate(self.cells) if place.start < end and start < place.end]

    def is_whole(self, place: Place, number: int) -> bool:
        """Return whether a place has all words of a cell."""
        start, end = self.cells[number]
        before, after = self.text[start : place.start], self.text[place.end : end]
        return not _WORD.search(before) and not _WORD.search(after)


@dataclass(frozen=True)
class RowTexts:
    """The texts of a document's rows for one list."""

    document: str
    names: Sequence[str]
    """The names of the fields of the items."""
    _columns: dict[Span, Columns | None] = field(default_factory=dict)
    _fields: dict[Span, Mapping[str, int]] = field(default_factory=dict)

    def columns(self, header: Span | None) -> Columns | None:
        """Return the columns under a header, where they are sure."""
        if header is None:
            return None
        if header not in self._columns:
            self._columns[header] = columns_of_header(self.document, header)
        return self._columns[header]

    def fields(self, header: Span) -> Mapping[str, int]:
        """Return the columns of the fields under a header."""
        if header not in self._fields:
            columns = self.columns(header)
            self._fields[header] = {} if columns is None else field_columns(self.names, columns.titles)
        return self._fields[header]

    def row(self, row: Span, header: Span | None) -> RowText:
        """Return the text of a row under a header."""
        columns = self.columns(header)
        cells = None if columns is None else columns.cells(self.document, row)
        if cells is None or header is None:
            return RowText(self.document[row.start : row.end])
        ranges, start = [], 0
        for cell in cells:
            ranges.append((start, start + len(cell)))
            start += len(cell) + 1
        return RowText("\n".join(cells), tuple(ranges), self.fields(header))
