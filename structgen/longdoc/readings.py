"""What a segment gave, with the places of its values in the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low
from typing import Any

from structgen.evidence.grounding.ground import ground
from structgen.longdoc.claims import claim
from structgen.longdoc.monotone import heaviest_chain
from structgen.longdoc.segments import Segment
from structgen.schema import Schema
from structgen.schema.traversal import JsonPath, pointer
from structgen.types import Span
from structgen.types.evidence import MATCH_KINDS, Evidence


@dataclass(frozen=True)
class Part:
    """A segment with the value that was read from it: the object around its list, or the whole object."""

    segment: Segment
    value: Any


@dataclass(frozen=True)
class Entry:
    """An item of a list, with its place in the document."""

    value: Any
    anchor: int
    """An offset inside of the item's row."""
    ranges: frozenset[tuple[int, int]] = frozenset()
    """The ranges of its values, or of its row where that is known."""
    is_own: bool = True
    """Whether it stands in the segment's own text rather than in the context."""
    is_row: bool = False
    """Whether `ranges` is the range of the row."""

    @property
    def place(self) -> Span | None:
        """The range from the first of its values to the last one; None where the document says none."""
        if not self.ranges:
            return None
        return Span(min(start for start, _ in self.ranges), max(end for _, end in self.ranges))


class Reading:
    """The values of one part, grounded in the part's text when it is first asked for."""

    def __init__(self, part: Part, document: str, schema: Schema | None) -> None:
        self.segment, self.value = part.segment, part.value
        self._document, self._schema = document, schema
        self.start = min((span.start for span in self.segment.own), default=0)

    @cached_property
    def _evidence(self) -> dict[str, Evidence]:
        return ground(self.value, self._schema, self.segment.text(self._document))

    @cached_property
    def _evidence_of_items(self) -> dict[str, list[Evidence]]:
        """The evidence by the pointers of all values around."""
        by_place: dict[str, list[Evidence]] = {}
        for at, evidence in self._evidence.items():
            while at:
                by_place.setdefault(at, []).append(evidence)
                at = at.rsplit("/", 1)[0]
        return by_place

    def rank(self, path: JsonPath) -> tuple[int, bool, int]:
        """Return how well the part grounds a scalar: the lowest rank is the best."""
        evidence = self._evidence.get(pointer(path))
        if evidence is None or evidence.start is None:
            return len(MATCH_KINDS), True, self.start
        own = self.segment.is_own(evidence.start)
        return MATCH_KINDS.index(evidence.kind), not own, self.segment.offset(evidence.start)

    def span(self, path: JsonPath) -> Span | None:
        """Return where the document says a scalar."""
        evidence = self._evidence.get(pointer(path))
        if evidence is None or evidence.start is None or evidence.end is None:
            return None
        return Span(*self._range(evidence))

    def _range(self, evidence: Evidence) -> tuple[int, int]:
        start, end = evidence.start or 0, evidence.end or 0
        return self.segment.offset(start), self.segment.offset(max(start, end - 1)) + 1

    def entries(self, path: JsonPath, items: Sequence[Any]) -> list[Entry]:
        """Return the items of a list with their places, in their order."""
        rows = self.segment.rows if self.segment.pointer == pointer(path) else ()
        if not rows:
            return list(self._grounded(path, items))
        row_of: Sequence[int | None] = range(len(rows))
        if len(rows) != len(items):
            start = rows[0].start
            shifted = [Span(row.start - start, row.end - start) for row in rows]
            row_of = claim(items, shifted, self._document[start : rows[-1].end]).row_of
        entries: list[Entry] = []
        anchor = rows[0].start
        for item, row in zip(items, row_of, strict=True):
            if row is None:
                entries.append(Entry(item, anchor))
                continue
            anchor = rows[row].start
            ranges = frozenset({(rows[row].start, rows[row].end)})
            entries.append(Entry(item, anchor, ranges, is_row=True))
        return entries

    def _grounded(self, path: JsonPath, items: Sequence[Any]) -> Iterator[Entry]:
        at = pointer(path)
        found = [
            [one for one in self._evidence_of_items.get(f"{at}/{index}", ()) if one.start is not None]
            for index in range(len(items))
        ]
        anchors = [median_low([one.start or 0 for one in each]) if each else None for each in found]
        in_order = dict(
            heaviest_chain([[] if anchor is None else [(2 * anchor + 1, 1.0)] for anchor in anchors])
        )
        last = 0
        for index, (item, evidence) in enumerate(zip(items, found, strict=True)):
            last = in_order[index] // 2 if index in in_order else last
            ranges = frozenset(self._range(one) for one in evidence)
            own = not evidence or self.segment.is_own(last)
            yield Entry(item, self.segment.offset(last) if evidence or last else self.start, ranges, own)
