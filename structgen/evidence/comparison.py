"""Compare two scalars of JSON: exactly, but for notation, or as numbers.

Normalised, two scalars are equal whose keys are: texts without case, space and punctuation, dates by the day
that they name, numbers and the texts that spell them rounded to six decimals. The decimal point and the minus
sign of a number inside a text stay. `null` and an empty text are equal: both say that there is no value.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Literal

from structgen.parsing.coercion.date_text import has_time, parse_date
from structgen.parsing.coercion.number_text import Number, find_number, read_number

Level = Literal["exact", "normalised", "numeric", "different"]
"""How alike two scalars are, the strictest level that holds; `numeric`: texts that give the same number."""

DECIMALS = 6
"""Decimals to which numbers are rounded before they are compared."""
_EXACT_INTEGERS = 2**53
_MAX_CACHED = 200
"""Characters of the longest text whose key is kept."""
_MAX_DATE = 40
_PLAIN_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_DECIMAL_POINT = re.compile(r"(?<![\d.,])(\d+)\.(\d+)(?![.,]?\d)")
_MINUS = re.compile(r"(?<!\w)[-−](?=\.?\d)")
_KEPT_POINT, _KEPT_MINUS = "\ue000", "\ue001"
_DASHES = str.maketrans("−", "-")


def level(gold: Any, answer: Any) -> Level:
    """Return the strictest level at which two scalars are equal."""
    if type(gold) is type(answer) and gold == answer:
        return "exact"
    if _are_numbers(gold, answer) and gold == answer:
        return "exact"
    if key(gold) == key(answer):
        return "normalised"
    return "numeric" if _same_number(gold, answer) else "different"


def key(scalar: Any) -> str:
    """Return the text by which scalars are compared; empty for `null` and for a text of white space."""
    if scalar is None:
        return ""
    if isinstance(scalar, bool):
        return str(scalar).lower()
    if isinstance(scalar, int | float):
        return _number_key(scalar)
    return _cached_text_key(scalar) if len(scalar) <= _MAX_CACHED else _text_key(scalar)


def is_empty(scalar: Any) -> bool:
    """Whether a scalar says that there is no value: `null`, or a text of white space."""
    return scalar is None or (isinstance(scalar, str) and not scalar.strip())


def _text_key(text: str) -> str:
    plain = text.strip()
    if _PLAIN_NUMBER.fullmatch(plain.translate(_DASHES)):
        literal = plain.translate(_DASHES).replace(",", "")
        return _number_key(float(literal) if "." in literal or len(literal) > 300 else int(literal))
    if len(plain) <= _MAX_DATE and any(c.isdigit() for c in plain) and not has_time(plain):
        day = parse_date(plain)
        if day is not None:
            return day
    folded = unicodedata.normalize("NFKC", plain).casefold()
    marked = _MINUS.sub(_KEPT_MINUS, _DECIMAL_POINT.sub(rf"\1{_KEPT_POINT}\2", folded))
    kept = "".join(c for c in marked if c.isalnum() or c in _KEPT or unicodedata.category(c)[0] == "M")
    return kept.replace(_KEPT_POINT, ".").replace(_KEPT_MINUS, "-") or plain


_KEPT = frozenset((_KEPT_POINT, _KEPT_MINUS))
_cached_text_key = lru_cache(maxsize=65_536)(_text_key)


def _number_key(number: Number) -> str:
    if isinstance(number, int) and abs(number) > _EXACT_INTEGERS:
        return hex(number)
    rounded = round(float(number), DECIMALS)
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)


def _are_numbers(*scalars: Any) -> bool:
    return all(isinstance(scalar, int | float) and not isinstance(scalar, bool) for scalar in scalars)


def _same_number(gold: Any, answer: Any) -> bool:
    left, right = _readings(gold), _readings(answer)
    return bool(left and right) and (left[0] in right or right[0] in left)


def _readings(scalar: Any) -> list[str]:
    """Return the keys of the numbers that a scalar may give, the likeliest first."""
    if _are_numbers(scalar):
        return [_number_key(scalar)]
    if not isinstance(scalar, str) or not any(c.isdigit() for c in scalar):
        return []
    reading = read_number(scalar, integer=False) or find_number(scalar)
    return [] if reading is None else [_number_key(n) for n in (reading.value, *reading.alternatives)]
