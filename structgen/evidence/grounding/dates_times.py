"""Times of day: `15:00`, `3pm`, `12:01 a.m.`, `15h30`, `15.30 Uhr`, `noon`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_HALF = r"(?P<half>[ap])\.?\s?m\b\.?"
_HOUR = r"(?P<hour>\d(?<![\d:.,]\d)\d?)"
_CLOCK = re.compile(
    rf"{_HOUR}(?::(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{{1,9}})?)?"
    rf"|(?=\s?{_HALF.replace('?P<half>', '')}))(?![\d:])(?:\s?{_HALF})?",
    re.IGNORECASE,
)
_POINTED = re.compile(
    rf"{_HOUR}(?:(?:[.:h](?P<minute_u>[0-5]\d))?\s?(?:uhr|heures|uur|horas)\b|\s?h\s?(?P<minute_h>[0-5]\d)?(?!\w)"
    rf"|\.(?P<minute_p>[0-5]\d)\s?{_HALF}|(?P<minute_m>[0-5]\d)\s?(?:hrs\b|hours\b|h\b|Z\b))",
    re.IGNORECASE,
)
_MINUTES = ("minute_u", "minute_h", "minute_p", "minute_m")
_LAST_HOUR = 24
_NAMED = re.compile(
    r"\b(?P<noon>noon|midday|mittag|midi|mediodía|mezzogiorno)\b|\b(?:midnight|mitternacht|minuit)\b",
    re.IGNORECASE,
)
_OTHER_HALF = 0.3


class Clock(NamedTuple):
    """A time of day; a text may leave its second open."""

    hour: int
    minute: int
    second: int | None = None


class TimeMention(NamedTuple):
    """A time that a text may say at a half-open range, and how doubtful that is."""

    start: int
    end: int
    time: Clock
    doubt: float


def times(folded: str) -> Iterator[TimeMention]:
    """Yield the times of a folded text; one without its half of the day may be of the second one."""
    for match in _CLOCK.finditer(folded):
        second = None if match["second"] is None else int(match["second"])
        yield from _read(match, match["hour"], match["minute"], second, match["half"])
    for match in _POINTED.finditer(folded):
        minute = next((match[name] for name in _MINUTES if match[name]), None)
        yield from _read(match, match["hour"], minute, None, match["half"])
    for match in _NAMED.finditer(folded):
        yield TimeMention(match.start(), match.end(), Clock(12 if match["noon"] else 0, 0), 0.05)


def _read(
    match: re.Match[str], hour: str, minute: str | None, second: int | None, half: str | None
) -> Iterator[TimeMention]:
    number, minutes = int(hour), int(minute or 0)
    if number > _LAST_HOUR:
        return
    if half:
        if not 1 <= number <= 12:
            return
        number = number % 12 + (12 if half.lower() == "p" else 0)
        yield TimeMention(match.start(), match.end(), Clock(number, minutes, second), 0.0)
        return
    yield TimeMention(match.start(), match.end(), Clock(number % 24, minutes, second), 0.0)
    if number == 12 or (number < 12 and len(hour) == 1):
        yield TimeMention(match.start(), match.end(), Clock((number + 12) % 24, minutes, second), _OTHER_HALF)
