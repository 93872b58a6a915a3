"""How lines begin: with a number of a list, a bullet, a date, a label, a code; and what a row of text has."""

from __future__ import annotations

import re
from functools import lru_cache

from structgen.longdoc.layout.cells import LONGEST, cell_kind, date_at

MAX_LED = 300
"""Characters of a line in which dots lead to a value."""
_NUMBERED = re.compile(
    r"(?:[#№(\[]|no\.?\s?|nr\.?\s?)?(\d{1,7})(?:[.):\]]|\s[-–—]|\.\))(?=\s|$)", re.IGNORECASE
)
_TITLED = re.compile(
    r"(?:#+\s)?([^\W\d_]{2,20})\s(?:no\.?\s?|nr\.?\s?|number\s)?[#№]?(\d{1,7})\b(?![.,:/-]?\d)", re.I
)
_BULLET = re.compile(r"([-*•‣◦–—+▪●○·>→☐☑✓※■◆])\s")
_LABEL = re.compile(
    r"[-*•]?\s?[*_`\"']{0,3}([^\W\d_][^:：=|\t\[\"]{0,40}?)[*_`\"']{0,3}\s?(?:(?<!\d)[:：]|[:：](?!\d)|\s=\s|=)(?!//)[*_`\"']{0,3}"
)
_LETTERED = re.compile(r"\(?([A-Za-z])[.)]\s")
_TAG = re.compile(r"<[A-Za-z][\w:-]{0,40}(?=[\s>/])|\{")
_FIRST_WORD = re.compile(r"[^\W\d_]{2,20}\b")
_LABELS = re.compile(
    r"(?:^|(?<=[\s,;|{(\[<\n\"'/*]))([^\W\d_][\w ./-]{0,30}?)[\"'*]{0,3}\s?(?:[:：](?!//)|=)"
)
_TOKEN = re.compile(r"[\"'(\[{<]*([^\s,;:)\]}>\"']{1,40})")
_NUMBERS = re.compile(
    r"(?<![\w.,-])[-+−(]?(?:[$€£¥₹]|[A-Z]{2,3}\s)?\d"
    r"(?:[\d.,'’]|[\u00a0\u202f]\d{3}(?!\d))*(?=[\s;,:)\]}|/]|$|[^\w\s])"
)
_LEADER = re.compile(
    r"(?<=\S)(?<![\s.…·_][.…·_])\s?"  # at the first dot only: a long run of dots is scanned once
    r"(?:\.{2,}+|…{2,}+|·{3,}+|_{3,}+|(?:\s[.·…]){3,}+)\s?(?=[^\s.·…_])"
)
_FRAME = re.compile(r"[\[\](){}<>\"]")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_YEAR = r"(?:1[6-9]|2[01])\d\d(?![.,]?\d)"
_SOME_DATE = re.compile(
    r"(?<![\d.])(?:\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?!\.?\d)"
    rf"|\d{{1,2}}\.?[ \u00a0][^\W\d_]{{3,10}}\.?,?[ \u00a0]{_YEAR}"
    rf"|[^\W\d_]{{3,9}}\.?[ \u00a0]\d{{1,2}},?[ \u00a0]{_YEAR}|\d{{1,2}}[-/][^\W\d_]{{3}}[-/]\d{{2,4}}"
)
_SOME_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


def number_of(text: str) -> int | None:
    """Return the number that a line begins with as an entry of a list does."""
    found = _NUMBERED.match(text)
    if found is None or (date_at(text) > found.end() and not date_at(text[found.end() :].lstrip())):
        return None
    return int(found.group(1))


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


def letter_of(text: str) -> int | None:
    """Return the place in the alphabet of a letter that a line begins with as an entry of a list does."""
    found = _LETTERED.match(text)
    return ord(found.group(1).lower()) - ord("a") + 1 if found else None


def tag_of(text: str) -> str | None:
    """Return the opening tag or bracket that a line begins with: `<row`, `{`."""
    found = _TAG.match(text)
    if found is None:
        return None
    return "<th" if "<th" in text[:40].casefold() else found.group().casefold()


def first_word(text: str) -> str | None:
    """Return the word that a line begins with."""
    found = _FIRST_WORD.match(text)
    return found.group().casefold() if found else None


def last_kind(text: str) -> str | None:
    """Return whether a short line that is no sentence ends with a date, a time or a number."""
    if len(text) > 120 or text.endswith((".", "!", "?", ":", ";", ",")) or " " not in text:
        return None
    kind = cell_kind(text.rsplit(None, 1)[-1])
    return kind if kind in {"date", "time", "number"} else None


def frame_of(text: str) -> str | None:
    """Return the brackets and quotes of a line that has at least two pairs, as lines of logs do."""
    frame = "".join(_FRAME.findall(text[:LONGEST]))
    return frame if 4 <= len(frame) <= 16 else None


def without_leaders(text: str) -> str:
    """Return a text with gaps for the dots that lead from one part of a line to the next: `Bolt ..... 12`."""
    return _LEADER.sub("  ", text)


def led_text(text: str) -> str | None:
    """Return what stands before dots that lead to a value at the end of a short line; None without them."""
    if len(text) > MAX_LED:
        return None
    parts = _LEADER.split(text)
    is_led = len(parts) > 1 and cell_kind(parts[-1]) in {"date", "time", "number"}
    return parts[0] if is_led else None


def inner_kind(text: str) -> str | None:
    """Return whether a line that is no sentence has a date, a time or a number among its words."""
    if len(text) > 300 or text.endswith((".", "!", "?", ":", ";", ",")) or not _DIGITS.search(text):
        return None
    dates, times, numbers = values_of(text)
    return "date" if dates else "time" if times else "number" if numbers else None


def labels_of(text: str) -> list[str]:
    """Return the labels before a colon or an equals sign anywhere in a text."""
    return [found.strip().casefold() for found in _LABELS.findall(text[:LONGEST])]


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
def values_of(text: str) -> tuple[int, int, int]:
    """Return how many dates, times and numbers a text has."""
    text = without_leaders(text[:LONGEST])
    rest, dates = _SOME_DATE.subn(" ", text)
    rest, times = _SOME_TIME.subn(" ", rest)
    return dates, times, len(_NUMBERS.findall(rest))
