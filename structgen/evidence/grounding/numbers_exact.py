"""Exact decimal values as a key of digits and a power of ten: scales and separators share one index."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from structgen import json_text


class Exact(NamedTuple):
    """A number: its digits without zeros at either end, as an integer, times a power of ten.

    0 has no digits and the power 0.
    """

    digits: str
    power: int
    is_negative: bool = False


def exact_value(value: float) -> Exact | None:
    """Return the exact value of the decimal that JSON writes for a number; None for one without a value."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) > json_text.MAX_DIGITS:
        return None
    return from_literal("".join(map(str, digits)), exponent, is_negative=bool(sign))


def from_literal(literal: str, exponent: int = 0, *, is_negative: bool = False) -> Exact:
    """Return the exact value of digits with at most one decimal point."""
    whole, _, fraction = literal.partition(".")
    digits = whole + fraction
    stripped = digits.rstrip("0")
    key = stripped.lstrip("0")
    if not key:
        return Exact("", 0)
    return Exact(key, exponent - len(fraction) + len(digits) - len(stripped), is_negative)


def digits_key(token: str) -> str:
    """Return the digits of a number without its separators, and without zeros at either end."""
    if not token.isdigit():
        token = token.translate(NO_SEPARATORS)
    return token.strip("0")


NO_SEPARATORS = str.maketrans("", "", ".,' \u00a0\n")
