"""Find the numbers of a source by their exact value, whatever notation they stand in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from itertools import islice

from structgen import json_text
from structgen.evidence.grounding.leaves import Leaf, Scalar
from structgen.evidence.grounding.numbers_context import PER_CENT, Reading, readings
from structgen.evidence.grounding.numbers_exact import NO_SEPARATORS, Exact, digits_key, exact_value
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
from structgen.evidence.grounding.numbers_words import number_words, spelled_number
from structgen.evidence.grounding.places import Place
from structgen.parsing.coercion.number_text import Number, fold, read_number

_DIGITS = re.compile(r"(\d+)(?:([.,'])(\d+)((?:[.,']\d+)+)?)?")
_PIECE = re.compile(r"\d+")
_MAX_DOUBT = 0.75
"""Readings that are more doubtful are left out: the text does not say the value."""
_PIECE_DOUBT = 0.4
_GROUP_DOUBT = 0.6
_DOUBT_OF_GROUP = 0.15
_ALTERNATIVE_DOUBT = 0.3
_SURE = 0.3
_NO_SIGN_DOUBT = 0.2
_SPARE = 64
"""Places beyond the limit that are compared: some have the range of another one."""
_MAX_WORDS = 60
"""Characters of the longest string that is read as a number in words."""
_MIN_ROUNDED_DIGITS = 3
_MIN_ROUNDED_INTEGER = 4
_MAX_ROUNDED_KEYS = 50


class NumberFinder:
    """The numbers of a text by the digits that they are written with.

    Scales, per cent and separators move the point only: `1.2 million`, `1,200,000` and `0.12%` share the
    digits 12. What stands around a number is read when a leaf asks for its digits, and then kept.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._mentions: defaultdict[str, list[tuple[int, int, tuple[Power, ...] | None]]] = defaultdict(list)
        self._readings: dict[str, dict[tuple[int, bool], list[Place]]] = {}
        self._known: dict[tuple[type, Scalar, int], list[Place]] = {}
        self._index_digits()

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the places that say a number, or the number that a string spells."""
        key = (type(leaf.value), leaf.value, limit)
        if key not in self._known:
            self._known[key] = self._best(leaf.value, limit)
        return list(self._known[key])

    def _best(self, value: Scalar, limit: int) -> list[Place]:
        """Return the least doubtful places of a leaf's value in document order."""
        found: dict[tuple[int, int], Place] = {}
        is_per_cent = isinstance(value, str) and PER_CENT.search(value) is not None
        for number, doubt in _values(value):
            for place in islice(self._places(number, limit), limit + _SPARE):
                place = self._in_per_cent(place) if is_per_cent else place
                place = _with_doubt(place, doubt)
                key = (place.start, place.end)
                if key not in found or place.distance < found[key].distance:
                    found[key] = place
        if not found:
            return []
        spelling = value if isinstance(value, str) else json_text.dumps(value)
        best = sorted(found.values(), key=_surest)[:limit]
        return sorted((self._named(place, spelling) for place in best), key=lambda place: place.start)

    def _in_per_cent(self, place: Place) -> Place:
        """Return the place of a string that says per cent: with its sign, or more doubtful without one."""
        if PER_CENT.search(self._folded, place.start, place.end):
            return place
        sign = PER_CENT.match(self._folded, place.end)
        if sign is None:
            return _with_doubt(place, _NO_SIGN_DOUBT)
        return Place(place.start, sign.end(), place.kind, place.distance)

    def _named(self, place: Place, spelling: str) -> Place:
        """Return a place as an exact one where its characters are the value's."""
        is_exact = place.distance < _SURE and self._text[place.start : place.end] == spelling
        return Place(place.start, place.end, "exact", place.distance) if is_exact else place

    def _index_digits(self) -> None:
        mentions, is_comma_decimal = self._mentions, self._convention != "point"
        for match in _DIGITS.finditer(self._folded):
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
            self._mentions[digits_key(token)].append((start, end, found))
        else:
            self._index_pieces(token, start)

    def _index_pieces(self, token: str, start: int) -> None:
        for piece in _PIECE.finditer(token):
            digits = piece[0].strip("0")
            power = len(piece[0].rstrip("0")) - len(piece[0]) if digits else 0
            pieces = (Power(-power, _PIECE_DOUBT),)
            self._mentions[digits].append((start + piece.start(), start + piece.end(), pieces))

    @cached_property
    def _convention(self) -> Convention:
        return convention_of(self._folded)

    @cached_property
    def _scales(self) -> Scales:
        return Scales.of(self._folded)

    @cached_property
    def _shapes(self) -> dict[str, list[Mention]]:
        """The numbers of several pieces and in words, by their digits."""
        shapes: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in (*self._spaced, *broken(self._folded, self._convention)):
            shapes[mention.digits].append(mention)
        for mention in (*dashes(self._folded), *roman(self._folded), *number_words(self._folded)):
            shapes[mention.digits].append(mention)
        return shapes

    @cached_property
    def _spaced(self) -> list[Mention]:
        return sorted(mention for mention in spaced(self._folded, self._convention) if mention.powers)

    def _is_group(self, start: int, end: int) -> bool:
        """Whether digits are surely a group of a longer number, as 234 in `1 234,50`."""
        at = bisect_right(self._spaced, start, key=lambda mention: mention.start) - 1
        if at < 0:
            return False
        number = self._spaced[at]
        return end <= number.end and number.powers[0].doubt < _DOUBT_OF_GROUP

    @cached_property
    def _fractions(self) -> list[Fraction]:
        return sorted(fractions(self._folded))

    @cached_property
    def _keys(self) -> list[str]:
        return sorted(self._mentions)

    def _places(self, value: Exact, limit: int) -> Iterator[Place]:
        by_power = self._by_power(value.digits)
        exact = by_power.get((value.power, value.is_negative and bool(value.digits)), [])
        yield from exact[: limit + _SPARE]
        divided = list(self._divided(value))
        yield from divided
        if not exact and not divided:
            yield from self._rounded(value)

    def _by_power(self, digits: str) -> dict[tuple[int, bool], list[Place]]:
        known = self._readings.get(digits)
        if known is None:
            by_power: defaultdict[tuple[int, bool], list[Place]] = defaultdict(list)
            for reading in self._read(digits):
                if reading.doubt <= _MAX_DOUBT:
                    power, negative = (reading.power, reading.is_negative) if digits else (0, False)
                    by_power[power, negative].append(
                        Place(reading.start, reading.end, "value", round(reading.doubt, 3))
                    )
            self._readings[digits] = known = {key: sorted(by_power[key], key=_surest) for key in by_power}
        return known

    def _read(self, digits: str) -> Iterator[Reading]:
        for start, end, known in self._mentions.get(digits, ()):
            found = powers(self._folded[start:end], self._convention) if known is None else known
            if self._spaced and self._is_group(start, end):
                found = tuple(Power(power, max(doubt, _GROUP_DOUBT)) for power, doubt in found)
            yield from readings(self._folded, start, end, found, self._scales)
        for mention in self._shapes.get(digits, ()):
            yield from readings(self._folded, mention.start, mention.end, mention.powers, self._scales)

    def _divided(self, value: Exact) -> Iterator[Place]:
        """Yield the fractions that round to a value."""
        if not value.digits or value.power >= 0 or value.is_negative or not self._fractions:
            return
        number = float(Decimal(value.digits).scaleb(value.power))
        half = 0.5 * 10.0**value.power if len(value.digits) > 1 else 1e-9
        first = bisect_left(self._fractions, number - half, key=lambda fraction: fraction.value)
        for at in range(first, len(self._fractions)):
            fraction = self._fractions[at]
            if fraction.value > number + half:
                break
            yield Place(fraction.start, fraction.end, "value", fraction.doubt)

    def _has_whole(self, key: str, length: int) -> bool:
        """Whether a number of a key may have so many digits before its decimal separator."""
        for start, end, _ in self._mentions[key]:
            token = self._folded[start:end]
            point = max(token.rfind("."), token.rfind(","))
            if point >= 0 and len(token[:point].translate(NO_SEPARATORS).lstrip("0")) == length:
                return True
        return False

    def _rounded(self, value: Exact) -> Iterator[Place]:
        """Yield the numbers with more decimals that round to a value."""
        if value.power > 0 or len(value.digits) < (
            _MIN_ROUNDED_DIGITS if value.power else _MIN_ROUNDED_INTEGER
        ):
            return
        whole = max(0, len(value.digits) + value.power)
        for prefix in (value.digits, str(int(value.digits) - 1)):
            first = bisect_right(self._keys, prefix)
            for key in self._keys[first : first + _MAX_ROUNDED_KEYS]:
                if not key.startswith(prefix):
                    break
                if (key[len(prefix)] >= "5") == (prefix != value.digits) and self._has_whole(key, whole):
                    power = value.power - (len(key) - len(prefix))
                    for place in self._by_power(key).get((power, value.is_negative), ()):
                        if place.distance < _SURE:
                            yield Place(place.start, place.end, "fuzzy", max(0.2, place.distance))


def _surest(place: Place) -> tuple[float, int]:
    return place.distance, place.start


def _values(value: Scalar) -> Iterator[tuple[Exact, float]]:
    """Yield the numbers of a leaf, each with its doubt."""
    if isinstance(value, bool) or value is None:
        return
    numbers: list[tuple[Number, float]] = []
    if isinstance(value, int | float):
        numbers = [(value, 0.0)]
    elif isinstance(value, str) and "/" not in value:
        reading = read_number(value, integer=False)
        spelled = spelled_number(value) if reading is None and len(value) <= _MAX_WORDS else None
        if reading is not None:
            numbers = [(reading.value, 0.0), *((other, _ALTERNATIVE_DOUBT) for other in reading.alternatives)]
        elif spelled is not None:
            numbers = [(spelled, 0.0)]
    for number, doubt in numbers:
        if (exact := exact_value(number)) is not None:
            yield exact, doubt


def _with_doubt(place: Place, doubt: float) -> Place:
    return Place(place.start, place.end, place.kind, max(place.distance, doubt)) if doubt else place
