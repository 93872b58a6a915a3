"""An answer with its evidence, as the signals see it: leaves, rows, columns and lines."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from structgen.evidence.comparison import is_empty, key
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.scoring.source_words import SourceWords
from structgen.evidence.source import Source
from structgen.schema.traversal import JsonPath
from structgen.types.evidence import Evidence

Column = tuple[str, ...]
"""The names that lead to a leaf, without the indices of lists: all rows share their columns."""
MAX_OPEN = 32
"""Places that overlap each other and are compared."""


@dataclass(frozen=True)
class Answer:
    """The leaves of an object, each with its evidence, and the source they came from."""

    leaves: Sequence[Leaf]
    evidence: Mapping[str, Evidence]
    source: Source
    prompt: str = ""
    """Instruction, descriptions and examples that the model read besides the source."""

    @cached_property
    def words(self) -> SourceWords:
        """The words of the source."""
        return SourceWords(self.source.text)

    @cached_property
    def prompt_words(self) -> SourceWords:
        """The words of the prompt."""
        return SourceWords(self.prompt)

    @cached_property
    def rows(self) -> dict[JsonPath, list[Leaf]]:
        """The leaves of each item of a list, and of the object itself."""
        return self._grouped(lambda leaf: leaf.row)

    @cached_property
    def columns(self) -> dict[Column, list[Leaf]]:
        """The leaves that stand in the same member of all rows."""
        return self._grouped(column)

    @cached_property
    def column_keys(self) -> dict[Column, dict[str, int]]:
        """How often each value stands in a column, by its key for comparison."""
        counts: dict[Column, dict[str, int]] = {}
        for name, members in self.columns.items():
            seen: defaultdict[str, int] = defaultdict(int)
            for leaf in members:
                seen[key(leaf.value)] += 1
            counts[name] = dict(seen)
        return counts

    @cached_property
    def overlapped(self) -> frozenset[str]:
        """The pointers of leaves whose place overlaps that of a leaf in another column."""
        placed = sorted(
            (found.start, found.end, column(leaf), leaf.pointer)
            for leaf in self.leaves
            if (found := self.evidence.get(leaf.pointer)) is not None
            and found.start is not None
            and found.end is not None
        )
        overlapped: set[str] = set()
        open_places: list[tuple[int, Column, str]] = []
        for start, end, name, pointer in placed:
            open_places = [place for place in open_places if place[0] > start][-MAX_OPEN:]
            for _, other_name, other in open_places:
                if other_name != name:
                    overlapped |= {pointer, other}
            open_places.append((end, name, pointer))
        return frozenset(overlapped)

    @cached_property
    def _line_starts(self) -> list[int]:
        text, starts, at = self.source.text, [0], -1
        while (at := text.find("\n", at + 1)) >= 0:
            starts.append(at + 1)
        return starts

    def line(self, offset: int) -> int:
        """Return the number of the line of an offset."""
        return bisect_right(self._line_starts, offset)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of the source, in lower case."""
        return frozenset(self.source.text.casefold())

    @cached_property
    def scalar_keys(self) -> frozenset[str]:
        """The values that stand outside of all lists, by their keys for comparison."""
        return frozenset(key(leaf.value) for leaf in self.rows.get((), ()))

    def is_said(self, leaf: Leaf) -> bool:
        """Whether the source surely says the leaf's value, in whatever notation."""
        found = self.evidence.get(leaf.pointer)
        return found is not None and found.kind in ("exact", "normalised", "value")

    def said_share(self, leaves: Sequence[Leaf]) -> float | None:
        """Return the share of leaves with a value that the source says; None where no leaf has a value."""
        valued = [leaf for leaf in leaves if not is_empty(leaf.value) and not isinstance(leaf.value, bool)]
        return sum(map(self.is_said, valued)) / len(valued) if valued else None

    def _grouped(self, name: Any) -> dict[Any, list[Leaf]]:
        groups: defaultdict[Any, list[Leaf]] = defaultdict(list)
        for leaf in self.leaves:
            groups[name(leaf)].append(leaf)
        return dict(groups)


def column(leaf: Leaf) -> Column:
    """Return the column of a leaf."""
    return leaf.names
