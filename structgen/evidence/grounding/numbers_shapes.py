"""Numbers of several pieces: spaced groups, broken separators, fractions, Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from structgen.evidence.grounding.numbers_exact import Exact, digits_key, from_literal
from structgen.evidence.grounding.numbers_separators import Convention, Power, powers

_SPACED = re.compile(
    r"(?<![\d.,'/:-])[1-9]\d{0,2}(?:([ \u00a0])\d{3})(?:\1\d{3})*(?:[.,]\d+)?(?![\d.,'/:-]?\d)"
)
_BROKEN = re.compile(r"(?<![\d.,])\d{1,3}(?: ?[.,] ?\d{3})*(?: ?[.,] ?\d{1,3})(?![.,]?\d)")
_INDIAN_SPACED = re.compile(r"(?<![\d.,])\d{1,2}(?:([ \u00a0])\d{2})+\1\d{3}(?![\d.,]?\d)")
_ROMAN = re.compile(
    r"(?<![\w.'-])(?=[MDCLXVI])(?:M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?![\w'-])"
)
_BEFORE_ROMAN = re.compile(
    r"\b(?:part|section|chapter|article|annex|appendix|type|class|phase|table|title|book|volume|vol\.|act|stage|"
    r"grade|level|category|teil|kapitel|tome|titre|capítulo)\s+$",
    re.IGNORECASE,
)
_ROMAN_DIGITS = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_FRACTION = re.compile(
    r"(?<![\w./,-])(?:(?P<whole>\d{1,6})[ \u00a0-])?(?P<numerator>\d{1,6})[ \u00a0]?[/⁄][ \u00a0]?"
    r"(?P<denominator>[1-9]\d{0,5})"
    r"(?![\d/]|[.,-]\d)|\\[dt]?frac\{(?P<latex>\d{1,6})\}\{(?P<below>[1-9]\d{0,5})\}"
)
_VULGAR = re.compile(r"(?:(?<![\d.,/⁄])(\d{1,6})[ \u00a0]?)?([¼-¾⅐-⅞])")
_VULGAR_PARTS = dict(
    zip(
        "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
        [(1, 4), (1, 2), (3, 4), (1, 7), (1, 9), (1, 10), (1, 3), (2, 3), (1, 5), (2, 5), (3, 5), (4, 5),
         (1, 6), (5, 6), (1, 8), (3, 8), (5, 8), (7, 8)],
        strict=True,
    )
)  # fmt: skip


class Mention(NamedTuple):
    """A number of the source with its range, its digits, and the powers of ten that they may have."""

    start: int
    end: int
    digits: str
    powers: tuple[Power, ...]


class Fraction(NamedTuple):
    """A fraction of the source with its range; doubtful where it may be a date or a pair of numbers."""

    value: float
    start: int
    end: int
    doubt: float


def spaced(folded: str, convention: Convention) -> Iterator[Mention]:
    """Yield numbers whose groups stand apart: `1 234,50`; by plain spaces they may be several numbers."""
    for pattern in (_SPACED, _INDIAN_SPACED):
        for match in pattern.finditer(folded):
            is_plain = match[1] == " "
            has_decimals = match[0][-3:-2] in (".", ",")
            doubt = (0.1 if has_decimals else 0.3) if is_plain else 0.0
            digits = match[0] if pattern is _SPACED else match[0].replace(match[1], ",")
            found = powers(digits, convention)
            yield _mention(match, found, doubt)


def broken(folded: str, convention: Convention) -> Iterator[Mention]:
    """Yield numbers with spaces around their separators: `1 , 234 . 50`; `5, 123` is rather a list."""
    for match in _BROKEN.finditer(folded):
        if " " in match[0]:
            found = powers(match[0].replace(" ", ""), convention)
            yield _mention(match, found, 0.1 if re.search(r" [.,]", match[0]) else 0.4)


def fractions(folded: str) -> Iterator[Fraction]:
    """Yield the fractions, in order of their place."""
    for match in _FRACTION.finditer(folded):
        top = int(match["numerator"] or match["latex"])
        bottom = int(match["denominator"] or match["below"])
        whole = int(match["whole"] or 0)
        is_proper = top < bottom and bottom <= 64
        value = whole + top / bottom
        doubt = 0.0 if match["latex"] else 0.1 if is_proper else 0.4
        if match["whole"] and is_proper:
            yield Fraction(value, match.start(), match.end(), doubt)
            value, doubt = top / bottom, 0.3
        if not match["whole"] or is_proper:
            start = match.start() if match["latex"] else match.start("numerator")
            yield Fraction(value, start, match.end(), doubt)
    for match in _VULGAR.finditer(folded):
        top, bottom = _VULGAR_PARTS[match[2]]
        yield Fraction(int(match[1] or 0) + top / bottom, match.start(), match.end(), 0.0)


def roman(folded: str) -> Iterator[Mention]:
    """Yield Roman numerals, which are doubtful; one letter alone only after a word such as `Part`."""
    for match in _ROMAN.finditer(folded):
        numeral = match[0]
        is_headed = _BEFORE_ROMAN.search(folded[max(0, match.start() - 12) : match.start()]) is not None
        if len(numeral) > 1 or is_headed:
            total = 0
            for letter, after in zip(numeral, numeral[1:] + " ", strict=True):
                number = _ROMAN_DIGITS[letter]
                total += -number if number < _ROMAN_DIGITS.get(after, 0) else number
            exact = from_literal(str(total))
            yield Mention(
                match.start(), match.end(), exact.digits, (Power(exact.power, 0.3 if is_headed else 0.5),)
            )


def mention_of(start: int, end: int, exact: Exact, doubt: float) -> Mention:
    """Return the mention of a number that is known."""
    return Mention(start, end, exact.digits, (Power(exact.power, doubt),))


def _mention(match: re.Match[str], found: tuple[Power, ...], doubt: float) -> Mention:
    with_doubt = tuple(Power(power, max(own, doubt)) for power, own in found)
    return Mention(match.start(), match.end(), digits_key(match[0]), with_doubt)
