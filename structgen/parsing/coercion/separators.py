"""Tell the decimal separator from the grouping one in the digits of a number."""

from __future__ import annotations

import re
from typing import NamedTuple

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:S\d{3})+".replace("S", r"([.,'_ \u00a0])"))
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
_POINT_CURRENCIES = frozenset("$ US$ A$ C$ £ ¥ ₹ Rs Rs. USD GBP JPY INR CNY AUD NZD HKD SGD".split())
"""Currencies of countries that write a decimal point."""
_COMMA_CURRENCIES = frozenset(
    "€ EUR kr kr. SEK NOK DKK ISK PLN zł CZK HUF RON BGN BRL R$ TRY ₺ RUB ₽ UAH ₴ IDR VND ₫ ARS COP".split()
)
"""Currencies of countries that mostly write a decimal comma."""
_SEPARATORS = re.compile(r"[^\d]")


class Spelling(NamedTuple):
    """The decimal literals that a run of digits and separators may stand for, the likeliest first."""

    literals: tuple[str, ...]
    is_plain: bool = False
    """Whether the digits have no separator at all."""
    is_doubtful: bool = False
    """Whether the digits may be several numbers, as `1 234`."""


def literals(digits: str, *, integer: bool, currency: str) -> Spelling | None:
    """Return the literals of digits with separators; None where no convention writes a number so.

    `1,234` and `1.234` have two readings; one of them is no integer. A currency (empty for none) says which
    is likelier, since amounts have rarely three decimals: `$1,234` has one reading, and `€1.234` is grouped.
    """
    separators = _SEPARATORS.findall(digits)
    if not separators:
        return Spelling((_trimmed(digits),), is_plain=True)
    kinds, last = list(dict.fromkeys(separators)), separators[-1]
    is_doubtful = " " in kinds
    if len(kinds) == 1:
        if last not in ".," or len(separators) > 1:
            grouped = _is_grouped(digits, last)
            return Spelling((_bare(digits),), is_doubtful=is_doubtful) if grouped else None
        return _one_separator(digits, last, integer, currency)
    if len(kinds) > 2 or last not in ".," or separators.count(last) > 1:
        return None
    whole, decimals = digits.rsplit(last, 1)
    if not _is_grouped(whole, kinds[0]):
        return None
    return Spelling((f"{_bare(whole)}.{decimals}",), is_doubtful=is_doubtful)


def _one_separator(digits: str, separator: str, integer: bool, currency: str) -> Spelling:
    whole, fraction = digits.split(separator)
    decimal = f"{_trimmed(whole or '0')}.{fraction}"
    if not _is_grouped(digits, separator):
        is_odd = separator == "," and len(fraction) > 3 and not decimal.startswith("0.")
        return Spelling((decimal, _bare(digits)) if is_odd else (decimal,))
    grouped = _bare(digits)
    if separator == ",":
        return Spelling((grouped,) if integer or currency in _POINT_CURRENCIES else (grouped, decimal))
    return Spelling((grouped, decimal) if integer or currency in _COMMA_CURRENCIES else (decimal, grouped))


def _is_grouped(digits: str, separator: str) -> bool:
    """Whether digits are in groups of three, or as in India, by one separator."""
    if separator == "," and _INDIAN.fullmatch(digits):
        return True
    return _GROUPED.fullmatch(digits) is not None and set(_SEPARATORS.findall(digits)) == {separator}


def _bare(digits: str) -> str:
    return _SEPARATORS.sub("", digits)


def _trimmed(digits: str) -> str:
    return digits.lstrip("0") or "0"
