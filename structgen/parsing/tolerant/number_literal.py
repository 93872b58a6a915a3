"""Read numbers as JSON5, Python and spreadsheets write them: `+1`, `.5`, `0x1F`, `1_000`, `1,234.50`."""

from __future__ import annotations

import math
import re

from structgen import json_text

_EXPONENT = "(?:[eE][+-]?[0-9]++)?+"
_LITERAL = (
    r"[+-]?+(?:"
    r"0[xX](?P<hexadecimal>[0-9a-fA-F]++)"
    r"|(?P<decimal>(?:[1-9][0-9]{0,2}+(?:_[0-9]{3})++(?![_0-9])|0(?!_?[0-9])|[1-9][0-9]*+(?!_))"
    rf"(?:\.[0-9]*+)?+{_EXPONENT}|\.[0-9]++{_EXPONENT}))"
)
_GROUPED = r"[+-]?+[1-9][0-9]{0,2}+(?:,[0-9]{3}(?![0-9]))++(?:\.[0-9]++)?+"
_END = r"(?![\w.+-])"
NUMBER = re.compile(_LITERAL + _END)
"""A number at a position, for `match`. It ends before all that is no letter, digit, sign, `_` or `.`."""
GROUPED_NUMBER = re.compile(rf"{_GROUPED}(?!,[0-9]){_END}")
"""A number with commas between groups of three digits, for `match`."""
_WHOLE_NUMBER, _WHOLE_GROUPED = re.compile(_LITERAL), re.compile(_GROUPED)
_MAX_HEXADECIMAL_DIGITS = int(json_text.MAX_DIGITS / math.log10(16))


def read_number(literal: str) -> int | float | None:
    """Return the number that a literal of JSON, JSON5 or Python writes; None for any other text.

    Integers keep every digit. A text with a leading zero, such as a postal code, is none. Nor is a number
    that JSON cannot represent: beyond a double, closer to zero than one, or of more than 4,300 digits.
    `Infinity` and `NaN` are words.
    """
    match = _WHOLE_NUMBER.fullmatch(literal)
    if match is None:
        return None
    sign = -1 if literal[0] == "-" else 1
    if digits := match["hexadecimal"]:
        return sign * int(digits, 16) if len(digits.lstrip("0")) <= _MAX_HEXADECIMAL_DIGITS else None
    decimal = match["decimal"].replace("_", "")
    if decimal.isdigit():
        return sign * int(decimal) if len(decimal) <= json_text.MAX_DIGITS else None
    value = float(decimal)
    is_lost = value == 0 and re.search("[1-9]", re.split("[eE]", decimal)[0])
    return None if is_lost or not math.isfinite(value) else sign * value


def read_grouped_number(literal: str) -> int | float | None:
    """Return the number whose thousands commas separate, as in `-2,000.00`; None for any other text.

    Whether the commas separate values of a list instead only the text around can tell.
    """
    return read_number(literal.replace(",", "")) if _WHOLE_GROUPED.fullmatch(literal) else None
