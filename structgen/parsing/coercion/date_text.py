"""Parse dates and times out of text."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime

from structgen.parsing.coercion.month_names import month_number

_YEAR_FIRST = re.compile(r"(\d{4})([/._ -])(\d{1,2})\2(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_DATE_TIME_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip
"""Formats of numbers alone: `strptime` reads the names of months and weekdays in the process's locale."""
_PADDED_TIME = re.compile(r"\b\d{1,2}(?::\d{2}){1,2}(?!\d|:)")
_ENGLISH_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?, ", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MONTH_YEAR = re.compile(
    r"(?P<day>\d{1,2})\.?(?P<gap>[ -])(?:de )?(?P<month>[^\W\d_]+)\.?(?P=gap)(?:del? )?(?P<year>\d{4})",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(r"(?P<month>[^\W\d_]+)\.? (?P<day>\d{1,2}),? (?P<year>\d{4})")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|er|º)\b")
_TIME = re.compile(r"\d{1,2}:\d{2}|\d[Tt]\d{2}")
_NANOSECONDS = re.compile(r"\.\d{7}")
_UTC = re.compile(r"\s*(UTC|GMT|Z)$")


def parse_date(text: str) -> str | None:
    """Return the ISO date that a text spells, without a time after it.

    Names of months are read in seven languages, those of weekdays in English, whatever the locale.
    None for a text that spells none, for one such as `03/04/2024`, where day and month are ambiguous, for one
    such as `2024-03-1`, which may have lost a digit, and for a weekday that is not the date's.
    """
    plain = _ORDINAL.sub(r"\1", " ".join(text.split()))
    if numeric := _NUMERIC_DATE.fullmatch(plain):
        first, second, year = (int(number) for number in numeric.groups())
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (second, first) if first > 12 else (first, second)
        return _iso_date(year, month, day)
    if named := _parse_month_name(plain):
        return named.isoformat()
    if match := _YEAR_FIRST.fullmatch(plain):
        has_lost_digit = len(match[3]) == 2 and len(match[4]) == 1
        return None if has_lost_digit else _iso_date(int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(plain):
        return _iso_date(int(match[3]), int(match[2]), int(match[1]))
    with suppress(ValueError):
        return datetime.fromisoformat(plain).date().isoformat()
    return None


def _iso_date(year: int, month: int, day: int) -> str | None:
    with suppress(ValueError):
        return date(year, month, day).isoformat()
    return None


def _parse_month_name(text: str) -> date | None:
    """Return the date of a text with the name of its month, such as `3. März 2026` or `March 3, 2026`."""
    plain = unicodedata.normalize("NFC", text)
    weekday = _ENGLISH_WEEKDAY.match(plain)
    if weekday is not None:
        plain = plain[weekday.end() :]
    match = _DAY_MONTH_YEAR.fullmatch(plain) or _MONTH_DAY_YEAR.fullmatch(plain)
    month = None if match is None else month_number(match["month"])
    if match is None or month is None:
        return None
    named = _iso_date(int(match["year"]), month, int(match["day"]))
    parsed = None if named is None else date.fromisoformat(named)
    is_other_day = parsed and weekday and _WEEKDAYS[parsed.weekday()] != weekday[1].casefold()
    return None if is_other_day else parsed


def has_time(text: str) -> bool:
    """Whether a date has a time of day."""
    return _TIME.search(text) is not None


def parse_date_time(text: str) -> str | None:
    """Return the RFC 3339 date-time that a text spells; None without a time or an offset (`Z`, `UTC`)."""
    plain = " ".join(text.split())
    if not has_time(plain) or (":" in plain and not _PADDED_TIME.search(plain)) or _NANOSECONDS.search(plain):
        return None
    zone = ""
    if plain.endswith((" UTC", " GMT", "Z")):
        plain, zone = _UTC.sub("", plain), "Z"
    parsed: datetime | None
    try:
        parsed = datetime.fromisoformat(plain)
    except ValueError:
        parsed = _parse_formats(plain, _DATE_TIME_FORMATS)
    if parsed is None or not (zone or parsed.tzinfo):
        return None
    return parsed.isoformat() + zone


def _parse_formats(text: str, formats: tuple[str, ...]) -> datetime | None:
    for form in formats:
        with suppress(ValueError):
            return datetime.strptime(text, form)
    return None
