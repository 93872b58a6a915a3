"""Rows of a list by where a text says its items: also those that no item comes from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from structgen.evidence.grounding.ground import ground
from structgen.evidence.source import Source
from structgen.longdoc.claims import Claims, claim
from structgen.longdoc.induction.astray import astray, repeated
from structgen.longdoc.induction.home_rows import on_whole_lines, rows_around
from structgen.longdoc.induction.homes import Homes, homes
from structgen.longdoc.induction.item_places import ItemPlaces, ValuePlace, item_places
from structgen.longdoc.induction.item_rows import Layout, layouts, rows_like
from structgen.longdoc.induction.neighbours import runs
from structgen.longdoc.induction.row_runs import counted_beside, row_runs
from structgen.longdoc.induction.said_again import said_again
from structgen.longdoc.induction.tokens import Tokens, tokens
from structgen.longdoc.layout.anchors import values_of
from structgen.longdoc.layout.line_words import has_sentence, is_note, is_rule, is_summary
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.rows import ListRows
from structgen.schema import Schema
from structgen.types import Span

MIN_CLAIMED = 0.95
"""Share of the items whose values the text says, from which on the rows of their shape are the list's."""
MIN_SHARE = 0.65
"""Share of the rows of one shape, from the first that has an item to the last, that have one."""
MAX_LOST = 2
"""Rows between rows of items that may lack an item however few there are."""
MIN_ITEMS = 1
MIN_APART = 2
"""Items that must stand apart from each other, where nothing else shows their rows."""
_CHOSEN = frozenset(
    {"first", "last", "top", "latest", "recent", "main", "key", "selected", "sample", "example"}
)
"""Words in the names of lists that want some of the rows only."""
MAX_OFFSET = 6
"""Characters by which rows beside those of another list begin out of line."""


@dataclass(frozen=True)
class InducedRows:
    """The rows of a list by its items, with the places of these."""

    rows: ListRows
    places: ItemPlaces
    homes: Homes
    told: ListRows
    """The rows whose number is told: the counted ones, where the items show none but their own."""

    def astray(self, row_of: Sequence[int | None]) -> set[int]:
        """Return the items with a value from the row of another one, by the rows of the items."""
        return astray(self.places, self._rows, row_of) | self.homes.mixed

    def repeated(self, row_of: Sequence[int | None]) -> set[int]:
        """Return the items that equal one with a row, and that the text says at no second place."""
        without = {item for item in self.homes.repeated if row_of[item] is None}
        return repeated(self.places, self._rows, row_of) | without

    @property
    def _rows(self) -> list[Span]:
        return [row for run in self.rows.runs for row in run.rows]


class Induction:
    """The places of a value in a text, from which the rows of its lists are induced."""

    def __init__(self, data: Any, schema: Schema, source: Source) -> None:
        self.data = data
        self._schema, self._source = schema, source

    @cached_property
    def _evidence(self) -> Any:
        return ground(self.data, self._schema, self._source)

    @cached_property
    def _lines(self) -> Tokens:
        return tokens(self._source.text)

    @cached_property
    def _prose(self) -> Tokens:
        return tokens(self._source.text, is_prose=True)

    def rows(self, counted: ListRows, items: Sequence[Any], item_schema: Schema | None) -> InducedRows | None:
        """Return the rows of a list by its items; None where the items show none.

        Rows are what all items have in common in the text. Those that no item comes from must follow rows of
        items, with nothing between that does not stand between these as well.
        """
        if len(items) < MIN_ITEMS or title_words(counted.pointer.rsplit("/", 1)[-1]) & _CHOSEN:
            return None
        places = item_places(counted.pointer, items, self._evidence)
        apart = homes(places, self._source.text)
        return (
            self._rows(counted, items, item_schema, places, apart, is_prose=False)
            or self._rows(counted, items, item_schema, places, apart, is_prose=True)
            or self._around(counted, places, apart)
        )

    def _around(self, counted: ListRows, places: ItemPlaces, apart: Homes) -> InducedRows | None:
        """Return the rows around the items alone, where these stand apart from each other."""
        said = {item for item, own in enumerate(places.of) if own} - apart.repeated
        if len(apart.of) < max(MIN_APART, MIN_CLAIMED * len(said)):
            return None
        text = self._source.text
        rows = rows_around(sorted(apart.of.values(), key=lambda home: home.start), text)
        beside = counted_beside(counted, rows, rows, text)
        found = sorted([*row_runs([rows], places.shared, text), *beside], key=lambda run: run.rows[0].start)
        own = ListRows(counted.pointer, tuple(found), stated=counted.stated)
        return InducedRows(own, places, apart, own if beside else counted)

    def _rows(
        self,
        counted: ListRows,
        items: Sequence[Any],
        item_schema: Schema | None,
        places: ItemPlaces,
        apart: Homes,
        *,
        is_prose: bool,
    ) -> InducedRows | None:
        others = self._others(counted.pointer)
        text_tokens = self._prose if is_prose else self._lines
        templates = layouts(places, text_tokens, [place for place, is_item in others if is_item])
        spans = rows_like(templates, text_tokens) if templates else []
        if not spans:
            return None
        text = self._source.text
        spans = on_whole_lines(_with_homes(spans, apart), text)
        claims = claim(items, spans, text, item_schema)
        if not _are_trusted(claims, places, spans):
            return None
        own = {row for row in claims.row_of if row is not None}
        if _are_chosen(own):
            return None
        lost = _Lost(spans, own, text, templates, others)
        again = said_again(items, spans, own, text, item_schema)
        kept = [
            [row for row in run if row in own or (row not in again and lost.is_row(row, run))]
            for run in runs(spans, own, text)
        ]
        groups = [[spans[row] for row in run] for run in kept if own.intersection(run)]
        known = [row for group in groups for row in group]
        beside = counted_beside(counted, known, [spans[row] for row in sorted(own)], text)
        found = sorted([*row_runs(groups, places.shared, text), *beside], key=lambda run: run.rows[0].start)
        own_rows = ListRows(counted.pointer, tuple(found), stated=counted.stated)
        return InducedRows(own_rows, places, apart, own_rows)

    def _others(self, pointer: str) -> list[tuple[ValuePlace, bool]]:
        """Return the places of other values, and whether items have them: others count if they stand once."""
        found = []
        for at, one in self._evidence.items():
            if at.startswith(f"{pointer}/") or one.start is None or one.end is None or one.kind == "fuzzy":
                continue
            is_item = any(step.isdigit() for step in at.split("/"))
            if is_item or one.candidates == 1:
                found.append((ValuePlace(one.start, one.end, at), is_item))
        return sorted(found)


def _with_homes(rows: Sequence[Span], apart: Homes) -> list[Span]:
    """Return rows with those around the homes of items that lie over none of them."""
    starts = [row.start for row in rows]

    def is_outside(home: Span) -> bool:
        at = bisect_left(starts, home.end) - 1
        return at < 0 or rows[at].end <= home.start

    others = sorted(filter(is_outside, apart.of.values()), key=lambda home: home.start)
    return sorted([*rows, *others], key=lambda row: row.start)


def _are_trusted(claims: Claims, places: ItemPlaces, rows: Sequence[Span]) -> bool:
    """Return whether the items that the text says have rows of their own, but for repeated ones."""
    without = {at for at, row in enumerate(claims.row_of) if row is None and places.is_said[at]}
    without -= repeated(places, rows, claims.row_of)
    with_row = sum(row is not None for row in claims.row_of)
    return with_row >= max(MIN_ITEMS, MIN_CLAIMED * (with_row + len(without)))


def _are_chosen(own: set[int]) -> bool:
    """Return whether items come from some rows only of those of their shape, and others between do not."""
    rows = max(own) - min(own) + 1
    return len(own) < rows - MAX_LOST and len(own) < MIN_SHARE * rows


@dataclass
class _Lost:
    """Tells the rows that no item comes from, though one should."""

    spans: Sequence[Span]
    own: set[int]
    text: str
    templates: Sequence[Layout]
    others: Sequence[tuple[ValuePlace, bool]]

    def __post_init__(self) -> None:
        """Note where the rows of items begin in their lines."""
        self._columns = sorted(self._column(row) for row in self.own)
        self._is_column = any(each.is_inline for each in self.templates) and (
            self._columns[-1] - self._columns[0] <= MAX_OFFSET
        )
        self._has_siblings = any(self._other(span) is True for span in self.spans)
        self._are_sentences = any(has_sentence(self._text(row)) for row in self.own)
        own = (values_of(self._text(row)) for row in self.own)
        self._least = [min(numbers) for numbers in zip(*own, strict=True)]
        self._has_words_only = not any(each.is_typed for each in self.templates)

    def is_row(self, row: int, run: Sequence[int]) -> bool:
        """Return whether a row without an item is one of the list."""
        span, text = self.spans[row], self._text(row)
        if is_rule(text) or is_summary(text) or is_note(text) or self._other(span) is not None:
            return False
        if any(had < least for had, least in zip(values_of(text), self._least, strict=True)):
            return False
        if not self._are_sentences and has_sentence(text):
            return False
        if self._has_words_only and row == run[0]:
            return False
        if self._is_column:
            first, last = self._columns[0], self._columns[-1]
            return first - MAX_OFFSET <= self._column(row) <= last + MAX_OFFSET
        return not self._has_siblings or min(self.own) < row < max(self.own)

    def _text(self, row: int) -> str:
        return self.text[self.spans[row].start : self.spans[row].end]

    def _column(self, row: int) -> int:
        start = self.spans[row].start
        return start - self.text.rfind("\n", 0, start)

    def _other(self, span: Span) -> bool | None:
        """Return whether another value in a range is of an item; None where there is none."""
        at = bisect_left(self.others, span.start, key=lambda other: other[0].start)
        inside = at < len(self.others) and self.others[at][0].end <= span.end
        return self.others[at][1] if inside else None
