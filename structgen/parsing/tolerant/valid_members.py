"""Match members and items that are valid JSON by one regular expression each."""

from __future__ import annotations

import re

_STRING = r'"([^"\\\x00-\x1f]*+)"'
_SCALAR = r"(?:(-?(?:0|[1-9]\d{0,17})(\.\d{1,17})?)|(true|false|null))"
"""Its numbers fit into a double or an integer of 64 bits."""
_SPACE = r"[ \t\n\r]*+"
_NEXT_KEY = rf'{_SPACE}"[^"\\\n]{{0,100}}+"{_SPACE}:'
_AFTER_BRACKET = rf"[ \t\r]*+(?:[\n}}\])`;/#]|\Z|,(?:{_SPACE}[{{\[]|{_NEXT_KEY}))"
"""Text after a closing bracket which proves that the quote before the bracket closes a string."""


def _pattern(before: str, after_string: str, after_scalar: str, closing: str) -> re.Pattern[str]:
    closes_string = rf"({closing})(?={_AFTER_BRACKET})"
    return re.compile(
        rf"{before}(?:{_STRING}(?:{_SPACE},(?={after_string})|{_SPACE}{closes_string})"
        rf"|{_SCALAR}{_SPACE}(?:,(?={after_scalar})|({closing}))|([{{\[]))"
    )


VALID = {
    "{": _pattern(rf'{_SPACE}"([^"\\\x00-\x1f]*+)"{_SPACE}:{_SPACE}', _NEXT_KEY, rf'{_SPACE}"', r"\}"),
    "[": _pattern(rf"(){_SPACE}", rf'{_SPACE}["{{\[\d-]', "", r"\]"),
}
"""By the opening bracket: a member or item that is valid JSON beyond doubt, with the comma or bracket after.

Groups: key (of an item empty), string, bracket after a string, number, its fraction, constant, bracket after
a number or constant, opening bracket of a container (the match ends there).
"""
