"""Find the dates and times of a source by their value, whatever notation they stand in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from structgen.evidence.grounding.dates_calendar import CalendarDate, Mention, Order
from structgen.evidence.grounding.dates_durations import Span, durations, iso_duration
from structgen.evidence.grounding.dates_named import named_dates
from structgen.evidence.grounding.dates_numeric import numeric_dates, years
from structgen.evidence.grounding.dates_times import Clock, TimeMention, times
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.parsing.coercion.number_text import fold

_MAX_SPELLING = 60
"""Characters of the longest string that is read as a date."""
_MAX_GAP = 40
"""Characters between a date and its time, on one line."""
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_ISO_TIME = re.compile(
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_JOINT = re.compile(r"[\s,;|T(@-]*(?:at|um|à|a las|alle|om|às|ab|from|kl\.?)?[\s:]*", re.IGNORECASE)
_ZONE = re.compile(r"\d\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$")
_ZONE_BEHIND = re.compile(r"\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w)")
_ASSUMED_DAY, _ASSUMED_LAST_DAY, _ASSUMED_MONTH = 0.2, 0.4, 0.3
_KNOWN_YEAR, _UNKNOWN_YEAR = 0.2, 0.5
_WITHIN = 0.2
_NO_TIME, _NO_TIME_BUT_MIDNIGHT = 0.4, 0.1
_MAX_DOUBT = 0.75


class Moment(NamedTuple):
    """What a leaf says: a date, a time, or both, and how doubtful that reading of it is."""

    date: CalendarDate | None
    time: Clock | None
    doubt: float


class DateFinder:
    """The dates, times and durations of a text, read when the first leaf asks for one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._known: dict[tuple[str, int], list[Place]] = {}

    @staticmethod
    def is_date(leaf: Leaf) -> bool:
        """Whether a leaf is a string that spells a date, a time or a duration."""
        return isinstance(leaf.value, str) and bool(moments(leaf.value) or iso_duration(leaf.value))

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the places that say the date, time or duration of a string."""
        if not isinstance(leaf.value, str) or len(leaf.value) > _MAX_SPELLING:
            return []
        key = (leaf.value, limit)
        if key not in self._known:
            self._known[key] = self._best(leaf.value, limit)
        return list(self._known[key])

    def _best(self, spelling: str, limit: int) -> list[Place]:
        """Return the least doubtful places of a string in document order."""
        has_zone = _ZONE.search(spelling) is not None
        found: dict[tuple[int, int], Place] = {}
        for place in self._candidates(spelling):
            zone = _ZONE_BEHIND.match(self._folded, place.end) if has_zone else None
            key = (place.start, zone.end() if zone else place.end)
            if place.distance <= _MAX_DOUBT and (key not in found or place.distance < found[key].distance):
                found[key] = Place(*key, "value", place.distance)
        best = sorted(_outermost(found.values()), key=lambda place: (place.distance, place.start))[:limit]
        return sorted((self._named(place, spelling) for place in best), key=lambda place: place.start)

    def _named(self, place: Place, spelling: str) -> Place:
        """Return a place as an exact and sure one where its characters are the value's."""
        is_exact = self._text[place.start : place.end] == spelling
        return Place(place.start, place.end, "exact") if is_exact else place

    def _candidates(self, spelling: str) -> Iterator[Place]:
        for moment in moments(spelling):
            for place in self._of_moment(moment):
                yield Place(place.start, place.end, place.kind, max(place.distance, moment.doubt))
        if (duration := iso_duration(spelling)) is not None:
            for start, end in self._durations.get(duration, ()):
                yield Place(start, end, "value")

    def _of_moment(self, moment: Moment) -> Iterator[Place]:
        clocks = [] if moment.time is None else sorted(self._times_of(moment.time), key=_start)
        if moment.date is None:
            yield from clocks
            return
        for place in self._dates_of(moment.date):
            if moment.time is None:
                yield place
                continue
            near = [clock for clock in _close(clocks, place) if self._on_one_line(place, clock)]
            for clock in near:
                start, end = min(place.start, clock.start), max(place.end, clock.end)
                yield Place(start, end, "value", max(place.distance, clock.distance))
            if not near:
                is_midnight = moment.time.hour == moment.time.minute == 0 and not moment.time.second
                doubt = _NO_TIME_BUT_MIDNIGHT if is_midnight else _NO_TIME
                yield Place(place.start, place.end, "value", max(place.distance, doubt))

    def _on_one_line(self, date: Place, clock: Place) -> bool:
        first, second = (date, clock) if date.start < clock.start else (clock, date)
        gap = self._folded[first.end : second.start]
        if second.start < first.end or len(gap) > _MAX_GAP or "\n" in gap or "\f" in gap:
            return False
        return not any(character.isdigit() for character in gap)

    def _dates_of(self, date: CalendarDate) -> Iterator[Place]:
        """Yield the mentions of a date, of less than it where the rest may be assumed, and of more."""
        year, month, day = date
        yield from self._said(date, 0.0)
        if year is not None and month is not None and day is not None:
            is_known = year in self._years
            yield from self._said(CalendarDate(None, month, day), _KNOWN_YEAR if is_known else _UNKNOWN_YEAR)
            if day == 1:
                yield from self._said(CalendarDate(year, month, None), _ASSUMED_DAY)
            elif day == monthrange(year, month)[1]:
                yield from self._said(CalendarDate(year, month, None), _ASSUMED_LAST_DAY)
        elif year is None:
            for other in self._with_year.get((month, day), ()):
                yield Place(other.start, other.end, "value", max(other.doubt, _WITHIN))
        elif day is None:
            for other in self._with_day.get((year, month), ()):
                yield Place(other.start, other.end, "value", max(other.doubt, _WITHIN))
        if year is not None and month == 1 and day in (1, None):
            for mention in self._years.get(year, ()):
                yield Place(mention.start, mention.end, "value", _ASSUMED_MONTH)

    def _said(self, date: CalendarDate, doubt: float) -> Iterator[Place]:
        for mention in self._mentions.get(date, ()):
            yield Place(mention.start, mention.end, "value", max(mention.doubt, doubt))

    def _times_of(self, clock: Clock) -> list[Place]:
        places = []
        for mention in self._times.get((clock.hour, clock.minute), ()):
            second = mention.time.second
            if second == clock.second or not (second and clock.second):
                doubt = 0.0 if (second or 0) == (clock.second or 0) else _WITHIN
                places.append(Place(mention.start, mention.end, "value", max(mention.doubt, doubt)))
        return places

    @cached_property
    def _mentions(self) -> dict[CalendarDate, list[Mention]]:
        mentions: defaultdict[CalendarDate, list[Mention]] = defaultdict(list)
        for finder in (numeric_dates(self._folded, Order.of(self._folded)), named_dates(self._folded)):
            for mention in finder:
                mentions[mention.date].append(mention)
        return dict(mentions)

    @cached_property
    def _with_year(self) -> dict[tuple[int | None, int | None], list[Mention]]:
        """The mentions of full dates by month and day."""
        by_day: defaultdict[tuple[int | None, int | None], list[Mention]] = defaultdict(list)
        for date, mentions in self._mentions.items():
            if date.year is not None and date.day is not None:
                by_day[date.month, date.day] += mentions
        return dict(by_day)

    @cached_property
    def _with_day(self) -> dict[tuple[int | None, int | None], list[Mention]]:
        """The mentions of full dates by year and month."""
        by_month: defaultdict[tuple[int | None, int | None], list[Mention]] = defaultdict(list)
        for date, mentions in self._mentions.items():
            if date.year is not None and date.day is not None:
                by_month[date.year, date.month] += mentions
        return dict(by_month)

    @cached_property
    def _years(self) -> dict[int, list[Mention]]:
        by_year: defaultdict[int, list[Mention]] = defaultdict(list)
        for mention in years(self._folded):
            by_year[mention.date.year or 0].append(mention)
        return dict(by_year)

    @cached_property
    def _times(self) -> dict[tuple[int, int], list[TimeMention]]:
        by_minute: defaultdict[tuple[int, int], list[TimeMention]] = defaultdict(list)
        for mention in times(self._folded):
            by_minute[mention.time.hour, mention.time.minute].append(mention)
        return dict(by_minute)

    @cached_property
    def _durations(self) -> dict[Span, list[tuple[int, int]]]:
        by_span: defaultdict[Span, list[tuple[int, int]]] = defaultdict(list)
        for start, end, span in durations(self._folded):
            by_span[span].append((start, end))
        return dict(by_span)


def _start(place: Place) -> int:
    return place.start


def _close(clocks: Sequence[Place], date: Place) -> Sequence[Place]:
    """Return the times, in document order, that begin near a date."""
    first = bisect_left(clocks, date.start - _MAX_GAP - _MAX_SPELLING, key=_start)
    return clocks[first : bisect_right(clocks, date.end + _MAX_GAP, key=_start)]


def _outermost(places: Iterable[Place]) -> Iterator[Place]:
    """Yield the places that do not lie within a surer one: `March 2021` within `1 March 2021`."""
    last: Place | None = None
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if last is None or place.end > last.end or place.distance < last.distance:
            yield place
            last = place


def moments(spelling: str) -> list[Moment]:
    """Return what a whole string may say as a date, a time, or both; empty for other strings."""
    folded = fold(spelling).strip()
    if len(folded) > _MAX_SPELLING or not any(character.isdigit() for character in folded):
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
