"""Numbers of several pieces: spaced groups, broken separators, fractions, Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from structgen.evidence.grounding.numbers_exact import Exact, digits_key, from_literal
from structgen.evidence.grounding.numbers_separators import Convention, Power, powers

_SPACED = re.compile(
    r"[1-9](?<![\d.,'/:]\d)(?<!\w-\d)\d{0,2}(?:([ \u00a0])\d{3})(?:\1\d{3})*(?:[.,]\d+)?(?![\d.,'/:-]?\d)"
)
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d\)?[ ]{1,3}$"), re.compile(r"[ ]{1,3}[$€£(]?\d")
_BROKEN = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?: ?[.,] ?\d{3})*(?: ?[.,] ?\d{1,3})(?![.,]?\d)")
_INDIAN_SPACED = re.compile(r"\d(?<![\d.,]\d)\d?(?:([ \u00a0])\d{2})+\1\d{3}(?![\d.,]?\d)")
_DASH = re.compile(
    r"(?:(?<=[\w)%$€£₪-])[ \u00a0\t]{1,8}|(?<=[\t|])[ ]?|^[ ]*(?=-[ ]+[-(\d][^\n]*\d))"
    r"([-—])(?=[ \u00a0]*(?:[\n\r\f|\t]|$)|[ \t\u00a0]+(?:[-—](?!\w)|[(]?[$€£₪]?\d[\d.,]*(?:[)\s]|$)))",
    re.MULTILINE,
)
_DOUBT_OF_DASH = 0.25
_ROMAN = re.compile(
    r"(?<![\w.'-])(?=[MDCLXVI])(?:M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?![\w'-])"
)
_BEFORE_ROMAN = re.compile(
    r"\b(?:part|section|chapter|article|annex|appendix|type|class|phase|table|title|book|volume|vol\.|act|stage|"
    r"grade|level|category|teil|kapitel|tome|titre|capítulo)\s+$",
    re.IGNORECASE,
)
_ROMAN_DIGITS = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
_SLASH = re.compile(r"[/⁄][ \u00a0]?(?P<denominator>[1-9]\d{0,5})(?![\d/]|[.,-]\d)")
_NUMERATOR = re.compile(
    r"(?<![\w./,-])(?:(?P<whole>\d{1,6})[ \u00a0-])?(?<![\d./,])(?P<numerator>\d{1,6})[ \u00a0]?$"
)
_LATEX = re.compile(r"\\[dt]?frac\{(\d{1,6})\}\{([1-9]\d{0,5})\}")
_WORDED = re.compile(
    r"\b(?P<top>[oO]ne|[tT]wo|[tT]hree|[fF]our|[aA])[ -](?P<bottom>half|thirds?|quarters?|fifths?|tenths?)\b"
)
_VULGAR = re.compile(r"[¼-¾⅐-⅞]")
_WHOLE = re.compile(r"(?<![\d.,/⁄])(\d{1,6})[ \u00a0]?$")
_TOPS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_BOTTOMS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_VULGAR_PARTS = dict(
    zip(
        "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
        [(1, 4), (1, 2), (3, 4), (1, 7), (1, 9), (1, 10), (1, 3), (2, 3), (1, 5), (2, 5), (3, 5), (4, 5),
         (1, 6), (5, 6), (1, 8), (3, 8), (5, 8), (7, 8)],
        strict=True,
    )
)  # fmt: skip


_MAX_DENOMINATOR = 64
"""Denominators of common fractions; others are parts of dates and of references."""


class Mention(NamedTuple):
    """A number of the source with its range, its digits, and the powers of ten that they may have."""

    start: int
    end: int
    digits: str
    powers: tuple[Power, ...]


_mention_of = partial(tuple.__new__, Mention)
"""Makes a mention of a tuple in half the time."""


class Fraction(NamedTuple):
    """A fraction of the source with its range; doubtful where it may be a date or a pair of numbers."""

    value: float
    start: int
    end: int
    doubt: float


def spaced(folded: str, convention: Convention) -> Iterator[Mention]:
    """Yield numbers whose groups stand apart: `1 234,50`; by plain spaces they may be several numbers."""
    for pattern in (_SPACED, _INDIAN_SPACED):
        known: dict[tuple[str, float], tuple[str, tuple[Power, ...]]] = {}
        for match in pattern.finditer(folded):
            doubt = _doubt_of_spaces(match, folded) if match[1] == " " else 0.0
            key = match[0], doubt
            if key not in known:
                known[key] = _spaced(*key, match[1], convention, is_indian=pattern is _INDIAN_SPACED)
            yield _mention_of((*match.span(), *known[key]))


def _spaced(
    said: str, doubt: float, space: str, convention: Convention, *, is_indian: bool
) -> tuple[str, tuple[Power, ...]]:
    """Return the digits of a number whose groups stand apart, and the powers of ten that they may have."""
    if is_indian:
        said = said.replace(space, ",")
    elif said[-4] == space:  # groups only
        digits = said.replace(space, "")
        return digits.strip("0"), (Power(len(digits) - len(digits.rstrip("0")), doubt),)
    found = powers(said, convention)
    return digits_key(said), tuple(Power(power, max(own, doubt)) for power, own in found)


def _doubt_of_spaces(match: re.Match[str], folded: str) -> float:
    """Return how likely groups apart by plain spaces are several numbers."""
    if " 0" in match[0] or match[0][-3:-2] in (".", ","):
        return 0.1
    start, end = match.span()
    if folded[end : end + 1] == " " and folded[end + 1 : end + 2].isdecimal():
        return 0.4
    is_row = _DIGIT_AFTER.match(folded, end) or _DIGIT_BEFORE.search(folded[max(0, start - 4) : start])
    return 0.4 if is_row else 0.2


def broken(folded: str, convention: Convention) -> Iterator[Mention]:
    """Yield numbers with spaces around their separators: `1 , 234 . 50`; `5, 123` is rather a list."""
    if "." not in folded and "," not in folded:
        return
    for match in _BROKEN.finditer(folded):
        if " " in match[0]:
            found = powers(match[0].replace(" ", ""), convention)
            yield _mention(match, found, 0.1 if re.search(r" [.,]", match[0]) else 0.4)


def dashes(folded: str) -> Iterator[Mention]:
    """Yield the dashes that stand for 0: alone in a cell of a row of numbers."""
    if "-" not in folded and "—" not in folded:
        return
    for match in _DASH.finditer(folded):
        yield Mention(match.start(1), match.end(1), "", (Power(0, _DOUBT_OF_DASH),))


def fractions(folded: str) -> Iterator[Fraction]:
    """Yield the fractions, which may be dates where they are improper; a mixed number as its fraction too."""
    for match in _SLASH.finditer(folded):
        left = folded[max(0, match.start() - 15) : match.start()]
        if numerator := _NUMERATOR.search(left):
            yield from _slashed(numerator, match, match.start() - len(left))
    for match in _LATEX.finditer(folded):
        yield Fraction(int(match[1]) / int(match[2]), match.start(), match.end(), 0.0)
    for match in _WORDED.finditer(folded):
        top = _TOPS[match["top"].lower()]
        yield Fraction(top / _BOTTOMS[match["bottom"].rstrip("s")], match.start(), match.end(), 0.2)
    if not folded.isascii():
        for match in _VULGAR.finditer(folded):
            top, bottom = _VULGAR_PARTS[match[0]]
            left = folded[max(0, match.start() - 8) : match.start()]
            whole = _WHOLE.search(left)
            start = match.start() - (len(whole[0]) if whole else 0)
            yield Fraction((int(whole[1]) if whole else 0) + top / bottom, start, match.end(), 0.0)


def _slashed(numerator: re.Match[str], slash: re.Match[str], offset: int) -> Iterator[Fraction]:
    top, bottom, end = int(numerator["numerator"]), int(slash["denominator"]), slash.end()
    is_proper = top < bottom <= _MAX_DENOMINATOR
    doubt = 0.1 if is_proper else 0.4
    if numerator["whole"] and is_proper:
        yield Fraction(int(numerator["whole"]) + top / bottom, offset + numerator.start("whole"), end, doubt)
        doubt = 0.3
    yield Fraction(top / bottom, offset + numerator.start("numerator"), end, doubt)


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
