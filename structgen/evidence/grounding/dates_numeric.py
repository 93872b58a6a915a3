"""Dates in digits: `2024-03-05`, `03/04/2024`, `3.4.24`, `03/2021`, `2024年3月5日`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.evidence.grounding.dates_calendar import CalendarDate, Mention, Order, dated

_FULL = re.compile(
    r"(\d(?<![\d.,/-]\d)(?<!\d[./-] \d)\d{0,3})(?P<gap>[ ]?[./-][ ]?)(\d{1,2})(?P=gap)"
    r"(\d{4}|\d{1,2})(?![\d-]|[./]\d)"
)
_COMPACT = re.compile(
    r"([12](?<![\d.,]\d)(?:(?<=1)9|(?<=2)0)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|T\d|$)(?![.,]\d)"
)
_YEAR_MONTH = re.compile(r"([12](?<![\d.,/-]\d)(?:(?<=1)[5-9]|(?<=2)0)\d{2})([-/.])(\d{1,2})(?![\d/-]|\.\d)")
_MONTH_YEAR = re.compile(r"(\d(?<![\d.,/-]\d)\d?)[ ]?([-/.])[ ]?((?:1[5-9]|20)\d{2})(?![\d/-]|[.,]\d)")
_NO_YEAR = re.compile(
    r"(\d(?<![\d.,/-]\d)\d?)(?:/(?P<slashed>\d{1,2})(?![\d/]|[.,-]\d)|\.(?P<pointed>\d{1,2})\.(?!\d))"
)
_CJK_MONTH = re.compile(r"[月월](?:\s?(?P<day>\d{1,2})\s?[日号號일])?")
_CJK_BEFORE = re.compile(
    r"(?:(?:(?P<era>令和|平成|昭和)(?P<era_year>\d{1,2}|元)|(?P<year>\d{4}|\d{2}))\s?[年년]\s?)?"
    r"(?<!\d)(?P<month>\d{1,2})\s?$"
)
_CJK_LENGTH = 14
"""Characters of the longest year and month before the sign of the month."""
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_YEAR = re.compile(r"[12](?<![\d.,/-]\d)(?:(?<=1)[5-9]|(?<=2)0)\d{2}(?![\d/]|[.,]\d|-\d\d?(?!\d))")
_PLAUSIBLE = 0.2
_DOUBTFUL = 0.4


def numeric_dates(folded: str, order: Order) -> Iterator[Mention]:
    """Yield the dates in digits of a folded text; an ambiguous one in both orders."""
    known: dict[str, list[Mention]] = {}
    for match in _FULL.finditer(folded):
        mentions = known.get(match[0])
        if mentions is None:
            mentions = known[match[0]] = list(_full(match, order))
        start, end = match.span()
        for mention in mentions:
            yield Mention(start, end, mention.date, mention.doubt)
    for match in _COMPACT.finditer(folded):
        yield from dated(*match.span(), match[1], int(match[2]), int(match[3]), _PLAUSIBLE)
    for match in _YEAR_MONTH.finditer(folded):
        yield from dated(*match.span(), match[1], int(match[3]), None, 0.0 if match[2] == "-" else 0.1)
    for match in _MONTH_YEAR.finditer(folded):
        yield from dated(*match.span(), match[3], int(match[1]), None, 0.0 if match[2] == "/" else 0.1)
    for match in _NO_YEAR.finditer(folded):
        yield from _without_year(match, order)
    if not folded.isascii():
        for match in _CJK_MONTH.finditer(folded):
            yield from _east_asian(folded, match)


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
    second = match["slashed"] or match["pointed"]
    one, two = int(match[1]), int(second)
    day_first, month_first = (0.0, _DOUBTFUL) if match["pointed"] else order
    if one > 12 or two > 12 or one == two:
        day_first = month_first = 0.0
    yield from dated(start, end, None, two, one, max(_PLAUSIBLE, day_first))
    if one != two:
        yield from dated(start, end, None, one, two, max(_PLAUSIBLE, month_first))
    if match["slashed"] and len(second) == 2:
        yield from dated(start, end, second, one, None, _DOUBTFUL)


def _east_asian(folded: str, match: re.Match[str]) -> Iterator[Mention]:
    before = folded[max(0, match.start() - _CJK_LENGTH) : match.start()]
    head = _CJK_BEFORE.search(before)
    if head is None:
        return
    year = head["year"]
    if head["era"]:
        number = 1 if head["era_year"] == "元" else int(head["era_year"])
        year = str(_ERAS[head["era"]] + number)
    if year is not None or match["day"] is not None:
        start = match.start() - len(before) + head.start()
        day = None if match["day"] is None else int(match["day"])
        yield from dated(start, match.end(), year, int(head["month"]), day, 0.0)
