"""Number formats of workbooks: numbers and dates as their cells show them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
}  # fmt: skip
"""Formats that files name by number alone, those that look alike in all places."""
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<filled>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<digits>[0#?,.]+)|(?P<percent>%)|(?P<other>.)",
    re.DOTALL,
)
_CURRENCY = re.compile(r"\$([^-\]]*)(?:-.*)?")
_DATE_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|(?P<half>am/pm|a/p)|(?P<part>y+|m+|d+|h+|s+)'
    r"|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PLAIN = " -+/():!^&'~{}<>=$€£¥"
"""Characters that a format shows without quotes."""
MAX_DECIMALS, MAX_LENGTH, MAX_NUMBER = 30, 300, 1e15
"""Decimals and characters of a format, and the number from which on digits are not exact."""


def shown_number(value: float, code: str | None) -> str | None:
    """Return a number as a format shows it; None for a format that is not known, and for no format."""
    if not code or code.lower() == "general" or len(code) > MAX_LENGTH or not abs(value) < MAX_NUMBER:
        return None
    sections = _sections(code)
    negative = value < 0
    section = sections[0]
    if negative and len(sections) > 1 and sections[1]:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    parts = _parsed(section)
    if parts is None:
        return None
    prefix, digits, suffix, percent = parts
    if digits is None:
        return f"{prefix}{suffix}".strip()
    text = _grouped(Decimal(repr(value)) * (100 if percent else 1), digits)
    sign = "-" if text.startswith("-") else ""
    return f"{sign}{prefix}{text.removeprefix('-')}{suffix}".strip()


@lru_cache(maxsize=65536)
def shown_date(value: date | time, code: str | None) -> str | None:
    """Return a date or time as a format shows it; None where the format leaves it to the place."""
    if not code or len(code) > MAX_LENGTH or not re.search("[ymdhs]", code, re.IGNORECASE):
        return None
    parts, names, has_half = _date_parts(code)
    written = []
    for index, match in enumerate(parts):
        if match["bracket"] is not None:
            if not match["bracket"].startswith("$") and not match["bracket"][:1].isalpha():
                return None
            if match["bracket"].lower() in ("h", "hh", "m", "mm", "s", "ss"):  # a duration
                return None
        elif match["part"]:
            text = _date_part(value, names, index, has_half)
            if text is None:
                return None
            written.append(text)
        elif match["half"]:
            written.append("" if not hasattr(value, "hour") else "PM" if value.hour >= 12 else "AM")
        else:
            other = match["quoted"] or match["escaped"] or match["other"] or ""
            written.append("" if other in "@*_" else other)
    return "".join(written).strip() or None


@lru_cache(maxsize=1024)
def _date_parts(code: str) -> tuple[list[re.Match[str]], list[str], bool]:
    """Return the parts of a format, those that name something of a date, and whether hours count to 12."""
    parts = list(_DATE_PART.finditer(_sections(code)[0]))
    return parts, [(match["part"] or "").lower() for match in parts], any(match["half"] for match in parts)


def _date_part(value: date | time, names: list[str], index: int, has_half: bool) -> str | None:
    """Return a part of a date; `m` beside hours or seconds is a minute."""
    name = names[index]
    before = next((each for each in reversed(names[:index]) if each), "")
    after = next((each for each in names[index + 1 :] if each), "")
    if name[0] in "hs" or (name[0] == "m" and len(name) < 3 and (before[:1] == "h" or after[:1] == "s")):
        if isinstance(value, date) and not isinstance(value, datetime):
            return None
        number = {"h": value.hour, "m": value.minute, "s": value.second}[name[0]]
        number = (number - 1) % 12 + 1 if name[0] == "h" and has_half else number
        return f"{number:02}" if len(name) > 1 else str(number)
    if isinstance(value, time):
        return None
    match name[0], len(name):
        case "y", length:
            return f"{value.year:04}" if length > 2 else f"{value.year % 100:02}"
        case "m", length if length > 2:
            month = _MONTHS[value.month - 1]
            return month if length == 4 else month[0] if length == 5 else month[:3]
        case "m", length:
            return f"{value.month:02}" if length == 2 else str(value.month)
        case _, length if length > 2:
            day = _DAYS[value.weekday()]
            return day if length > 3 else day[:3]
        case _, length:
            return f"{value.day:02}" if length == 2 else str(value.day)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[str, ...]:
    """Return the formats of positive numbers, negative ones, zero and texts."""
    return tuple(re.findall(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[]|["\\\[])*)(?:;|$)', code)[:4]) or ("",)


@lru_cache(maxsize=1024)
def _parsed(section: str) -> tuple[str, str | None, str, bool] | None:
    """Return what stands before the digits, the digits, what stands after, and whether there is a `%`."""
    before, after, digits, percent = "", "", None, False
    for match in _PART.finditer(section):
        text = ""
        if match["digits"] is not None and re.search("[0#?]", match["digits"]):
            if digits is not None:
                return None
            digits = match["digits"]
            continue
        if match["percent"]:
            percent, text = True, "%"
        elif match["bracket"] is not None:
            currency = _CURRENCY.fullmatch(match["bracket"])
            text = currency[1] if currency else ""
            if not currency and match["bracket"][:1] in "<>=":
                return None
        elif match["space"] is not None:
            text = " "
        elif match["filled"] is None:
            text = match["quoted"] or match["escaped"] or match["digits"] or match["other"] or ""
            if match["other"] and match["other"] not in _PLAIN and match["other"].isascii():
                return None  # fractions, exponents, texts
        before, after = (before + text, after) if digits is None else (before, after + text)
    return before, digits, after, percent


def _grouped(value: Decimal, digits: str) -> str:
    """Write a number with as many digits as a format has places."""
    whole, _, decimals = digits.partition(".")
    scale = len(digits) - len(digits.rstrip(","))
    decimals = decimals.replace(",", "")[:MAX_DECIMALS]
    value = (value / (Decimal(1000) ** scale)).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{value:{',' if ',' in whole.rstrip(',') else ''}f}"
    number, _, fraction = text.partition(".")
    optional = len(decimals) - len(decimals.rstrip("#?"))
    while optional and fraction.endswith("0"):
        fraction, optional = fraction[:-1], optional - 1
    least = sum(place == "0" for place in whole)
    sign, number = ("-", number[1:]) if number.startswith("-") else ("", number)
    if not least and number == "0" and fraction:
        number = ""
    number = number.rjust(least, "0") if "," not in number else number
    text = f"{number}.{fraction}" if fraction else number
    return text if not text.strip("0.,") else sign + text
