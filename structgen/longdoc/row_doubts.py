"""Doubt the values of an item that its own row does not say, or not as the value of their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from structgen.evidence.grounding.finders import Finders
from structgen.evidence.grounding.leaves import Leaf, leaves
from structgen.evidence.grounding.places import Place
from structgen.longdoc.layout.cells import cell_kind, date_at
from structgen.longdoc.row_text import RowText, RowTexts
from structgen.longdoc.row_values import MAX_DOUBT, shows_something
from structgen.schema import Schema
from structgen.schema.traversal import JsonPath, pointer
from structgen.types import Span

Reason = Literal["unsaid", "column", "cells", "part", "shared"]
"""Not said by the row; said in another column only; over several cells; as a part of a cell; where another
field has its value."""
MAX_PLACES = 200
MIN_ABOVE = 3
"""Characters of a value that a heading may say of all rows below it."""
_CENTS = re.compile(r"[.,]\d\d\)?$")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_MARKS_OF_TIMES = re.compile(r"[,;|]")
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is probably not what the row says."""

    path: JsonPath
    """The path of the value in its item."""
    reason: Reason
    is_named: bool
    """Whether a column has the name of the field."""
    may_be_carried: bool = False
    """Whether the row leaves the field open, so that its value may be that of the rows above."""

    @property
    def field(self) -> JsonPath:
        """The path without the indices of lists."""
        return tuple(step for step in self.path if isinstance(step, str))

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the value in its item."""
        return pointer(self.path)


def doubts(item: Any, schema: Schema | None, row: RowText, context: str = "") -> list[Doubt]:
    """Return the doubts about the values of an item.

    Null, booleans, listed choices and the lists inside of an item are not doubted.

    Args:
        item: the item that was read from the row.
        schema: the schema of one item; formats help to find the values.
        row: the row's text.
        context: headings, whose values count for fields without a column where no cell is left for them.
    """
    judged = [_Value(leaf, row) for leaf in leaves(item, schema) if _is_judged(leaf)]
    if all(value.is_plain for value in judged):
        return []
    finders = Finders(row.text)
    for value in judged:
        value.find(finders)
    return [*_doubted(judged, row, context)]


def doubts_in_row(
    item: Any, schema: Schema | None, texts: RowTexts, row: Span, header: Span | None, context: str, stop: int
) -> list[Doubt]:
    """Return the doubts about an item by its row, which may go on below where its first column is wrapped.

    Args:
        item: the item that was read from the row.
        schema: the schema of one item.
        texts: the texts of the rows of the list.
        row: the row.
        header: the titles of the row's columns.
        context: headings above the row.
        stop: where the next row begins.
    """
    found = doubts(item, schema, texts.row(row, header), context)
    if not found or (wider := texts.with_rest(row, stop)) == row:
        return found
    return min(found, doubts(item, schema, texts.row(wider, header), context), key=len)


def _is_judged(leaf: Leaf) -> bool:
    in_list = any(isinstance(step, int) for step in leaf.path)
    return not in_list and shows_something(leaf) and leaf.value not in leaf.choices


class _Value:
    """A value of an item, with its places in the row."""

    def __init__(self, leaf: Leaf, row: RowText) -> None:
        self.leaf, self._text = leaf, row.text
        self.column = row.columns.get(leaf.name) if len(leaf.names) == 1 else None
        self.is_plain = self.column is not None and _is_cell(leaf, row.cell(self.column))
        """Whether the value is the text of the field's cell, character by character."""
        self.places: list[Place] = []

    def find(self, finders: Finders) -> None:
        """Find the places of the value, but not those of nearly the same texts."""
        places = finders.places(self.leaf, MAX_PLACES)
        self.places = [place for place in _sure(places) if _has_digits(place, self.leaf, self._text)]

    def has_kind(self, cell: str) -> bool:
        """Return whether a cell may say the value, as far as kinds of cells tell."""
        kind = cell_kind(cell)
        if isinstance(self.leaf.value, str):
            return kind != "empty" and (kind != "number" or cell_kind(self.leaf.value) == "number")
        if isinstance(self.leaf.value, int) and _CENTS.search(cell):
            return False
        return kind in {"number", "code"}


def _sure(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.kind != "fuzzy" and place.distance <= MAX_DOUBT]


def _has_digits(place: Place, leaf: Leaf, text: str) -> bool:
    """Return whether a place has the digits of a time or number that is asked for as a text.

    A finder takes `14:14` for `14:14:14`; a place with letters may well have another notation.
    """
    said = text[place.start : place.end]
    if not isinstance(leaf.value, str) or cell_kind(leaf.value) not in {"time", "number"}:
        return True
    return any(map(str.isalpha, said)) or _DIGIT.findall(said) == _DIGIT.findall(leaf.value)


def _says_apart(text: str, leaf: Leaf) -> bool:
    """Return whether a value stands between blanks: with digits before it, it may be read as another one.

    Times have no commas: `21:41,12:40` are two.
    """
    marks = _MARKS_OF_TIMES if cell_kind(str(leaf.value)) == "time" else None
    lines = "\n".join((marks.sub(" ", text) if marks else text).split())
    places = _sure(Finders(lines).places(leaf, MAX_PLACES))
    return any(_has_digits(place, leaf, lines) for place in places)


def _is_cell(leaf: Leaf, cell: str) -> bool:
    value = leaf.value
    if isinstance(value, str):
        return value == cell
    return _NUMBER.fullmatch(cell) is not None and float(cell.replace(",", "")) == value


def _doubted(values: Sequence[_Value], row: RowText, context: str) -> Iterator[Doubt]:
    used = {at for value in values for place in value.places for at in row.cells_at(place)}
    used |= {value.column for value in values if value.is_plain and value.column is not None}
    for value in values:
        if value.is_plain:
            continue
        named = value.column is not None
        reason = _reason(value, row) or ("shared" if _is_shared(value, values) else None)
        if reason is None:
            continue
        cell = row.cell(value.column) if value.column is not None else None
        is_open = reason == "unsaid" and cell_kind(cell or "") == "empty"
        left = (at for at in range(len(row.cells)) if at not in used and value.has_kind(row.cell(at)))
        may_be_above = next(left, None) is None if row.cells else _may_be_above(value.leaf, row.text)
        if is_open and may_be_above and _says(context, value.leaf):
            continue
        is_open = is_open and (may_be_above if row.cells else not _has_number_left(value, values, row.text))
        yield Doubt(value.leaf.path, reason, named, is_open)


def _reason(value: _Value, row: RowText) -> Reason | None:
    if not value.places:
        return None if _says_apart(row.text, value.leaf) else "unsaid"
    if not row.cells:
        return None
    cells = [row.cells_at(place) for place in value.places]
    inside = [(place, at[0]) for place, at in zip(value.places, cells, strict=True) if len(at) == 1]
    if not inside:
        return "cells"
    own = [(place, at) for place, at in inside if at == value.column]
    if value.column is not None and not own:
        return "column"
    if cell_kind(str(value.leaf.value)) not in {"words", "code"} or not isinstance(value.leaf.value, str):
        return None
    return None if any(row.is_whole(place, at) for place, at in own or inside) else "part"


def _is_shared(value: _Value, values: Sequence[_Value]) -> bool:
    """Return whether the only place of a value is that of another field's value as well."""
    if len(value.places) != 1:
        return False
    [place] = value.places
    others = (one.places[0] for one in values if one is not value and len(one.places) == 1)
    return any((other.start, other.end) == (place.start, place.end) for other in others)


def _has_number_left(value: _Value, values: Sequence[_Value], text: str) -> bool:
    """Return whether a row has a number that no value of the item is, where one is asked for."""
    if isinstance(value.leaf.value, str):
        return False
    said = [place for one in values for place in one.places]
    return any(
        not any(place.start < number.end() and number.start() < place.end for place in said)
        for number in _NUMBER.finditer(text)
    )


def _may_be_above(leaf: Leaf, text: str) -> bool:
    """Return whether a row without known cells may leave a value to the heading.

    It must be long enough not to stand there by chance; of a date, the row must have none of its own.
    """
    if cell_kind(str(leaf.value)) != "date":
        return len(str(leaf.value)) >= MIN_ABOVE
    starts = (word.start() for word in _WORD.finditer(text))
    return not any(date_at(text[start:]) for start in starts)


def _says(context: str, leaf: Leaf) -> bool:
    return bool(context.strip() and _sure(Finders(context).places(leaf, MAX_PLACES)))
