"""Dates with the name of their month: `March 30, 2021`, `30th of March`, `Mar-21`, `3.-5. März 2024`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.evidence.grounding.dates_calendar import Mention, dated
from structgen.evidence.grounding.dates_months import MONTHS

_BEFORE, _AFTER = 28, 44
"""Characters before and after the name of a month that are read."""
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{3,10}(?![^\W\d_])")
_SUFFIX = r"(?:st|nd|rd|th|er|º|ª|°|\.)?"
_TO = r"\s?(?:-|—|/|to|and|until|through|thru|bis|und|au|et|al?|y|e|tot|t/m|en|&|,)\s?"
_LEFT_DAY = re.compile(
    rf"(?<![\d.,/:-])(?<!\d-)(?:(?P<first>\d{{1,2}}){_SUFFIX}{_TO}(?:the\s)?)?(?P<day>\d{{1,2}}){_SUFFIX}"
    rf"(?P<gap>\s?(?:day\s)?(?:of\s|de\s|di\s|d['’]\s?)?|[-./ ]\s?)$",
    re.IGNORECASE,
)
_LEFT_YEAR = re.compile(r"(?<![\d.,/-])(?P<year>(?:1\d|20)\d{2})[\s,.-]{1,2}$")
_YEAR = r"(?P<year>(?:1\d|20|21)\d{2})(?!\d|[.,]\d)"
_DAY_YEAR = re.compile(
    rf"\.?[ \u00a0-]?\s?(?P<day>\d{{1,2}}){_SUFFIX}(?:{_TO}(?P<last>\d{{1,2}}){_SUFFIX})?"
    rf"(?:\s?[,.]\s?[,.]?\s?|\s|-|\s?,?\s?(?:of|de|del)\s){_YEAR}",
    re.IGNORECASE,
)
_ONLY_YEAR = re.compile(rf"\.?(?:,?\s{{1,2}}|[-./,]|\s-\s)(?:(?:of|de|del)\s)?{_YEAR}", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"\.?(?:\s['’]?|[-./]['’]?|['’])(?P<year>\d{2})(?![\d:]|[.,]\d|\s?[ap]\.?m|[./-]\d)")
_ONLY_DAY = re.compile(
    rf"\.?[ \u00a0-]\s?(?P<day>\d{{1,2}}){_SUFFIX}(?:{_TO}(?P<last>\d{{1,2}}){_SUFFIX})?"
    rf"(?![\d:%]|[.,/]\d|\s?[ap]\.?m)",
    re.IGNORECASE,
)
_LATER_YEAR = re.compile(
    rf"{_TO}(?:\d{{1,2}}{_SUFFIX}\s(?:of\s|de\s)?)?(?P<other>[^\W\d_]{{3,10}})\.?"
    rf"(?:\s\d{{1,2}}{_SUFFIX})?,?\s(?:de\s)?{_YEAR}"
)
_LATER = 0.05
_APART = 0.1
_EITHER = 0.2


def named_dates(folded: str) -> Iterator[Mention]:
    """Yield the dates with the name of a month; the year or the day may miss."""
    for match in _WORD.finditer(folded):
        month = MONTHS.get(match[0].lower())
        if month is not None:
            yield from _around(folded, match.start(), match.end(), month)


def _around(folded: str, start: int, end: int, month: int) -> Iterator[Mention]:
    before, after = folded[max(0, start - _BEFORE) : start], folded[end : end + _AFTER]
    if right := _DAY_YEAR.match(after):
        yield from _days(right, month, start, end + right.end())
        return
    left = _LEFT_DAY.search(before)
    year = _ONLY_YEAR.match(after)
    if left:
        yield from _day_before(left, year, folded, start, end, month)
        return
    if year:
        yield from dated(start, end + year.end(), year["year"], month, None, _doubt(year[0]))
        return
    day = _ONLY_DAY.match(after)
    if day is None and (later := _later_year(after)):
        yield from dated(start, end + later.end(), later["year"], month, None, _LATER)
        return
    if leading := _LEFT_YEAR.search(before):
        first = start - len(before) + leading.start()
        number = int(day["day"]) if day else None
        yield from dated(first, end + (day.end("day") if day else 0), leading["year"], month, number, 0.0)
        return
    short = _SHORT_YEAR.match(after)
    if short:
        is_marked = "'" in short[0] or "’" in short[0] or short[0][0] in "-./"
        doubt = 0.05 if is_marked else _EITHER
        yield from dated(start, end + short.end(), short["year"], month, None, doubt)
    if day:
        yield from _day_after(day, folded, start, end, month, _EITHER if short else 0.0)


def _days(right: re.Match[str], month: int, start: int, end: int) -> Iterator[Mention]:
    """Yield the day, or both days of a range, that stand with the year behind a month."""
    for day in (right["day"], right["last"]):
        if day:
            yield from dated(start, end, right["year"], month, int(day), _doubt(right[0]))


def _day_before(
    left: re.Match[str], year: re.Match[str] | None, folded: str, start: int, end: int, month: int
) -> Iterator[Mention]:
    """Yield the day, or both days of a range, that stand before a month."""
    offset = start - len(left.string)
    after = folded[end : end + _AFTER]
    short = None if year else _SHORT_YEAR.match(after)
    later = None if year or short else _later_year(after)
    known = year or short
    last = end + (known.end() if known else 0)
    doubt = max(_doubt(left["gap"]), _doubt(known[0]) if known else 0.0)
    for name in ("day", "first"):
        if left[name]:
            first = offset + left.start(name)
            text = known["year"] if known else None
            yield from dated(first, last, text, month, int(left[name]), doubt)
            if later:
                yield from dated(first, end + later.end(), later["year"], month, int(left[name]), _LATER)
    if known and "-" not in left["gap"] and "." not in left["gap"] and "/" not in left["gap"]:
        yield from dated(start, last, known["year"], month, None, max(doubt, _EITHER))


def _day_after(
    right: re.Match[str], folded: str, start: int, end: int, month: int, doubt: float
) -> Iterator[Mention]:
    """Yield the day, or both days of a range, that stand behind a month without a year."""
    last = right.end("last") if right["last"] else right.end("day")
    yield from dated(start, end + right.end("day"), None, month, int(right["day"]), doubt)
    if right["last"]:
        yield from dated(start, end + last, None, month, int(right["last"]), doubt)
    if later := _later_year(folded[end + right.end("day") : end + _AFTER]):
        stop = end + right.end("day") + later.end()
        yield from dated(start, stop, later["year"], month, int(right["day"]), _LATER)


def _later_year(after: str) -> re.Match[str] | None:
    """Return the second date of a range, whose year the first one shares."""
    later = _LATER_YEAR.match(after)
    return later if later and later["other"].lower() in MONTHS else None


def _doubt(gap: str) -> float:
    """Return the doubt of parts that a line break may have put side by side."""
    return _APART if "\n" in gap or "\f" in gap else 0.0
