"""What a scalar of one type means as another: numbers, booleans, dates and choices out of text."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from structgen import json_text

_CURRENCY = r"(?:[$€£¥₹₽₩₿]|USD|EUR|GBP|JPY|CHF|CAD|AUD|INR|CNY|Rs\.?)"
_SIGN = "[-+−–]"
_DECIMAL = rf"{_SIGN}?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|{_SIGN}?\.\d+"
_GROUPED = (
    rf"{_SIGN}?[1-9]\d{{0,2}}(?:[,_\s'’]\d{{3}})+(?:\.\d+)?"
    rf"|{_SIGN}?[1-9]\d{{0,2}}(?:,\d{{2}})*,\d{{3}}(?:\.\d+)?"
)
_EUROPEAN = rf"{_SIGN}?[1-9]\d{{0,2}}(?:\.\d{{3}})+,\d+|{_SIGN}?\d+,\d{{1,2}}|{_SIGN}?0,\d+"
_WHOLE = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>{_SIGN})?\s*{_CURRENCY}?\s*"
    rf"(?:(?P<european>{_EUROPEAN})(?!\d)|(?P<plain>{_GROUPED}|{_DECIMAL}))\s*(?:{_CURRENCY}|%)?\s*(?P<close>\))?\.?"
)
_SCALE = "hundred|thousand|million|billion|trillion|dozen|k|m|mn|bn|tn"
_FRACTION = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*")
_IN_TEXT = re.compile(
    rf"(?<![\w.:/-])(?:{_CURRENCY})?\s?(?P<number>{_GROUPED}|{_DECIMAL})(?![\w:/]|[.-]\d|\s*(?:{_SCALE})\b)",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:minus|negative)\s*$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NOT = frozenset(
    "not non no never without neither nor cannot isn aren wasn weren don doesn didn hasn haven won nicht "
    "kein keine ohne pas sans sin nunca".split()
)
"""Words, as `normal` gives them, that turn round what a sentence names."""
_TRUE = frozenset("true yes y on 1 t ja oui si sí".split())
_FALSE = frozenset("false no n off 0 f nein non".split())
_NULL = frozenset(["null", "none", "nil", "n/a", "na", "undefined", "", "-", "nan", "unknown"])
_DATES = (
    "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y",
    "%B %d %Y", "%b %d %Y", "%d-%b-%Y", "%d-%B-%Y", "%A, %B %d, %Y", "%A, %d %B %Y",
    "%a, %d %b %Y", "%Y-%m-%d",
)  # fmt: skip
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)\b")


def number(text: str, *, whole: bool = False) -> int | float | None:
    """The number that the whole text is: grouped, with a currency, in parentheses, percent, a fraction.

    `whole` asks for an integer, which keeps every digit.
    """
    if fraction := _FRACTION.fullmatch(text):
        above, below = float(fraction.group(1)), float(fraction.group(2))
        return above / below if below and math.isfinite(above) and math.isfinite(below) else None
    match = _WHOLE.fullmatch(text.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    if match["sign"] and (match["plain"] or match["european"])[0] in "-+−–":
        return None
    literal = match["plain"] or match["european"].replace(".", "").replace(",", ".")
    value = _value(literal, whole)
    if value is None:
        return None
    return -value if match["open"] or match["sign"] in ("-", "−", "–") else value


def number_in(text: str) -> int | float | None:
    """The one number in a sentence; None where there is none, or several, or a word makes it another."""
    matches = list(_IN_TEXT.finditer(text))
    if any(_NEGATIVE.search(text, 0, match.start()) for match in matches[:10]):
        return None
    found = {_value(match["number"]) for match in matches}
    if _DIGIT.search(_IN_TEXT.sub("", text)):  # of a number that is read in no way: a part is not the whole
        return None
    return found.pop() if len(found) == 1 else None


def ambiguous(text: str, *, whole: bool) -> bool:
    """Whether a number could be read in another way: as several (a fraction), as a share of one, and, where
    no integer is asked for and no currency stands beside it, with a decimal comma."""
    return _SEVERAL.search(text) is not None or (not whole and _COMMA.fullmatch(text.strip()) is not None)


_SEVERAL = re.compile(r"\d\s+\d|\d\s*[%/]")
_COMMA = re.compile(rf"{_SIGN}?\d{{1,3}},\d{{3}}")


def _value(literal: str, whole: bool = False) -> int | float | None:
    plain = re.sub(r"[,_\s'’]", "", literal).replace("−", "-").replace("–", "-").lstrip("+")
    plain = re.sub(r"^(-?)\.", r"\g<1>0.", plain)
    plain = re.sub(r"^(-?)0+(?=\d)", r"\1", plain)
    if whole:
        exact = Decimal(plain)
        if exact.adjusted() < json_text.MAX_DIGITS and exact == exact.to_integral_value():
            return int(exact)
        return None
    try:
        value = json_text.loads(plain)
    except json_text.JsonFault:
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def boolean(text: str) -> bool | None:
    """The truth that the whole text is."""
    word = text.strip().strip(".!\"'*`").casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def boolean_in(text: str) -> bool | None:
    """The one of `true` and `false` that a sentence names, unless it denies it."""
    if _denies(text):
        return None
    found = set(re.findall(r"\b(true|false)\b", text.casefold()))
    return found == {"true"} if len(found) == 1 else None


def _denies(text: str) -> bool:
    return not _NOT.isdisjoint(normal(text).split())


def nothing(text: str) -> bool:
    """Whether the text says that there is no value."""
    return text.strip().casefold() in _NULL


def day(text: str) -> str | None:
    """An ISO date from one of the common ways to write it, a time after it left out. `03/04/2024` is
    ambiguous and stays."""
    plain = _ORDINAL.sub(r"\1", " ".join(text.split()))
    if slashed := _SLASHED.fullmatch(plain):
        one, other, year = (int(part) for part in slashed.groups())
        if one <= 12 and other <= 12 and one != other:
            return None
        month, of_month = (other, one) if one > 12 else (one, other)
        try:
            return date(year, month, of_month).isoformat()
        except ValueError:
            return None
    for form in _DATES:
        try:
            return datetime.strptime(plain, form).date().isoformat()
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(plain).date().isoformat()
    except ValueError:
        return None


def has_time(text: str) -> bool:
    """Whether a date says an hour, too."""
    return _HOURS.search(text) is not None


_HOURS = re.compile(r"\d{1,2}:\d{2}|\d[Tt]\d{2}")


def moment(text: str) -> str | None:
    """An RFC 3339 date-time; one without an offset is read as UTC only where it says so (`Z`, `UTC`)."""
    plain = " ".join(text.split())
    if not has_time(plain):  # midnight is not said
        return None
    zone = ""
    if plain.endswith((" UTC", " GMT", "Z")):
        plain, zone = re.sub(r"\s*(UTC|GMT|Z)$", "", plain), "Z"
    found: datetime | None
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        found = None
        for form in _MOMENTS:
            try:
                found = datetime.strptime(plain, form)
                break
            except ValueError:
                continue
    if found is None or not (zone or found.tzinfo):
        return None
    return found.isoformat() + zone


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Without case, accents, and what stands between words."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters)) or text.strip()


def chosen(text: str, options: Sequence[Any]) -> int | None:
    """The index of the option that a text means, or names most often; None where that is not one alone."""
    names = [option if isinstance(option, str) else json_text.dumps(option) for option in options]
    same = [i for i, name in enumerate(names) if name.casefold() == text.strip().casefold()]
    if not same:
        wanted = normal(text)
        same = [i for i, name in enumerate(names) if normal(name) == wanted]
        squeezed = wanted.replace(" ", "")
        same = same or [i for i, name in enumerate(names) if normal(name).replace(" ", "") == squeezed]
    if same:
        return same[0] if len(same) == 1 else None
    if _denies(text):
        return None
    return _named(f" {normal(text)} ", [normal(name) for name in names])


def _named(sentence: str, names: list[str]) -> int | None:
    """Longest names first, so that `car-2` is not read as `car`."""
    counts = [0] * len(names)
    for index in sorted(range(len(names)), key=lambda i: -len(names[i])):
        if name := names[index]:
            counts[index] = sentence.count(f" {name} ")
            sentence = sentence.replace(f" {name} ", " \x00 ")
    most = max(counts, default=0)
    return counts.index(most) if most and counts.count(most) == 1 else None
