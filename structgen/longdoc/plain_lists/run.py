"""What may be the rows of a list of plain values, and what the text calls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from structgen.types import Basis

Range = tuple[int, int]


@dataclass
class PlainRun:
    """Values below one another, or side by side, as half-open ranges of the text."""

    kind: str
    """`marked` by bullets or numbers, `lines`, `inline`, or `column`."""
    basis: Basis
    names: Sequence[str]
    """The title, label or headings that may name the values, the nearest first."""
    rows: list[Range] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """What each row says, without its bullet or number."""
    context: list[Range] = field(default_factory=list)
    """Headings, and the title or label, in document order."""
    first: int = 0
    """The first line of the rows, without what names them."""
    stop: int = 0
    """The line after the last one."""
    is_doubtful: bool = False
    """Whether there may be other rows, or rows that say several values."""

    @property
    def shares_lines(self) -> bool:
        """Whether the rows are parts of lines."""
        return self.kind in {"inline", "column"}

    def add(self, start: int, end: int, text: str) -> None:
        """Add a row."""
        self.rows.append((start, end))
        self.texts.append(text)
