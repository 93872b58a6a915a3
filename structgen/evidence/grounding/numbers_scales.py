"""Words and letters that scale a number: `1.2 million`, `3k`, `5 bn`, `in thousands` above a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from structgen.parsing.coercion.number_text import CURRENCY

_POWERS = {
    2: "hundred",
    3: "thousand thousands tausend tsd tsd. mille milliers mil miles duizend k",
    5: "lakh lakhs lac lacs",
    6: "million millions mn mln mio mio. mill mill. millionen millones millón milioni milione miljoen "
    "milhões milhão m",
    7: "crore crores cr",
    9: "billion billions bn bln mrd mrd. milliarde milliarden milliard milliards miliardi miljard bilhões b",
    12: "trillion trillions tn trn",
}
"""The words of each power of ten. Long and short scale differ for the word billion: English alone has it."""
_POWER_OF = {word: power for power, words in _POWERS.items() for word in words.split()}
_WORDS = "|".join(sorted(map(re.escape, _POWER_OF), key=len, reverse=True))
SCALE = re.compile(rf"(?P<gap>[ \u00a0-]?)(?P<word>{_WORDS})(?!\w)", re.IGNORECASE)
_LETTERS = frozenset("kmb")
"""Scales of one letter that are units too: metres, minutes, bytes."""
_RUPEES = re.compile(r"(?:₹|INR|Rs\.?)[ \u00a0]?$")
_CURRENCY_BEFORE = re.compile(rf"(?:{CURRENCY.replace('(?![A-Za-z])', '')})[ \u00a0]?$")
_HEADING_WORD = re.compile(
    r"\b[iIeE][nNmM]\s+(?:[^\W\d_]+\s+)?(?:of\s+)?(?:[$€£]\s?)?(?i:thousands|millions|billions|tausend|tsd|mio|"
    r"millionen|mrd|milliers|milliards|miles|millones|migliaia|milioni|duizenden|miljoenen|milhares|milhões)\b"
)
_HEADING_ZEROS = re.compile(r"000(?<![\d.,]000)['’]?s?(?![\d.,])")
_HEADING_THOUSAND = re.compile(r"TEUR\b|T€|k€|[$€£]k\b")
_HEADING_MILLION = re.compile(r"[$€£]\s?mn?\b|(?:USD|EUR|GBP)\s?mn?\b")
_HEADINGS = {
    "thousands": 3, "tausend": 3, "tsd": 3, "milliers": 3, "miles": 3, "migliaia": 3, "duizenden": 3,
    "milhares": 3, "billions": 9, "mrd": 9, "milliards": 9,
}  # fmt: skip
_BRACKETS = re.compile(r"(?<!\w)\([$€£]?[ \u00a0]?(?:\d+[.,]\d[\d.,]*|\d{4,})[ \u00a0]?%?\)")
_MIN_BRACKETS = 2


class Scale(NamedTuple):
    """The scale behind a number: its power of ten, its characters, and whether it may be a unit."""

    power: int
    length: int
    doubt: float


@dataclass(frozen=True)
class Scales:
    """What a document says about all of its numbers: scales of its tables, and brackets for negatives."""

    headings: tuple[int, ...]
    has_accounting_brackets: bool

    @classmethod
    def of(cls, folded: str) -> Scales:
        """Read the headings of a document with folded characters."""
        words = (match.split()[-1].lstrip("$€£").lower() for match in _HEADING_WORD.findall(folded))
        headings = {_HEADINGS.get(word, 6) for word in words}
        if ("000" in folded and _HEADING_ZEROS.search(folded)) or _HEADING_THOUSAND.search(folded):
            headings.add(3)
        if _HEADING_MILLION.search(folded):
            headings.add(6)
        brackets = _BRACKETS.findall(folded) if "(" in folded else []
        amounts = [match for match in brackets if "." in match or "," in match]
        return cls(tuple(sorted(headings)), len(amounts) >= _MIN_BRACKETS)

    @staticmethod
    def behind(before: str, after: str) -> Scale | None:
        """Return the scale at the beginning of the text after a number."""
        if not after or not (after[0] in " \u00a0-" or after[0].isalpha()):
            return None
        match = SCALE.match(after)
        if match is None:
            return None
        word = match["word"].lower()
        doubt = 0.0
        if word in _LETTERS:
            has_currency = _CURRENCY_BEFORE.search(before) is not None
            if match["gap"] and not has_currency:
                return None
            doubt = 0.0 if has_currency or word == "k" else 0.3
        elif word == "cr":
            if not _RUPEES.search(before):
                return None
        elif match["gap"] == "-" and word in ("mil", "mill"):
            return None
        return Scale(_POWER_OF[word], match.end(), doubt)
