"""Runs of lines that look like the rows of one list, before it is known which list."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from structgen.longdoc.layout.cells import CellKind
from structgen.longdoc.layout.line_words import is_note, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.types import Basis

MAX_REST = 8
"""Lines that go on with a row, at most."""


def packed() -> array[int]:
    """Return an empty array of line numbers."""
    return array("q")


@dataclass
class LineRun:
    """Rows as half-open ranges of lines: a table, or entries of one shape."""

    basis: Basis
    first: int
    """The first line that belongs to the run, its header included."""
    stop: int
    """The line after the last one."""
    starts: array[int] = field(default_factory=packed)
    stops: array[int] = field(default_factory=packed)
    skipped: array[int] = field(default_factory=packed)
    """Lines between the rows, and around them, that are none."""
    header: tuple[int, int] | None = None
    titles: tuple[str, ...] = ()
    """Titles of columns, or the labels of entries."""
    columns: list[Counter[CellKind]] = field(default_factory=list)
    """What each column has, from a sample of the rows; for entries without columns, one for the whole row."""
    quality: float = 1.0
    """The share of the rows that are alike."""
    kind: str = "table"
    """`table`, `section`, or how entries begin: `number`, `bullet`, `date`, `label` and the like."""
    regular: float = 1.0
    """For entries, the share of the rows with the usual number of dates and of numbers."""
    separator: str = ""
    """What stands between the cells of a table."""
    doubts: array[int] = field(default_factory=packed)
    """Lines that may be rows or not."""
    places: array[int] = field(default_factory=packed)
    """Where each row starts and ends in the text, for rows that share their lines with another list's."""
    owner: str = ""
    """The pointer of the list whose rows they are, if only one can be."""
    sides: tuple[LineRun, LineRun] | None = None
    """The parts of a table that has the rows of two lists side by side."""

    def add(self, start: int, stop: int) -> None:
        """Add a row."""
        self.starts.append(start)
        self.stops.append(stop)

    def add_rests(self, lines: Lines, apart: Collection[int]) -> None:
        """Let each row have the deeper lines right below it; all other lines between rows are skipped."""
        known, skipped = set(self.skipped), packed()
        for row, start in enumerate(self.starts):
            last = row + 1 == len(self.starts)
            bound = min(len(lines), self.stops[row] + MAX_REST) if last else self.starts[row + 1]
            at = self.stops[row]
            while at < min(bound, self.stops[row] + MAX_REST) and self._goes_on(
                lines, at, start, known, apart
            ):
                at += 1
            self.stops[row] = at
            if not last:
                skipped.extend(range(at, bound))
        inner = self.starts[0], self.stops[-1]
        before = (at for at in self.skipped if at < inner[0])
        after = (at for at in self.skipped if at >= inner[1])
        self.skipped = array("q", [*before, *skipped, *after])
        self.stop = max(self.stop, self.stops[-1])

    def _goes_on(
        self, lines: Lines, at: int, start: int, known: Collection[int], apart: Collection[int]
    ) -> bool:
        text = lines[at]
        return (
            at not in known
            and at not in apart
            and lines.indents[at] > lines.indents[start]
            and not lines.is_apart(at)
            and not (is_rule(text) or is_note(text) or is_summary(text))
        )
