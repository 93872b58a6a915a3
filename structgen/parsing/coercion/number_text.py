"""Parse numbers out of text: grouped, with a currency, in parentheses, per cent, or as a fraction."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from structgen import json_text

_CURRENCY = r"(?:[$€£¥₹₽₩₿]|USD|EUR|GBP|JPY|CHF|CAD|AUD|INR|CNY|Rs\.?)"
_SIGN = "[-+−–]"
_DECIMAL = rf"{_SIGN}?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|{_SIGN}?\.\d+"
_GROUPED = (
    rf"{_SIGN}?[1-9]\d{{0,2}}(?:[,_\s'’]\d{{3}})+(?:\.\d+)?"
    rf"|{_SIGN}?[1-9]\d{{0,2}}(?:,\d{{2}})*,\d{{3}}(?:\.\d+)?"
)
_EUROPEAN = rf"{_SIGN}?[1-9]\d{{0,2}}(?:\.\d{{3}})+,\d+|{_SIGN}?\d+,\d{{1,2}}|{_SIGN}?0,\d+"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>{_SIGN})?\s*{_CURRENCY}?\s*"
    rf"(?:(?P<european>{_EUROPEAN})(?!\d)|(?P<plain>{_GROUPED}|{_DECIMAL}))\s*(?:{_CURRENCY}|%)?\s*(?P<close>\))?\.?"
)
_SCALE = "hundred|thousand|million|billion|trillion|dozen|k|m|mn|bn|tn"
_FRACTION = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*")
_IN_SENTENCE = re.compile(
    rf"(?<![\w.:/-])(?:{_CURRENCY})?\s?(?P<number>{_GROUPED}|{_DECIMAL})(?![\w:/]|[.-]\d|\s*(?:{_SCALE})\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:minus|negative)\s*$", re.IGNORECASE)
_MAX_NEGATIONS = 10
"""Numbers of one sentence that are checked for a negation before them."""
_DIGIT = re.compile(r"\d")
_SEVERAL = re.compile(r"\d\s+\d|\d\s*[%/]")
_COMMA = re.compile(rf"{_SIGN}?\d{{1,3}},\d{{3}}")


def parse_number(text: str, *, integer: bool) -> int | float | None:
    """Return the number that a whole text spells; None where it spells none.

    `integer`: return an integer with every digit, and None for other numbers.
    """
    if fraction := _FRACTION.fullmatch(text):
        numerator, denominator = float(fraction[1]), float(fraction[2])
        finite = math.isfinite(numerator) and math.isfinite(denominator)
        return numerator / denominator if denominator and finite else None
    match = _NUMBER.fullmatch(text.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    if match["sign"] and (match["plain"] or match["european"])[0] in "-+−–":
        return None
    literal = match["plain"] or match["european"].replace(".", "").replace(",", ".")
    value = _literal_value(literal, integer=integer)
    if value is None:
        return None
    return -value if match["open"] or match["sign"] in ("-", "−", "–") else value


def find_number(text: str) -> int | float | None:
    """Return the one number in a sentence; None for none, for several, and for one that a word changes."""
    matches = list(_IN_SENTENCE.finditer(text))
    if any(_NEGATION.search(text, 0, match.start()) for match in matches[:_MAX_NEGATIONS]):
        return None
    values = {_literal_value(match["number"], integer=False) for match in matches}
    if _DIGIT.search(_IN_SENTENCE.sub("", text)):  # other digits may belong to a number
        return None
    return values.pop() if len(values) == 1 else None


def is_ambiguous(text: str, *, integer: bool) -> bool:
    """Whether a text spells several numbers, a fraction, a share, or, unless `integer`, a decimal comma."""
    return _SEVERAL.search(text) is not None or (not integer and _COMMA.fullmatch(text.strip()) is not None)


def _literal_value(literal: str, *, integer: bool) -> int | float | None:
    plain = re.sub(r"[,_\s'’]", "", literal).replace("−", "-").replace("–", "-").lstrip("+")
    plain = re.sub(r"^(-?)\.", r"\g<1>0.", plain)
    plain = re.sub(r"^(-?)0+(?=\d)", r"\1", plain)
    if integer:
        exact = Decimal(plain)
        if exact.adjusted() < json_text.MAX_DIGITS and exact == exact.to_integral_value():
            return int(exact)
        return None
    try:
        value = json_text.loads(plain)
    except json_text.JsonError:
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
