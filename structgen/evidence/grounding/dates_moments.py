"""Read a string as a date, a time, or both, in ISO 8601 or in the notations of documents."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from structgen.evidence.grounding.dates_calendar import CalendarDate, Order
from structgen.evidence.grounding.dates_named import named_dates
from structgen.evidence.grounding.dates_numeric import numeric_dates
from structgen.evidence.grounding.dates_times import Clock, times
from structgen.parsing.coercion.number_text import fold

MAX_SPELLING = 60
"""Characters of the longest string that is read as a date."""
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_ISO_TIME = re.compile(
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_JOINT = re.compile(r"[\s,;|T(@-]*(?:at|um|à|a las|alle|om|às|ab|from|kl\.?)?[\s:]*", re.IGNORECASE)


class Moment(NamedTuple):
    """What a leaf says: a date, a time, or both, and how doubtful that reading of it is."""

    date: CalendarDate | None
    time: Clock | None
    doubt: float


def moments(spelling: str) -> list[Moment]:
    """Return what a whole string may say as a date, a time, or both; empty for other strings."""
    folded = fold(spelling).strip()
    if len(folded) > MAX_SPELLING or not any(character.isdigit() for character in folded):
        return []
    if iso := _ISO.fullmatch(folded):
        day = None if iso["day"] is None else int(iso["day"])
        date = CalendarDate(int(iso["year"]), int(iso["month"]), day)
        return [Moment(date, _clock(iso), 0.0)] if _is_real(date) else []
    if iso := _ISO_TIME.fullmatch(folded):
        return [Moment(None, _clock(iso), 0.0)]
    return _other_notation(folded)


def _is_real(date: CalendarDate) -> bool:
    year, month, day = date
    if month is None or not 1 <= month <= 12 or not year:
        return False
    return day is None or 1 <= day <= monthrange(year, month)[1]


def _clock(match: re.Match[str]) -> Clock | None:
    if match["hour"] is None:
        return None
    return Clock(int(match["hour"]), int(match["minute"]), int(match["second"]) if match["second"] else None)


def _other_notation(folded: str) -> list[Moment]:
    """Return the readings of a string that is a date, a time or both in the notations of documents."""
    dates = [*numeric_dates(folded, Order(0.2, 0.2)), *named_dates(folded)]
    clocks = list(times(folded))
    whole = (0, len(folded))
    found = [Moment(date.date, None, date.doubt) for date in dates if (date.start, date.end) == whole]
    found += [Moment(None, clock.time, clock.doubt) for clock in clocks if (clock.start, clock.end) == whole]
    for date in dates:
        for clock in clocks:
            first, second = sorted(((date.start, date.end), (clock.start, clock.end)))
            is_whole = first[0] == 0 and second[1] == len(folded) and first[1] <= second[0]
            if is_whole and _JOINT.fullmatch(folded[first[1] : second[0]]):
                found.append(Moment(date.date, clock.time, max(date.doubt, clock.doubt)))
    return found
