"""Find the dates and times of a source by their value, whatever notation they stand in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence

from structgen.evidence.grounding.dates_calendar import CalendarDate
from structgen.evidence.grounding.dates_durations import iso_duration
from structgen.evidence.grounding.dates_index import DateIndex
from structgen.evidence.grounding.dates_moments import MAX_SPELLING, Moment, moments
from structgen.evidence.grounding.dates_times import Clock
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.parsing.coercion.number_text import fold

_MAX_GAP = 40
"""Characters between a date and its time, on one line."""
_ZONE = re.compile(r"\d\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$")
_ZONE_BEHIND = re.compile(r"\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w)")
_ASSUMED_DAY, _ASSUMED_LAST_DAY, _ASSUMED_MONTH = 0.2, 0.4, 0.3
_KNOWN_YEAR, _UNKNOWN_YEAR = 0.2, 0.5
_WITHIN = 0.2
_NO_TIME, _NO_TIME_BUT_MIDNIGHT = 0.4, 0.1
_MAX_DOUBT = 0.75


class DateFinder:
    """The dates, times and durations of a text, read when the first leaf asks for one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = fold(text)
        self._index = DateIndex(self._folded)
        self._known: dict[tuple[str, int], list[Place]] = {}

    @staticmethod
    def is_date(leaf: Leaf) -> bool:
        """Whether a leaf is a string that spells a date, a time or a duration."""
        return isinstance(leaf.value, str) and bool(moments(leaf.value) or iso_duration(leaf.value))

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the places that say the date, time or duration of a string."""
        if not isinstance(leaf.value, str) or len(leaf.value) > MAX_SPELLING:
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
            for start, end in self._index.durations.get(duration, ()):
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
            is_known = year in self._index.years
            yield from self._said(CalendarDate(None, month, day), _KNOWN_YEAR if is_known else _UNKNOWN_YEAR)
            if day == 1:
                yield from self._said(CalendarDate(year, month, None), _ASSUMED_DAY)
            elif day == monthrange(year, month)[1]:
                yield from self._said(CalendarDate(year, month, None), _ASSUMED_LAST_DAY)
        elif year is None:
            for other in self._index.full_by_day.get((month, day), ()):
                yield Place(other.start, other.end, "value", max(other.doubt, _WITHIN))
        elif day is None:
            for other in self._index.full_by_month.get((year, month), ()):
                yield Place(other.start, other.end, "value", max(other.doubt, _WITHIN))
        if year is not None and month == 1 and day in (1, None):
            for mention in self._index.years.get(year, ()):
                yield Place(mention.start, mention.end, "value", _ASSUMED_MONTH)

    def _said(self, date: CalendarDate, doubt: float) -> Iterator[Place]:
        for mention in self._index.mentions.get(date, ()):
            yield Place(mention.start, mention.end, "value", max(mention.doubt, doubt))

    def _times_of(self, clock: Clock) -> list[Place]:
        places = []
        for mention in self._index.times.get((clock.hour, clock.minute), ()):
            second = mention.time.second
            if second == clock.second or not (second and clock.second):
                doubt = 0.0 if (second or 0) == (clock.second or 0) else _WITHIN
                places.append(Place(mention.start, mention.end, "value", max(mention.doubt, doubt)))
        return places


def _start(place: Place) -> int:
    return place.start


def _close(clocks: Sequence[Place], date: Place) -> Sequence[Place]:
    """Return the times, in document order, that begin near a date."""
    first = bisect_left(clocks, date.start - _MAX_GAP - MAX_SPELLING, key=_start)
    return clocks[first : bisect_right(clocks, date.end + _MAX_GAP, key=_start)]


def _outermost(places: Iterable[Place]) -> Iterator[Place]:
    """Yield the places that do not lie within a surer one: `March 2021` within `1 March 2021`."""
    last: Place | None = None
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if last is None or place.end > last.end or place.distance < last.distance:
            yield place
            last = place
