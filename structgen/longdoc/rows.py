"""Rows of a document: the ranges of the text that one item each of a list comes from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from structgen.types import Basis, Span


class Rows(Sequence[Span]):
    """Ranges in document order, packed: a million rows take 16 MB."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._starts, self._ends = array("q"), array("q")
        for start, end in spans:
            self.append(start, end)

    def append(self, start: int, end: int) -> None:
        """Add the next range."""
        self._starts.append(start)
        self._ends.append(end)

    @property
    def starts(self) -> Sequence[int]:
        """Where the ranges start."""
        return self._starts

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Span | Rows:
        if isinstance(index, slice):
            part = Rows()
            part._starts, part._ends = self._starts[index], self._ends[index]
            return part
        return Span(self._starts[index], self._ends[index])

    def __iter__(self) -> Iterator[Span]:
        return map(Span, self._starts, self._ends)


@dataclass(frozen=True)
class RowRun:
    """Rows of one shape under the same headings: a table, or entries, also over several pages."""

    rows: Rows
    context: tuple[Span, ...] = ()
    """The headings above, from the outermost, and the table's header: what the rows are read with."""
    basis: Basis = "lines"
    certain: bool = False
    """Whether the rows are all, and nothing but, the rows of this part of the document."""
    header: Span | None = None
    """The titles of a table's columns, also the last of the context."""
    shares_lines: bool = False
    """Whether the rows are parts of lines, which say other values as well: cells, or items beside others."""

    @property
    def headings(self) -> tuple[Span, ...]:
        """The context but for the titles of columns."""
        return tuple(span for span in self.context if span != self.header)


@dataclass(frozen=True)
class ListRows:
    """The rows that a document has for one list."""

    pointer: str
    """The JSON Pointer of the list."""
    runs: tuple[RowRun, ...] = ()
    """In document order; a list may have rows in many sections."""
    certain: bool = False
    """Whether the rows of all runs are all rows of the list, and no others."""
    stated: int | None = None
    """The number of rows that the text itself states."""
    skipped: Rows = field(default_factory=Rows)
    """Lines between rows that are none: repeated headers and footers, subtotals, rules."""
    inner: tuple[InnerRows, ...] = ()
    """The rows of the innermost lists of its items, in the whole document."""

    @property
    def expected(self) -> int | None:
        """The number of rows; None where nothing shows any."""
        found = sum(len(run.rows) for run in self.runs)
        return found or (0 if self.certain and self.stated is None else self.stated)

    @property
    def basis(self) -> Basis:
        """What the number rests on: the basis of the longest run."""
        if not self.runs:
            return "none" if self.stated is None else "stated"
        return max(self.runs, key=lambda run: len(run.rows)).basis


@dataclass(frozen=True)
class InnerRows:
    """The rows of a list inside of the items of other lists, whatever items they belong to."""

    path: tuple[str, ...]
    """The pointers of the lists below the outermost one, each from an item of the list above."""
    rows: ListRows
