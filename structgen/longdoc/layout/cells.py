"""Cells of a line, and what is in a cell: a date, a number, a code or words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from structgen.evidence.grounding.dates_months import MONTHS

LONGEST = 4_000
"""Characters of a line that are looked at: a longer line is prose."""
CellKind = Literal["date", "time", "number", "code", "words", "empty"]
Separator = Literal["|", "\t", ";", ",", "  ", "&", " / "]

_DATE = re.compile(
    r"\d{4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}日?"
    r"|\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./]\s?(?:\d{4}|\d\d)\b(?!\.\d)"
    r"|\d{1,2}(?:st|nd|rd|th|er|º)?\.?[-\s/](?:de\s|of\s)?(?P<word>[^\W\d_]{3,10})\.?,?[-\s/](?:de\s)?(?P<year>\d{4}|\d\d)\b(?:\s?г\.)?"
    r"|[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:1[6-9]|2[01])\d\d\b"
    r"|(?:令和|平成|昭和)\d{1,2}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}\.\d{1,2}\.(?!\d)|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}[-\s](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-z]{0,7}\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2}\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d{1,2}[:h]\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?[ap]\.?m\.?)?\b(?:Z|[+-]\d\d:?\d\d)?", re.I
)
_NUMBER = re.compile(
    r"[(\-+−–]?\s?(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₽元円]|kr|zł|Fr)?\.?\s?[(\-+−–]?\s?"
    r"\d[\d.,'’\u00a0\u202f ]{0,30}"
    r"(?:\s?(?:%|[$€£¥₹₽元円]|[A-Za-z]{1,3}\.?|руб\.?|pcs|шт\.?|个|件|本|枚))?\)?[-−–]?(?:\s?(?:CR|DR|Cr|Dr))?"
)
_WIDE = "\u1100"


_BARS = str.maketrans("│┃║", "|||")
_WEEKDAYS = (
    "mon tue wed thu fri sat sun tues thur thurs mo tu we th fr sa su monday tuesday wednesday thursday "
    "friday saturday sunday di mi do so montag dienstag mittwoch donnerstag freitag samstag sonntag "
    "lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche mié jue vie sáb dom "
    "lunes martes miércoles jueves viernes sábado domingo gio sab wo vr za zo seg ter qua qui sex "
    "пн вт ср чт пт сб вс"
)
_WEEKDAY = re.compile(
    rf"(?:{'|'.join(sorted(_WEEKDAYS.split(), key=len, reverse=True))})[.,]{{0,2}}\s(?=\d)", re.I
)
SPACED = re.compile(r"\s(?:/|–|—|·|•|::|->|=>|→|~|¦|>|-|\+)\s")


def _is_month(word: str | None, year: str) -> bool:
    """Return whether a word between two numbers may be a month: `12 Cable 20` is no date.

    Beside a year of four digits it may be a month of a language that is not known here.
    """
    return not word or ("16" <= year[:2] < "22" and len(year) == 4) or word.casefold() in MONTHS


def date_at(text: str) -> int:
    """Return the end of the date, with a weekday and a time, that a text begins with; 0 without one."""
    weekday = _WEEKDAY.match(text)
    date = _DATE.match(text, weekday.end() if weekday else 0)
    if date is None or not _is_month(date["word"], date["year"]):
        return 0
    end = date.end()
    time = _TIME.match(text, end + 1) if text[end : end + 1] in {" ", "T"} else None
    return time.end() if time else end


@lru_cache(maxsize=20_000)
def cell_kind(text: str) -> CellKind:
    """Return what a cell has."""
    text = text.strip(" \t\u00a0\u3000*_`\"'[]<>")
    if text in {"", "-", "–", "—", "n/a", "N/A", "./."}:
        return "empty"
    if len(text) > 60:
        return "words"
    if date_at(text) == len(text):
        return "date"
    if _TIME.fullmatch(text):
        return "time"
    if _NUMBER.fullmatch(text):
        return "number"
    if not any(map(str.isdigit, text)):
        return "words"
    return "code" if " " not in text and len(text) <= 24 else "words"


def split_cells(line: str, separator: Separator) -> list[str]:
    """Split a line into its cells, without the blanks around them."""
    line = line[:LONGEST]
    if separator == "|":
        line = line.replace("\\|", "\u00a6").translate(_BARS)
        if line.startswith("!"):
            line = line.replace("!!", "|").replace("!", "|", 1)
        line = line.replace("||", "|")
        bare = line.strip()
        inner = bare[bare.startswith("|") : len(bare) - (bare.endswith("|") and len(bare) > 1)]
        return [cell.strip() for cell in inner.split("|")]
    if separator == "  ":
        return [text for _, _, text in columns_of(line)]
    if separator == " / ":
        return [cell.strip() for cell in SPACED.split(line)]
    if separator == "&":
        line = line.removesuffix("\\hline").rstrip().removesuffix("\\\\").replace("\\&", "+")
    if '"' in line and separator != "\t":
        return _quoted(line, separator)
    return [cell.strip() for cell in line.split(separator)]


def _quoted(line: str, separator: str) -> list[str]:
    """Split a line at separators outside of quotes; behind a quote that nothing closes, at each one."""
    cells, start, inside = [], 0, False
    for place, char in enumerate(line):
        if char == '"':
            inside = not inside
        elif char == separator and not inside:
            cells.append(line[start:place].strip())
            start = place + 1
    rest = line[start:].split(separator) if inside else [line[start:]]
    return [*cells, *(cell.strip() for cell in rest)]


_GAP = re.compile(r"[ \u00a0\u3000]{2,}(?:[.·…_]{2,} *)?|\t[ \t]*|\u3000| ?[.·…_]{4,} *| (?:[.·] ){3,}")


def columns_of(line: str) -> list[tuple[int, int, str]]:
    """Return the texts between wide gaps, with their columns on a terminal, half-open."""
    cells, start = [], 0
    line = line[:LONGEST]
    for gap in _GAP.finditer(line):
        if gap.start() > start:
            cells.append((start, gap.start(), line[start : gap.start()]))
        start = gap.end()
    if start < len(line):
        cells.append((start, len(line), line[start:]))
    if line and max(line) >= _WIDE:
        return [(width(line[:first]), width(line[:last]), text) for first, last, text in cells]
    return cells


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text
    )
