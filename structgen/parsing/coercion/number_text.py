"""Read numbers out of text: grouped, with a currency, in accounting notation, per cent, or as a fraction.

Sign, point and every digit are kept. Where readers of different countries or trades read different numbers,
the likelier one is the value, and the others are its alternatives. The conventions:

- `1,234` is grouped, `1.234` is decimal; the other reading is the alternative, but for an integer `1,234` has
  none, and `1.234` and `1.000` are grouped.
- `(5)`, `5-` and `5 CR` (a credit, as in a ledger of debits) are negative, `5 DR` is positive. Brackets and a
  sign at the end may be marks of the text where neither decimals nor a currency is there; CR and DR may be
  used the other way round: then the opposite sign is the alternative.
- `12%` is 12, with the alternative 0.12.
- `1e400` and `1e-400` are no numbers: no double holds them.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from structgen import json_text
from structgen.parsing.coercion.separators import literals
from structgen.types import Risk

Number = int | float

CURRENCY = (
    r"(?:[$€£¥₹₽₩₿₺₴₪₫฿₦]|US\$|C\$|A\$|R\$|zł|kr\.?|Rs\.?|Fr\.?|"
    r"(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|INR|CNY|RMB|RUB|KRW|BRL|MXN|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|"
    r"UAH|ILS|ZAR|SGD|HKD|TWD|THB|IDR|MYR|PHP|VND|AED|SAR|EGP|NGN|KES|ARS|CLP|COP|PEN|PKR|BDT|LKR)(?![A-Za-z]))"
)
_DIGITS = r"\d(?:[\d.,'_ \u00a0]*\d)?"
_BODY = rf"(?:{_DIGITS}|\.\d+)"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<first_sign>[-+])?\s*(?P<before>{CURRENCY})?\s*(?P<second_sign>[-+])?\s*"
    rf"(?P<body>{_BODY})(?:[eE](?P<exponent>[-+]?\d{{1,6}})|\s*[x×*]\s*10\^(?P<power>[-+]?\d{{1,3}}))?"
    rf"(?P<no_cents>[.,]-{{1,2}})?\s*(?P<last_sign>[-+])?\s*(?P<after>{CURRENCY})?\s*"
    rf"(?:(?P<percent>%|per\s?cent)|(?P<ledger>CR|DR))?\s*(?P<close>\))?\.?"
)
_CRORES = re.compile(r"₹|INR|Rs")
"""Currencies beside which `CR` stands for ten million."""
_FRACTION = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)")
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|[km]|mn|bn|tn|lakh|crore)"
_IN_SENTENCE = re.compile(
    rf"(?<![\w.:/,(-])(?P<number>(?:[-+]\s?)?(?:{CURRENCY}\s?)?[-+]?(?:\d+(?:[.,'_\u00a0]\d+)*|\.\d+)(?:[eE][-+]?\d+)?"
    rf"(?:\s?(?:{CURRENCY}|%))?)(?![\w:/)]|[.,'-]\d|-|\s*(?:{_SCALE}|CR|DR|below|minus)\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:minus|negative|not|never|below|loss)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s{2,}")
_MAX_LENGTH = 10_000
"""Characters of a text that is searched for a number."""


class _Folding(dict[int, str]):
    """What each character becomes: a table for `str.translate` that fills itself with the digits it meets."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = str(unicodedata.decimal(character)) if character.isdecimal() else character
        return self[code]


_FOLDED = _Folding(str.maketrans({
    **dict.fromkeys("−–‐‑﹣－", "-"), "＋": "+", "﹢": "+", "’": "'", "‘": "'", "＇": "'", "٫": ".", "٬": ",",
    "．": ".", "，": ",", "％": "%", "٪": "%", "（": "(", "）": ")", "＄": "$",
    **dict.fromkeys("\u2007\u2009\u202f\u2002\u2003\u2005\u2006\u2008", "\u00a0"),
}))  # fmt: skip


class NumberReading(NamedTuple):
    """The number that a text spells, the risk of taking it, and the numbers that others may read."""

    value: Number
    risk: Risk = "coerced"
    alternatives: tuple[Number, ...] = ()


def read_number(text: str, *, integer: bool) -> NumberReading | None:
    """Return the number that a whole text spells; None where it spells none.

    `integer`: only integers are values; other numbers may be alternatives.
    """
    if len(text) > _MAX_LENGTH:
        return None
    plain = _SPACES.sub(" ", fold(text).strip())
    if fraction := _FRACTION.fullmatch(plain):
        return _divided(fraction[1], fraction[2], integer=integer)
    match = _NUMBER.fullmatch(plain)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    if match["no_cents"] and not (match["before"] or match["after"]):
        return None
    signs = [match[name] for name in ("first_sign", "second_sign", "last_sign") if match[name]]
    marks = [bool(signs), bool(match["open"]), bool(match["ledger"])]
    if len(signs) > 1 or sum(marks) > 1 or (match["before"] and match["after"]):
        return None
    currency = match["before"] or match["after"] or ""
    spelled = literals(match["body"], integer=integer, currency=currency)
    if spelled is None:
        return None
    exponent = match["exponent"] or match["power"] or "0"
    value = _literal_value(spelled.literals[0], int(exponent), integer=integer)
    if value is None or (match["ledger"] and _CRORES.search(plain)):
        return None
    others = (_literal_value(literal, int(exponent), integer=False) for literal in spelled.literals[1:])
    values = [value, *(other for other in others if other is not None)]
    return _signed(match, values, is_plain=spelled.is_plain, is_doubtful=spelled.is_doubtful)


def find_number(text: str) -> NumberReading | None:
    """Return the one number in a sentence; None for none, for several, and for one that a word changes."""
    if len(text) > _MAX_LENGTH:
        return None
    plain = fold(text)
    matches = list(_IN_SENTENCE.finditer(plain))
    if len(matches) != 1 or _NEGATION.search(plain):
        return None
    [match] = matches
    if any(character.isdigit() for character in plain[: match.start()] + plain[match.end() :]):
        return None
    if re.search(r"[-+(]\s*$", plain[: match.start()]):
        return None
    number = match["number"]
    if re.match(r"[-+]\s", number) and plain[: match.start()].strip():  # a dash between words, or a sign
        return None
    reading = read_number(number, integer=False)
    return None if reading is None else reading._replace(risk="inferred")


def _signed(
    match: re.Match[str], values: list[Number], *, is_plain: bool, is_doubtful: bool
) -> NumberReading:
    """Return the reading of a match whose digits may be any of the values, the likeliest first."""
    is_bullet = re.match(r"[-+]\s", match[0]) is not None and is_plain
    trailing = bool(match["last_sign"])
    is_mark = (bool(match["open"]) or trailing) and is_plain and not _has_currency(match)
    signs = (match["first_sign"], match["second_sign"], match["last_sign"])
    is_negative = bool(match["open"]) or "-" in signs or match["ledger"] == "CR"
    value, *alternatives = [-value if is_negative else value for value in values]
    if is_bullet or is_mark or match["ledger"]:
        alternatives.append(-value)
    if match["percent"]:
        share = float(Decimal(repr(value)) / 100)
        alternatives.append(share)
    others = tuple(other for other in dict.fromkeys(alternatives) if other != value)
    return NumberReading(
        value, "inferred" if others or is_doubtful or match["percent"] else "coerced", others
    )


def _has_currency(match: re.Match[str]) -> bool:
    return bool(match["before"] or match["after"])


def _divided(numerator: str, denominator: str, *, integer: bool) -> NumberReading | None:
    if not (divisor := Decimal(denominator)):
        return None
    try:
        quotient = float(Decimal(numerator) / divisor)
    except ArithmeticError:
        return None
    if integer:
        return NumberReading(int(quotient), "inferred") if quotient.is_integer() else None
    return None if quotient in (float("inf"), float("-inf")) else NumberReading(quotient, "inferred")


def fold(text: str) -> str:
    """Return a text of the same length with ASCII digits, signs and separators."""
    return text if text.isascii() else text.translate(_FOLDED)


def _literal_value(literal: str, exponent: int, *, integer: bool) -> Number | None:
    """Return the number of a decimal literal; None for one that JSON text with an exponent cannot hold."""
    try:
        exact = Decimal(literal).scaleb(exponent) if exponent else Decimal(literal)
    except ArithmeticError:
        return None
    if exponent and _json_number(f"{literal}e{exponent}") is None:
        return None
    if integer or (exact == exact.to_integral_value() and "." not in literal and exponent >= 0):
        if exact.adjusted() >= json_text.MAX_DIGITS or exact != exact.to_integral_value():
            return None
        return int(exact)
    return _json_number(f"{literal}e{exponent}" if exponent else literal)


def _json_number(literal: str) -> Number | None:
    """Return a number of JSON; None where it has too many digits, or where no double holds it."""
    try:
        value: Number = json_text.loads(literal)
    except json_text.JsonError:
        return None
    return None if json_text.vanishes(literal, value) else value
