"""What may be the rows of a list of plain values, and what the text calls them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from structgen.longdoc.layout.cells import LONGEST
from structgen.longdoc.layout.line_runs import packed
from structgen.longdoc.rows import Rows
from structgen.types import Basis

WRAPPED = 60
"""Characters of a line from which on the next one may go on with it."""
WIDE = re.compile(r"\S {3,}\S|\t|\||\S {2,}(?:[-*]|\d{1,7}[.)]) |\S [•‣◦▪●○] ")
"""A gap, tab or bar between cells, or the mark of an entry beside another one."""
Range = tuple[int, int]
"""A half-open range of the text."""
RunKind = Literal["marked", "lines", "inline", "column"]


@dataclass
class PlainRun:
    """Values below one another, or side by side."""

    kind: RunKind
    """`marked` by bullets or numbers, plain `lines`, `inline` behind a label, or the cells of a `column`."""
    basis: Basis
    source: str
    first: int
    """The first line of the rows, without what names them."""
    stop: int = 0
    """The line after the last one."""
    names: Sequence[str] = ()
    """The title, label or headings that may name the values, the nearest first."""
    context: Sequence[Range] = ()
    """Headings, and the title or label, in document order."""
    rows: Rows = field(default_factory=Rows)
    is_doubtful: bool = False
    """Whether there may be other rows, or rows that say several values."""
    _marks: array[int] = field(default_factory=packed)
    """The characters of the bullet or number of each row."""

    @property
    def shares_lines(self) -> bool:
        """Whether the rows are parts of lines."""
        return self.kind in {"inline", "column"}

    def add(self, start: int, end: int, mark: int = 0) -> None:
        """Add a row; `mark` is the length of its bullet or number."""
        self.rows.append(start, end)
        self._marks.append(mark)

    @property
    def texts(self) -> Iterator[str]:
        """What each row says, without its bullet or number."""
        for row, mark in zip(self.rows, self._marks, strict=True):
            start = row.start + mark
            yield self.source[start : min(row.end, start + LONGEST)].strip(" |")
