"""An index of the numbers of a text by the digits that they are written with."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from structgen import json_text
from structgen.evidence.grounding.numbers_context import readings
from structgen.evidence.grounding.numbers_exact import digits_key
from structgen.evidence.grounding.numbers_scales import Scales
from structgen.evidence.grounding.numbers_separators import Convention, Power, convention_of, powers
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
from structgen.evidence.grounding.numbers_words import number_words
from structgen.evidence.grounding.places import Place

_DIGITS = re.compile(r"(\d+)(?:([.,'])(\d+)((?:[.,']\d+)+)?)?")
_PIECE = re.compile(r"\d+")
Digits = tuple[int, int, tuple[Power, ...] | None]
"""A range of digits with separators, and the powers of ten where they are known already."""
MAX_OF_SPELLING = 2_500
"""Mentions of the same characters between the same neighbours that are read."""
_MAX_DOUBT = 0.75
"""Readings that are more doubtful are left out: the text does not say the value."""
_DOUBT_OF_PIECE = 0.4
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
        self.mentions: defaultdict[str, list[Digits]] = defaultdict(list)
        self._readings: dict[str, dict[tuple[int, bool], list[Place]]] = {}
        self._index_digits()

    @cached_property
    def fractions(self) -> list[Fraction]:
        """The fractions in order of their values."""
        return sorted(fractions(self.folded))

    @cached_property
    def keys(self) -> list[str]:
        """The digits of all numbers in order."""
        return sorted(self.mentions)

    def by_power(self, digits: str) -> dict[tuple[int, bool], list[Place]]:
        """Return the places of digits by their power of ten and sign, the surest first."""
        known = self._readings.get(digits)
        if known is None:
            by_power: defaultdict[tuple[int, bool], list[Place]] = defaultdict(list)
            for reading in self._read(digits):
                if reading.doubt <= _MAX_DOUBT:
                    power, negative = (reading.power, reading.is_negative) if digits else (0, False)
                    by_power[power, negative].append(
                        Place(reading.start, reading.end, "value", round(reading.doubt, 3))
                    )
            self._readings[digits] = known = {key: sorted(by_power[key], key=surest) for key in by_power}
        return known

    def _read(self, digits: str) -> Iterator[Reading]:
        for start, end, known in self._spellings(self.mentions.get(digits, ())):
            found = powers(self.folded[start:end], self._convention) if known is None else known
            if self._spaced and self._is_group(start, end):
                found = tuple(Power(power, max(doubt, _DOUBT_OF_GROUP)) for power, doubt in found)
            yield from readings(self.folded, start, end, found, self._scales)
        for mention in self._shapes.get(digits, ()):
            yield from readings(self.folded, mention.start, mention.end, mention.powers, self._scales)

    def _spellings(self, found: Sequence[Digits]) -> Iterator[Digits]:
        """Yield the mentions, of each spelling in its neighbourhood as many as one leaf can have places."""
        if len(found) <= MAX_OF_SPELLING:
            yield from found
            return
        counts: defaultdict[str, int] = defaultdict(int)
        text = self.folded
        for mention in found:
            spelling = text[max(0, mention[0] - 1) : mention[1] + 1]
            counts[spelling] += 1
            if counts[spelling] <= MAX_OF_SPELLING:
                yield mention

    def _index_digits(self) -> None:
        mentions, is_comma_decimal = self.mentions, self._convention == "comma"
        for match in _DIGITS.finditer(self.folded):
            whole, separator, fraction, rest = match.groups()
            start, end = match.span()
            if separator is None:
                mentions[whole.strip("0")].append((start, end, None))
            elif rest or separator == "'":
                self._index_separated(match[0], start, end)
            else:
                mentions[(whole + fraction).strip("0")].append((start, end, None))
                if separator == "," and not (is_comma_decimal or len(fraction) == 3):
                    self._index_pieces(match[0], start)

    def _index_separated(self, token: str, start: int, end: int) -> None:
        """Index digits with several separators as one number, or its pieces where it is a list or a date."""
        found = powers(token, self._convention) if len(token) <= json_text.MAX_DIGITS else ()
        if found:
            self.mentions[digits_key(token)].append((start, end, found))
        else:
            self._index_pieces(token, start)

    def _index_pieces(self, token: str, start: int) -> None:
        for piece in _PIECE.finditer(token):
            digits = piece[0].strip("0")
            power = len(piece[0].rstrip("0")) - len(piece[0]) if digits else 0
            pieces = (Power(-power, _DOUBT_OF_PIECE),)
            self.mentions[digits].append((start + piece.start(), start + piece.end(), pieces))

    @cached_property
    def _convention(self) -> Convention:
        return convention_of(self.folded)

    @cached_property
    def _scales(self) -> Scales:
        return Scales.of(self.folded)

    @cached_property
    def _shapes(self) -> dict[str, list[Mention]]:
        """The numbers of several pieces and in words, by their digits."""
        shapes: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in (*self._spaced, *broken(self.folded, self._convention)):
            shapes[mention.digits].append(mention)
        for mention in (*dashes(self.folded), *roman(self.folded), *number_words(self.folded)):
            shapes[mention.digits].append(mention)
        return shapes

    @cached_property
    def _spaced(self) -> list[Mention]:
        return sorted(mention for mention in spaced(self.folded, self._convention) if mention.powers)

    def _is_group(self, start: int, end: int) -> bool:
        """Whether digits are surely a group of a longer number, as 234 in `1 234,50`."""
        at = bisect_right(self._spaced, start, key=lambda mention: mention.start) - 1
        if at < 0:
            return False
        number = self._spaced[at]
        return end <= number.end and number.powers[0].doubt <= _SURE_GROUPS


def surest(place: Place) -> tuple[float, int]:
    """Return the order of places by doubt, then by where they stand."""
    return place.distance, place.start
