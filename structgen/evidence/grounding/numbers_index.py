"""An index of the numbers of a text by the digits that they are written with."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter

from structgen.evidence.grounding.numbers_context import is_cell, readings
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
from structgen.evidence.grounding.numbers_signs import Reading
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
            for power, is_negative, start, end, doubt in self._read(digits):
                if doubt <= _MAX_DOUBT:
                    key = (power, is_negative) if digits else (0, False)
                    by_power[key].append(Place(start, end, "value", round(doubt, 3)))
            for places in by_power.values():
                places.sort(key=surest)
            self._readings[digits] = known = dict(by_power)
        return known

    def _read(self, digits: str) -> Iterator[Reading]:
        text, scales, titles = self.folded, self._scales, self.titles
        has_groups, has_cells = bool(self._spaced), not scales.headings
        for spelled in self.mentions.of(digits):
            found, length = spelled.powers, len(spelled.text)
            if found is None:
                found = powers(spelled.text, self.mentions.convention)
            grouped = tuple(Power(power, max(doubt, _DOUBT_OF_GROUP)) for power, doubt in found)
            for start in self._capped(spelled):
                end = start + length
                own = grouped if has_groups and self._is_group(start, end) else found
                titled = titles.power(start) if titles else None
                if has_cells and titled is None and is_cell(text, start, end):
                    for power, doubt in own:
                        yield Reading(power, False, start, end, doubt)
                else:
                    yield from readings(text, start, end, own, scales, titled)
        for mention in self._shapes.get(digits, ()):
            start, end, titled = mention.start, mention.end, titles.power(mention.start)
            yield from readings(text, start, end, mention.powers, scales, titled)

    def _capped(self, spelled: Spelled) -> Iterable[int]:
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
        """What titles of columns and rows say of the numbers."""
        return Titles(self.folded)

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
    def _groups(self) -> tuple[list[int], list[int]]:
        """The starts of the numbers with spaces, and their ends; 0 for the end of an unsure one."""
        starts = [mention.start for mention in self._spaced]
        return starts, [
            mention.end if mention.powers[0].doubt <= _SURE_GROUPS else 0 for mention in self._spaced
        ]


surest = itemgetter(3, 0)
"""The order of places by doubt, then by where they stand."""
