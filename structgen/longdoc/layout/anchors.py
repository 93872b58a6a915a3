"""How lines begin: with a number of a list, a bullet, a date, a label, a code; and what a row of text has."""

from __future__ import annotations

import re
from functools import lru_cache

from structgen.longdoc.layout.cells import LONGEST, date_at

_NUMBERED = re.compile(
    r"(?:[#№(\[]|no\.?\s?|nr\.?\s?)?(\d{1,7})(?:[.):\]]|\s[-–—]|\.\))(?=\s|$)", re.IGNORECASE
)
_TITLED = re.compile(
    r"(?:#+\s)?([^\W\d_]{2,20})\s(?:no\.?\s?|nr\.?\s?|number\s)?[#№]?(\d{1,7})\b(?![.,:/-]?\d)", re.I
)
_BULLET = re.compile(r"([-*•‣◦–—+▪●○·>→☐☑✓※■◆])\s")
_LABEL = re.compile(
    r"[-*•]?\s?[*_`\"']{0,3}([^\W\d_][^:：=|\t]{0,40}?)[*_`\"']{0,3}\s?(?:[:：]|\s=\s|=)(?!//)[*_`\"']{0,3}"
)
_TOKEN = re.compile(r"[\"'(\[{<]*([^\s,;:)\]}>\"']{1,40})")
_NUMBERS = re.compile(
    r"(?<![\w.,-])[-+−(]?(?:[$€£¥₹]|[A-Z]{2,3}\s)?\d[\d.,'’\u00a0]*\d?(?=[\s;,:)\]}|/]|$|[^\w\s])"
)
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SOME_DATE = re.compile(
    r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s\d{4}"
    r"|[^\W\d_]{3,9}\.?\s\d{1,2},?\s\d{4}|\d{1,2}[-/][^\W\d_]{3}[-/]\d{2,4}"
)
_SOME_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


def number_of(text: str) -> int | None:
    """Return the number that a line begins with as an entry of a list does."""
    found = _NUMBERED.match(text)
    return int(found.group(1)) if found else None


def titled_number(text: str) -> tuple[str, int] | None:
    """Return the word and the number of a line that begins as `Entry 12` does."""
    found = _TITLED.match(text)
    return (found.group(1).casefold(), int(found.group(2))) if found else None


def bullet_of(text: str) -> str | None:
    """Return the mark that a line begins with."""
    found = _BULLET.match(text)
    return found.group(1) if found else None


def label_of(text: str) -> str | None:
    """Return the label before a colon that a line begins with."""
    found = _LABEL.match(text[:60])
    if found is None or found.group(1).count(" ") > 4:
        return None
    return found.group(1).strip().casefold()


def begins_dated(text: str) -> bool:
    """Return whether a line begins with a date or a time, also in brackets."""
    bare = text.lstrip("[(<\"'*_ ")
    return date_at(bare) > 0 or _SOME_TIME.match(bare) is not None


def first_form(text: str) -> str | None:
    """Return the form of a code that a line begins with: `A-9` for `O-1234`; None for a word."""
    found = _TOKEN.match(text)
    if found is None or not _DIGITS.search(found.group(1)):
        return None
    return _LETTERS.sub("A", _DIGITS.sub("9", found.group(1)))


@lru_cache(maxsize=4)
def values_of(text: str) -> tuple[int, int]:
    """Return how many dates and times, and how many numbers, a text has."""
    text = text[:LONGEST]
    rest, dates = _SOME_DATE.subn(" ", text)
    rest, times = _SOME_TIME.subn(" ", rest)
    return dates + times, len(_NUMBERS.findall(rest))
