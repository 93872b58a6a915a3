"""Dates of which parts may be missing, and the order of day and month in a document."""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache
from typing import NamedTuple

MIN_YEAR, MAX_YEAR = 1000, 2199
_PIVOT, _SURE_PIVOT = 69, 40
"""Years of two digits: up to the pivot they are of this century; up to the sure one nobody doubts it."""
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/-])")
_MONTH_FIRST_SIGN = re.compile(r"\$|\bUSA?\b|\bInc\.|\bZIP\b")
_DAY_FIRST_SIGN = re.compile(r"€|£|₹|\b(?:und|der|le|les|el|los|il|het|een|uma|não|GmbH|Ltd|VAT|GST)\b")
_OTHER = 0.4
_EVEN = 0.2


class CalendarDate(NamedTuple):
    """A date; what its notation does not say is None."""

    year: int | None
    month: int | None
    day: int | None


class Mention(NamedTuple):
    """A date that a text may say at a half-open range, and how doubtful that is."""

    start: int
    end: int
    date: CalendarDate
    doubt: float


class Order(NamedTuple):
    """How doubtful it is that `03/04/2024` begins with the day, or with the month."""

    day_first: float
    month_first: float

    @classmethod
    def of(cls, folded: str) -> Order:
        """Return the order that the unambiguous dates of a document tell, or its currency and language."""
        days = months = 0
        for first, _, second in _NUMERIC.findall(folded):
            days += int(first) > 12 >= int(second)
            months += int(second) > 12 >= int(first)
        if days != months:
            return cls(0.0, _OTHER) if days > months else cls(_OTHER, 0.0)
        american = len(_MONTH_FIRST_SIGN.findall(folded))
        other = len(_DAY_FIRST_SIGN.findall(folded))
        if american == other:
            return cls(_EVEN, _EVEN)
        return cls(0.3, 0.1) if american > other else cls(0.1, 0.3)


def is_possible(date: CalendarDate) -> bool:
    """Whether a calendar has such a date."""
    year, month, day = date
    if month is not None and not 1 <= month <= 12:
        return False
    if year is not None and not MIN_YEAR <= year <= MAX_YEAR:
        return False
    return day is None or 1 <= day <= (31 if month is None else monthrange(year or 2000, month)[1])


def centuries(digits: str) -> list[tuple[int, float]]:
    """Return the years that digits may stand for, each with its doubt."""
    year = int(digits)
    if len(digits) != 2:
        return [(year, 0.0)]
    if year <= _PIVOT:
        return [(2000 + year, 0.0 if year <= _SURE_PIVOT else 0.1), (1900 + year, _OTHER)]
    return [(1900 + year, 0.05), (2000 + year, _OTHER)]


def dated(start: int, end: int, year: str | None, month: int, day: int | None, doubt: float) -> list[Mention]:
    """Return the dates of a range that a calendar has; a year of two digits may be of two centuries."""
    return [Mention(start, end, date, max(doubt, own)) for date, own in _dates(year, month, day)]


@lru_cache(maxsize=65_536)
def _dates(year: str | None, month: int, day: int | None) -> tuple[tuple[CalendarDate, float], ...]:
    years: list[tuple[int | None, float]] = [(None, 0.0)] if year is None else [*centuries(year)]
    dates = ((CalendarDate(full, month, day), doubt) for full, doubt in years)
    return tuple((date, doubt) for date, doubt in dates if is_possible(date))
