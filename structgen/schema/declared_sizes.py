"""How large values may be by the schema's own word: a limit of ours never lies below that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_LENGTHS, _COUNTS = ("minLength", "maxLength"), ("minItems", "maxItems", "minProperties", "maxProperties")
_VALUES = ("enum", "const", "default", "examples")
_LONGEST_PLAIN = 400
"""Digits to which the exponent of a number is written out: a double has no more."""


class Extent(NamedTuple):
    """The largest sizes that a schema names: digits of a number, characters of a string, items of a list
    or members of an object."""

    digits: int = 0
    length: int = 0
    items: int = 0


def extent(definition: Any) -> Extent:
    """Read the bounds, choices, defaults, examples and counted patterns anywhere in the schema."""
    digits = length = items = 0
    for keyword, value in _entries(definition):
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            digits = max(digits, _digits(value))
            if keyword in _LENGTHS:
                length = max(length, int(value))
            elif keyword in _COUNTS:
                items = max(items, int(value))
        elif isinstance(value, str):
            if keyword == "pattern":
                counts = (int(most or least) for least, most in _COUNT.findall(value))
                length = max(length, *counts, 0)
            elif keyword in _VALUES:
                length = max(length, len(value))
        elif isinstance(value, list | dict):
            items = max(items, len(value))
    return Extent(digits, length, items)


def _entries(definition: Any) -> Iterator[tuple[str, Any]]:
    """Every value in the schema with the key that it stands under."""
    waiting: list[tuple[str, Any]] = [("", definition)]
    while waiting:
        keyword, value = waiting.pop()
        yield keyword, value
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += ((keyword, part) for part in value)


def _digits(number: float) -> int:
    """Digits of the number as it is written out."""
    try:
        if isinstance(number, int):
            return len(str(abs(number)))
        _, digits, exponent = Decimal(repr(number)).as_tuple()
    except (ValueError, ArithmeticError):  # an integer of more than 4,300 digits
        return 0
    if not isinstance(exponent, int):
        return 0
    return min(_LONGEST_PLAIN, max(len(digits), len(digits) + exponent, -exponent) + 1)
