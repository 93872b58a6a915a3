"""An index of the numbers of a text by the digits that they are written with."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from structgen.evidence.grounding.numbers_cells import Cells
from structgen.evidence.grounding.numbers_context import readings
from structgen.evidence.grounding.numbers_mentions import Mentions, Spelled
from structgen.evidence.grounding.numbers_scales import Scales
from structgen.evidence.grounding.numbers_separators import Power, powers
from structgen.evidence.grounding.numbers_shapes import (
    Fraction,
    Mention,
    broken,
    dashes,
    fractions,
    roman,
    spaced,
)
from structgen.evidence.grounding.numbers_titles import Titles
from structgen.evidence.grounding.numbers_words import number_words
from structgen.evidence.grounding.places import Place

MAX_OF_SPELLING = 2_500
"""Mentions of the same characters between the same neighbours that are read."""
_MAX_DOUBT = 0.75
"""Readings that are more doubtful are left out: the text does not say the value."""
_DOUBT_OF_GROUP = 0.6
_SURE_GROUPS = 0.15
"""Up to this doubt of a number with spaces, its groups are no numbers of their own."""


class _Readings(NamedTuple):
    """One reading of digits at all the places where the same things stand around them."""

    power: int
    is_negative: bool
    starts: Sequence[int]
    length: int
    doubt: float


class NumberIndex:
    """The numbers of a text.

    Scales, per cent and separators move the point only: `1.2 million`, `1,200,000` and `0.12%` share the
    digits 12. What stands around a number is read when its digits are asked for, and then kept.
    """

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.mentions = Mentions(folded)
        self._readings: dict[str, dict[tuple[int, bool], list[Place]]] = {}

    @cached_property
    def fractions(self) -> list[Fraction]:
        """The fractions in order of their values."""
        return sorted(fractions(self.folded))

    def by_power(self, digits: str) -> dict[tuple[int, bool], list[Place]]:
        """Return the places of digits by their power of ten and sign, the surest first."""
        known = self._readings.get(digits)
        if known is None:
            by_power: defaultdict[tuple[int, bool], list[Place]] = defaultdict(list)
            for power, is_negative, starts, length, doubt in self._read(digits):
                if doubt <= _MAX_DOUBT:
                    places = by_power[(power, is_negative) if digits else (0, False)]
                    own = round(doubt, 3)
                    ends = [start + length for start in starts]
                    places += map(_place, zip(starts, ends, repeat("value"), repeat(own), strict=False))
            for places in by_power.values():
                places.sort(key=surest)
            self._readings[digits] = known = dict(by_power)
        return known

    def _read(self, digits: str) -> Iterator[_Readings]:
        for spelled in self.mentions.of(digits):
            found, length = spelled.powers, len(spelled.text)
            if found is None:
                found = powers(spelled.text, self.mentions.convention)
            starts = self._capped(spelled)
            if self._has_groups:
                groups = {start for start in starts if self._is_group(start, start + length)}
                grouped = [Power(power, max(doubt, _DOUBT_OF_GROUP)) for power, doubt in found]
                yield from self._at(sorted(groups), length, grouped)
                starts = [start for start in starts if start not in groups]
            yield from self._at(starts, length, found)
        for mention in self._shapes.get(digits, ()):
            yield from self._surroundings([mention.start], mention.end - mention.start, mention.powers)

    def _at(self, starts: Sequence[int], length: int, found: Sequence[Power]) -> Iterator[_Readings]:
        """Yield the readings of one spelling; those of cells together, since nothing around changes them."""
        others: Sequence[int] = starts
        if not self._scales.headings:
            is_cell = self._cells.is_cell
            cells = [start for start in starts if is_cell(start, start + length)]
            if self.titles:
                cells = [start for start in cells if self.titles.power(start) is None]
            if len(cells) == len(starts):
                others = ()
            elif cells:
                known = set(cells)
                others = [start for start in starts if start not in known]
            for power, doubt in found:
                yield _Readings(power, False, cells, length, doubt)
        yield from self._surroundings(others, length, found)

    def _surroundings(
        self, starts: Iterable[int], length: int, found: Iterable[Power]
    ) -> Iterator[_Readings]:
        text, scales, titles = self.folded, self._scales, self.titles
        for begin in starts:
            titled = titles.power(begin) if titles else None
            own = readings(text, begin, begin + length, found, scales, titled)
            for power, is_negative, start, end, doubt in own:
                yield _Readings(power, is_negative, (start,), end - start, doubt)

    def _capped(self, spelled: Spelled) -> Sequence[int]:
        """Return where a spelling begins, in each neighbourhood as often as one leaf can have places."""
        if len(spelled.starts) <= MAX_OF_SPELLING:
            return spelled.starts
        counts: defaultdict[str, int] = defaultdict(int)
        text, length, starts = self.folded, len(spelled.text), []
        for start in spelled.starts:
            around = text[max(0, start - 1) : start + length + 1]
            counts[around] += 1
            if counts[around] <= MAX_OF_SPELLING:
                starts.append(start)
        return starts

    @cached_property
    def titles(self) -> Titles:
        """The units that titles of columns and rows give to the numbers."""
        return Titles(self.folded)

    @cached_property
    def _cells(self) -> Cells:
        return Cells(self.folded)

    @cached_property
    def _scales(self) -> Scales:
        return Scales.of(self.folded)

    @cached_property
    def _shapes(self) -> dict[str, list[Mention]]:
        """The numbers of several pieces and in words, by their digits."""
        shapes: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in (*self._spaced, *broken(self.folded, self.mentions.convention)):
            shapes[mention.digits].append(mention)
        for mention in (*dashes(self.folded), *roman(self.folded), *number_words(self.folded)):
            shapes[mention.digits].append(mention)
        return shapes

    @cached_property
    def _spaced(self) -> list[Mention]:
        return sorted(mention for mention in spaced(self.folded, self.mentions.convention) if mention.powers)

    def _is_group(self, start: int, end: int) -> bool:
        """Whether digits are surely a group of a longer number, as 234 in `1 234,50`."""
        starts, ends = self._groups
        at = bisect_right(starts, start) - 1
        return at >= 0 and end <= ends[at]

    @cached_property
    def _has_groups(self) -> bool:
        """Whether any number with spaces is surely one."""
        return any(self._groups[1])

    @cached_property
    def _groups(self) -> tuple[list[int], list[int]]:
        """The starts of the numbers with spaces, and their ends; 0 for the end of an unsure one."""
        starts = [mention.start for mention in self._spaced]
        return starts, [
            mention.end if mention.powers[0].doubt <= _SURE_GROUPS else 0 for mention in self._spaced
        ]


_place = partial(tuple.__new__, Place)
"""Makes a place of a tuple in half the time."""
surest = itemgetter(3, 0)
"""The order of places by doubt, then by where they stand."""
