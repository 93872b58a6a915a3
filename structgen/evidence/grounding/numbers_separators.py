"""Read digits with separators by the convention of the document that they stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from structgen.evidence.grounding.numbers_exact import from_literal
from structgen.parsing.coercion.separators import literals

Convention = Literal["point", "comma", "unknown"]
"""The decimal separator of a document, as far as its unambiguous numbers tell it."""
# The lookbehind stands behind the first digit, since a pattern that begins with a digit is searched faster.
_SURELY_POINT = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?:,\d{2,3})*(?:,\d{3}\.\d|,\d{3},\d{3}(?![\d.,]?\d))")
_SURELY_COMMA = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?:\.\d{3})*(?:\.\d{3},\d|\.\d{3}\.\d{3}(?![\d.,]?\d))")
_LIKELY_POINT = re.compile(r"\d(?<![\d.,]\d)\d*\.\d{1,2}(?![.,]?\d)")
_LIKELY_COMMA = re.compile(r"\d(?<![\d.,]\d)\d*,\d{1,2}(?![.,]?\d)")
_GROUPED_BY_COMMA = re.compile(r"[1-9](?<![\d.,]\d)\d{0,2},\d{3}(?![.,]?\d)")
_SHAPE = str.maketrans("23456789", "1" * 8)
_SURE_WEIGHT = 5
"""Likely numbers that one unambiguous number outweighs: they may be section numbers or items of a list."""
_MAJORITY = 2
_GROUP = 3
"""Digits between two separators of groups."""
_DOUBT_OF_LIKELIER = 0.05
_DOUBT_OF_OTHER = 0.4
_CURRENCIES = {"point": "$", "comma": "€", "unknown": ""}
"""What tells the reader of separators the convention."""


class Power(NamedTuple):
    """One reading of digits with separators: the power of ten of their digits, and how doubtful it is."""

    power: int
    doubt: float


def convention_of(spellings: Iterable[tuple[str, int]]) -> Convention:
    """Return the convention of a document by majority of its numbers, given with how often each is there.

    Numbers of one shape are read once.
    """
    shapes: Counter[str] = Counter()
    for spelling, count in spellings:
        shapes[spelling.translate(_SHAPE)] += count
    point = comma = 0
    for shape, count in shapes.items():
        point += count * (
            _SURE_WEIGHT * len(_SURELY_POINT.findall(shape)) + len(_LIKELY_POINT.findall(shape))
        )
        comma += count * (
            _SURE_WEIGHT * len(_SURELY_COMMA.findall(shape)) + len(_LIKELY_COMMA.findall(shape))
        )
        point += count * len(_GROUPED_BY_COMMA.findall(shape))
    if not point and not comma:
        return "unknown"
    if point >= _MAJORITY * comma:
        return "point"
    return "comma" if comma >= _MAJORITY * point else "unknown"


@lru_cache(maxsize=65_536)
def powers(digits: str, convention: Convention) -> tuple[Power, ...]:
    """Return the readings of digits with separators, the likelier first; none where they are no number."""
    spelling = literals(digits, integer=False, currency=_CURRENCIES[convention])
    if spelling is None:
        return ()
    read = [from_literal(literal).power for literal in spelling.literals]
    if convention == "point" and len(read) == 1 and digits.count(",") == 1 and "." not in digits:
        read += _as_decimal(digits)
    if convention == "comma" and len(read) == 2 and len(digits) - digits.find(",") == _GROUP + 1:
        read.reverse()
    if len(read) == 1:
        return (Power(read[0], 0.0),)
    likelier = 0.0 if convention != "unknown" else _DOUBT_OF_LIKELIER
    return (Power(read[0], likelier), *(Power(power, _DOUBT_OF_OTHER) for power in read[1:]))


def _as_decimal(digits: str) -> list[int]:
    """Return the power of `1,234` as a decimal, which a document of points leaves out."""
    decimal = from_literal(digits.replace(",", ".")).power
    grouped = from_literal(digits.replace(",", "")).power
    return [decimal] if decimal != grouped else []
