"""Read how large values may be from a schema: a server's limits never lie below these sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from structgen.schema.keywords import COUNTS, DATA, LENGTHS

_REPETITION = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_MAX_DIGITS = 400
"""Digits to which the exponent of a number is written out: a double has no more."""


class DeclaredSizes(NamedTuple):
    """The largest sizes that a schema declares.

    Digits of a number, characters of a string, items of a list or members of an object.
    """

    digits: int = 0
    length: int = 0
    items: int = 0


def declared_sizes(definition: Any) -> DeclaredSizes:
    """Return the largest sizes among bounds, constants, defaults, examples and repetitions in patterns."""
    digits = length = items = 0
    for keyword, value in _entries(definition):
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            digits = max(digits, _digits(value))
            if keyword in LENGTHS:
                length = max(length, int(value))
            elif keyword in COUNTS:
                items = max(items, int(value))
        elif isinstance(value, str):
            if keyword == "pattern":
                length = max(length, *repetition_counts(value), 0)
            elif keyword in DATA:
                length = max(length, len(value))
        elif isinstance(value, list | dict):
            items = max(items, len(value))
    return DeclaredSizes(digits, length, items)


def repetition_counts(pattern: str) -> list[int]:
    """Return the upper bound, or the lower one of an open range, of each `{m,n}` in a regular expression."""
    return [int(most or least) for least, most in _REPETITION.findall(pattern)]


def _entries(definition: Any) -> Iterator[tuple[str, Any]]:
    """Yield every value in the schema with the nearest key above it."""
    stack: list[tuple[str, Any]] = [("", definition)]
    while stack:
        keyword, value = stack.pop()
        yield keyword, value
        if isinstance(value, dict):
            stack += value.items()
        elif isinstance(value, list):
            stack += ((keyword, item) for item in value)


def _digits(number: float) -> int:
    """Return the number of digits without an exponent."""
    try:
        if isinstance(number, int):
            return len(str(abs(number)))
        _, digits, exponent = Decimal(repr(number)).as_tuple()
    except (ValueError, ArithmeticError):  # an integer of more than 4,300 digits
        return 0
    if not isinstance(exponent, int):
        return 0
    return min(_MAX_DIGITS, max(len(digits), len(digits) + exponent, -exponent) + 1)
