"""Parse dates and times out of text."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime

from structgen.parsing.coercion.month_names import month_number

_DATE_FORMATS = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%Y-%m-%d")
"""Formats of numbers alone: `strptime` reads the names of months and weekdays in the process's locale."""
_DATE_TIME_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip
_ENGLISH_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?, ", re.IGNORECASE
)
_DAY_MONTH_YEAR = re.compile(
    r"(?P<day>\d{1,2})\.?(?P<gap>[ -])(?:de )?(?P<month>[^\W\d_]+)\.?(?P=gap)(?:del? )?(?P<year>\d{4})",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(r"(?P<month>[^\W\d_]+)\.? (?P<day>\d{1,2}),? (?P<year>\d{4})")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|er|º)\b")
_TIME = re.compile(r"\d{1,2}:\d{2}|\d[Tt]\d{2}")
_UTC = re.compile(r"\s*(UTC|GMT|Z)$")


def parse_date(text: str) -> str | None:
    """Return the ISO date that a text spells, without a time after it.

    Names of months are read in seven languages, those of weekdays in English, whatever the locale.
    None for a text that spells none, and for one such as `03/04/2024`, where day and month are ambiguous.
    """
    plain = _ORDINAL.sub(r"\1", " ".join(text.split()))
    if numeric := _NUMERIC_DATE.fullmatch(plain):
        first, second, year = (int(number) for number in numeric.groups())
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (second, first) if first > 12 else (first, second)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return None
    if named := _parse_month_name(plain):
        return named.isoformat()
    parsed = _parse_formats(plain, _DATE_FORMATS)
    if parsed is None:
        with suppress(ValueError):
            parsed = datetime.fromisoformat(plain)
    return None if parsed is None else parsed.date().isoformat()


def _parse_month_name(text: str) -> date | None:
    """Return the date of a text with the name of its month, such as `3. März 2026` or `March 3, 2026`."""
    plain = _ENGLISH_WEEKDAY.sub("", unicodedata.normalize("NFC", text), count=1)
    match = _DAY_MONTH_YEAR.fullmatch(plain) or _MONTH_DAY_YEAR.fullmatch(plain)
    month = None if match is None else month_number(match["month"])
    if match is None or month is None:
        return None
    with suppress(ValueError):
        return date(int(match["year"]), month, int(match["day"]))
    return None


def has_time(text: str) -> bool:
    """Whether a date has a time of day."""
    return _TIME.search(text) is not None


def parse_date_time(text: str) -> str | None:
    """Return the RFC 3339 date-time that a text spells; None without a time or an offset (`Z`, `UTC`)."""
    plain = " ".join(text.split())
    if not has_time(plain):
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
