"""Dates in digits: `2024-03-05`, `03/04/2024`, `3.4.24`, `03/2021`, `2024年3月5日`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.evidence.grounding.dates_calendar import CalendarDate, Mention, Order, dated, is_possible

_FULL = re.compile(
    r"(?<![\d.,/-])(?<!\d[./-] )(\d{1,4})(?P<gap>[ ]?[./-][ ]?)(\d{1,2})(?P=gap)"
    r"(\d{4}|\d{1,2})(?![\d-]|[./]\d)"
)
_COMPACT = re.compile(
    r"(?<![\d.,])((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|T\d|$)(?![.,]\d)"
)
_YEAR_MONTH = re.compile(r"(?<![\d.,/-])((?:1[5-9]|20)\d{2})([-/.])(\d{1,2})(?![\d/-]|\.\d)")
_MONTH_YEAR = re.compile(r"(?<![\d.,/-])(\d{1,2})[ ]?([-/.])[ ]?((?:1[5-9]|20)\d{2})(?![\d/-]|[.,]\d)")
_NO_YEAR = re.compile(
    r"(?<![\d.,/-])(\d{1,2})/(\d{1,2})(?![\d/]|[.,-]\d)|(?<![\d.,/-])(\d{1,2})\.(\d{1,2})\.(?!\d)"
)
_CJK = re.compile(
    r"(?:(?:(?P<era>令和|平成|昭和)(?P<era_year>\d{1,2}|元)|(?P<year>\d{4}|\d{2}))\s?[年년]\s?)?"
    r"(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日号號일])?"
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_YEAR = re.compile(r"(?<![\d.,/-])(?:1[5-9]|20)\d{2}(?![\d/]|[.,]\d|-\d\d?(?!\d))")
_PLAUSIBLE = 0.2
_DOUBTFUL = 0.4


def numeric_dates(folded: str, order: Order) -> Iterator[Mention]:
    """Yield the dates in digits of a folded text; an ambiguous one in both orders."""
    for match in _FULL.finditer(folded):
        yield from _full(match, order)
    for match in _COMPACT.finditer(folded):
        yield from dated(*match.span(), match[1], int(match[2]), int(match[3]), _PLAUSIBLE)
    for match in _YEAR_MONTH.finditer(folded):
        yield from dated(*match.span(), match[1], int(match[3]), None, 0.0 if match[2] == "-" else 0.1)
    for match in _MONTH_YEAR.finditer(folded):
        yield from dated(*match.span(), match[3], int(match[1]), None, 0.0 if match[2] == "/" else 0.1)
    for match in _NO_YEAR.finditer(folded):
        yield from _without_year(match, order)
    if not folded.isascii():
        for match in _CJK.finditer(folded):
            yield from _east_asian(match)


def years(folded: str) -> Iterator[Mention]:
    """Yield the years that stand alone."""
    for match in _YEAR.finditer(folded):
        yield Mention(match.start(), match.end(), CalendarDate(int(match[0]), None, None), 0.0)


def _full(match: re.Match[str], order: Order) -> Iterator[Mention]:
    first, second, last = match[1], match[3], match[4]
    start, end = match.span()
    separator = match["gap"].strip()
    doubt = 0.05 if " " in match["gap"] else 0.0
    if len(first) == 4 and len(last) <= 2:
        yield from dated(start, end, first, int(second), int(last), doubt)
        if separator != "-":
            yield from dated(start, end, first, int(last), int(second), _DOUBTFUL)
        return
    if len(first) > 2:
        return
    doubt = max(doubt, 0.1) if len(last) <= 2 else doubt
    if len(last) == 1:
        return
    one, two = int(first), int(second)
    day_first, month_first = (0.0, _DOUBTFUL) if separator == "." else order
    if one == two or one > 12 or two > 12:
        day_first = month_first = 0.0
    yield from dated(start, end, last, two, one, max(doubt, day_first))
    if one != two:
        yield from dated(start, end, last, one, two, max(doubt, month_first))
    if len(last) == 2:
        yield from dated(start, end, first.zfill(2), two, int(last), _DOUBTFUL)


def _without_year(match: re.Match[str], order: Order) -> Iterator[Mention]:
    start, end = match.span()
    one, two = (int(number) for number in match.groups() if number is not None)
    day_first, month_first = (0.0, _DOUBTFUL) if match[3] else order
    if one > 12 or two > 12 or one == two:
        day_first = month_first = 0.0
    yield from dated(start, end, None, two, one, max(_PLAUSIBLE, day_first))
    if one != two:
        yield from dated(start, end, None, one, two, max(_PLAUSIBLE, month_first))
    if match[1] and len(match[2]) == 2:
        yield from dated(start, end, match[2], one, None, _DOUBTFUL)


def _east_asian(match: re.Match[str]) -> Iterator[Mention]:
    year = match["year"]
    if match["era"]:
        number = 1 if match["era_year"] == "元" else int(match["era_year"])
        year = str(_ERAS[match["era"]] + number)
    if year is None and match["day"] is None:
        return
    day = None if match["day"] is None else int(match["day"])
    for mention in dated(*match.span(), year, int(match["month"]), day, 0.0):
        if is_possible(mention.date):
            yield mention
