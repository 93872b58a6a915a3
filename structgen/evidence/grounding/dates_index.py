"""An index of the dates, times and durations of a text by their value."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from structgen.evidence.grounding.dates_calendar import CalendarDate, Mention, Order
from structgen.evidence.grounding.dates_durations import Span, durations
from structgen.evidence.grounding.dates_named import named_dates
from structgen.evidence.grounding.dates_numeric import numeric_dates, years
from structgen.evidence.grounding.dates_times import TimeMention, times


class DateIndex:
    """The dates, times and durations of a folded text, each kind read when it is first asked for."""

    def __init__(self, folded: str) -> None:
        self.folded = folded

    @cached_property
    def mentions(self) -> dict[CalendarDate, list[Mention]]:
        """The mentions of a month at least."""
        mentions: defaultdict[CalendarDate, list[Mention]] = defaultdict(list)
        for finder in (numeric_dates(self.folded, Order.of(self.folded)), named_dates(self.folded)):
            for mention in finder:
                mentions[mention.date].append(mention)
        return dict(mentions)

    @cached_property
    def full_by_day(self) -> dict[tuple[int | None, int | None], list[Mention]]:
        """The mentions of full dates by month and day."""
        by_day: defaultdict[tuple[int | None, int | None], list[Mention]] = defaultdict(list)
        for date, mentions in self.mentions.items():
            if date.year is not None and date.day is not None:
                by_day[date.month, date.day] += mentions
        return dict(by_day)

    @cached_property
    def full_by_month(self) -> dict[tuple[int | None, int | None], list[Mention]]:
        """The mentions of full dates by year and month."""
        by_month: defaultdict[tuple[int | None, int | None], list[Mention]] = defaultdict(list)
        for date, mentions in self.mentions.items():
            if date.year is not None and date.day is not None:
                by_month[date.year, date.month] += mentions
        return dict(by_month)

    @cached_property
    def years(self) -> dict[int, list[Mention]]:
        """The years that stand alone."""
        by_year: defaultdict[int, list[Mention]] = defaultdict(list)
        for mention in years(self.folded):
            by_year[mention.date.year or 0].append(mention)
        return dict(by_year)

    @cached_property
    def times(self) -> dict[tuple[int, int], list[TimeMention]]:
        """The times by hour and minute."""
        by_minute: defaultdict[tuple[int, int], list[TimeMention]] = defaultdict(list)
        for mention in times(self.folded):
            by_minute[mention.time.hour, mention.time.minute].append(mention)
        return dict(by_minute)

    @cached_property
    def durations(self) -> dict[Span, list[tuple[int, int]]]:
        """The ranges of the durations."""
        by_span: defaultdict[Span, list[tuple[int, int]]] = defaultdict(list)
        for start, end, span in durations(self.folded):
            by_span[span].append((start, end))
        return dict(by_span)
