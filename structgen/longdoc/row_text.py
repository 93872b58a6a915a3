"""What rows say: their cells, and which fields these are of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from structgen.evidence.grounding.places import Place
from structgen.longdoc.field_columns import field_columns
from structgen.longdoc.row_cells import Columns, columns_of_header, labelled_cells
from structgen.types import Span

MAX_KNOWN = 100
"""Headers whose columns are remembered."""
MAX_REST = 3
"""Lines below a row that may go on with it."""
MAX_WRAPPED = 80
"""Characters of such a line."""
_WRAPPED = re.compile(r"[^\W\d](?:[^\d\s|]| (?! ))*")
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
    _fields: dict[tuple[str, ...], Mapping[str, int]] = field(default_factory=dict)

    def cells(self, row: Span, header: Span | None) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Return the titles of columns, or labels, and the cells of a row; None where they are not sure."""
        if header is None:
            return labelled_cells(self.document, row)
        if header not in self._columns:
            self._columns[header] = columns_of_header(self.document, header)
        columns = self._columns[header]
        cells = None if columns is None else columns.cells(self.document, row)
        return None if columns is None or cells is None else (columns.titles, cells)

    def fields(self, titles: tuple[str, ...]) -> Mapping[str, int]:
        """Return the columns of the fields under titles."""
        if titles not in self._fields:
            if len(self._fields) >= MAX_KNOWN:
                self._fields.clear()
            self._fields[titles] = field_columns(self.names, titles)
        return self._fields[titles]

    def with_rest(self, row: Span, stop: int) -> Span:
        """Return a row with the lines right below it that have one text without a digit, before `stop`.

        Where the first column is wrapped, such a line goes on with the row above, or it is a heading.
        """
        end = row.end
        for _ in range(MAX_REST):
            start = end + 1
            if self.document[end:start] != "\n":
                break
            below = self.document.find("\n", start, stop)
            text = self.document[start : below if below >= 0 else stop].strip()
            if len(text) > MAX_WRAPPED or not _WRAPPED.fullmatch(text):
                break
            end = below if below >= 0 else stop
        return Span(row.start, end)

    def row(self, row: Span, header: Span | None) -> RowText:
        """Return the text of a row under a header."""
        found = self.cells(row, header)
        if found is None:
            return RowText(self.document[row.start : row.end])
        titles, cells = found
        ranges, start = [], 0
        for cell in cells:
            ranges.append((start, start + len(cell)))
            start += len(cell) + 1
        return RowText("\n".join(cells), tuple(ranges), self.fields(titles))
