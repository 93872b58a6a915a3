"""The finders of one source, asked by the type of a leaf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import regex

from structgen.evidence.grounding.booleans import BooleanFinder
from structgen.evidence.grounding.choices import ChoiceFinder
from structgen.evidence.grounding.dates import DateFinder
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.numbers import NumberFinder
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_finder import TextFinder
from structgen.evidence.grounding.text_index import TextIndex

_TIMES = frozenset({"date", "time", "date-time", "duration"})
"""Formats whose values are looked up in other notations even where the text has the same characters."""
_AMOUNT = regex.compile(r"\W*+(?:\p{L}{1,3}\W*+)?\d[\d.,'’\s\u00a0\u202f]*+\W*+(?:\p{L}{1,3})?\W*+")
_LEADING_ZERO = regex.compile(r"0\d++")


class Finders:
    """Finds the places of leaves of every type; equal leaves share one list of places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[Any, list[Place]] = {}

    @cached_property
    def texts(self) -> TextFinder:
        """The finder of strings; as all others it is built when the first leaf asks for it."""
        return TextFinder(TextIndex(self._text))

    @cached_property
    def choices(self) -> ChoiceFinder:
        """The finder of values that the schema lists."""
        return ChoiceFinder(self.texts)

    @cached_property
    def booleans(self) -> BooleanFinder:
        """The finder of booleans."""
        return BooleanFinder(self.texts)

    @cached_property
    def numbers(self) -> NumberFinder:
        """The finder of numbers."""
        return NumberFinder(self._text)

    @cached_property
    def dates(self) -> DateFinder:
        """The finder of dates, times and durations."""
        return DateFinder(self._text)

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return up to `limit` places of a leaf in document order; none for null."""
        key = (
            type(leaf.value),
            leaf.value,
            tuple(map(id, leaf.schemas)),
            leaf.name if isinstance(leaf.value, bool) else "",
        )
        if key not in self._known:
            self._known[key] = self._places(leaf, limit)
        return self._known[key]

    def _places(self, leaf: Leaf, limit: int) -> list[Place]:
        value = leaf.value
        if value is None:
            return []
        if isinstance(value, bool):
            return self.booleans.places(leaf, limit)
        if not isinstance(value, str):
            said = self.numbers.places(leaf, limit)
            return said or (self.choices.places(leaf, limit) if leaf.schemas else [])
        if self.choices.knows(leaf) and (places := self.choices.places(leaf, limit)):
            return places
        said = self.texts.said(value, limit)
        if DateFinder.is_date(leaf) and (not said or _is_time(leaf)):
            said = merged([*said, *self.dates.places(leaf, limit)], limit)
        if not said and _AMOUNT.fullmatch(value) and not _LEADING_ZERO.fullmatch(value):
            said = self.numbers.places(leaf, limit)
        return said or self.texts.nearly(value, limit)


def _is_time(leaf: Leaf) -> bool:
    return "date" in leaf.name_words or any(text in _TIMES for text in leaf.texts("format"))


def merged(places: Iterable[Place], limit: int) -> list[Place]:
    """Return the places in document order; of two that overlap only the surer, or else the longer."""
    ordered: Sequence[Place] = sorted(places, key=lambda place: (place.start, place.distance, -place.end))
    chosen: list[Place] = []
    for place in ordered:
        if chosen and place.start < chosen[-1].end:
            if place.distance < chosen[-1].distance:
                chosen[-1] = place
        elif len(chosen) < limit:
            chosen.append(place)
    return chosen
