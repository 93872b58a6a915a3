"""Numbers that a value was rounded from, and fractions that it stands for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal

from structgen.evidence.grounding.numbers_exact import NO_SEPARATORS, Exact
from structgen.evidence.grounding.numbers_index import NumberIndex
from structgen.evidence.grounding.places import Place

_SURE = 0.3
_DOUBT_OF_ROUNDED = 0.2
_MIN_DIGITS, _MIN_DIGITS_OF_INTEGER = 3, 4
"""Shorter numbers are not looked for among those that round to them: any text has some."""
_MAX_KEYS = 50
"""Numbers with the first digits of a value that are looked at."""
_TOLERANCE_OF_ONE_DIGIT = 1e-9


def divided(index: NumberIndex, value: Exact) -> Iterator[Place]:
    """Yield the fractions that round to a value."""
    if not value.digits or value.power >= 0 or value.is_negative or not index.fractions:
        return
    number = float(Decimal(value.digits).scaleb(value.power))
    half = 0.5 * 10.0**value.power if len(value.digits) > 1 else _TOLERANCE_OF_ONE_DIGIT
    first = bisect_left(index.fractions, number - half, key=lambda fraction: fraction.value)
    for at in range(first, len(index.fractions)):
        fraction = index.fractions[at]
        if fraction.value > number + half:
            break
        yield Place(fraction.start, fraction.end, "value", fraction.doubt)


def rounded(index: NumberIndex, value: Exact) -> Iterator[Place]:
    """Yield the numbers with more decimals that round to a value."""
    least = _MIN_DIGITS if value.power else _MIN_DIGITS_OF_INTEGER
    if value.power > 0 or len(value.digits) < least:
        return
    whole = max(0, len(value.digits) + value.power)
    for prefix in (value.digits, str(int(value.digits) - 1)):
        first = bisect_right(index.mentions.keys, prefix)
        for key in index.mentions.keys[first : first + _MAX_KEYS]:
            if not key.startswith(prefix):
                break
            if (key[len(prefix)] >= "5") == (prefix != value.digits) and _has_whole(index, key, whole):
                power = value.power - (len(key) - len(prefix))
                for place in index.by_power(key).get((power, value.is_negative), ()):
                    if place.distance < _SURE:
                        yield Place(place.start, place.end, "fuzzy", max(_DOUBT_OF_ROUNDED, place.distance))


def _has_whole(index: NumberIndex, key: str, length: int) -> bool:
    """Whether a number of a key may have so many digits before its decimal separator."""
    for token, _, _ in index.mentions.of(key):
        point = max(token.rfind("."), token.rfind(","))
        if point >= 0 and len(token[:point].translate(NO_SEPARATORS).lstrip("0")) == length:
            return True
    return False
