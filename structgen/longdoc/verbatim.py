"""Items that say their rows word for word: the common case, which needs no search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from structgen.types import Span

_LETTERS = re.compile(r"\w")
PROVING = 3
"""Letters and digits of a value that shows which row it comes from."""
_BEFORE_NUMBER, _AFTER_NUMBER = re.compile(r"[\w.,:/'’−-]\Z"), re.compile(r"\w|[.,:/'’-]\d")
"""What makes a number in a text a part of a longer one, or of a date or a code."""


def are_verbatim(items: Sequence[Any], rows: Sequence[Span], text: str) -> bool:
    """Return whether there are as many items as rows, and each says its own row alone, word for word.

    Null and booleans prove nothing: an item also needs a value that shows which row it comes from.
    """
    return len(items) == len(rows) and all(
        _is_verbatim(item, text[row.start : row.end]) for item, row in zip(items, rows, strict=True)
    )


def _is_verbatim(item: Any, row: str) -> bool:
    shows = False
    for value in _scalars(item):
        if value is None or isinstance(value, bool):
            continue
        if not (_has_words(row, value) if isinstance(value, str) else _has_number(row, value)):
            return False
        shows = shows or len(_LETTERS.findall(str(value))) >= PROVING
    return shows


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _scalars(inner)
    else:
        yield value


def _has_words(row: str, words: str) -> bool:
    """Return whether a text stands in a row, not inside of a longer word."""
    at = row.find(words) if words.strip() else -1
    while at >= 0:
        if not (_cuts_word(row, at) or _cuts_word(row, at + len(words))):
            return True
        at = row.find(words, at + 1)
    return False


def _cuts_word(row: str, at: int) -> bool:
    return 0 < at < len(row) and bool(_LETTERS.match(row[at - 1]) and _LETTERS.match(row[at]))


def _has_number(row: str, number: float) -> bool:
    """Return whether a number stands in a row in plain notation, with a point and up to two more zeros."""
    plain = str(number)
    forms = (
        (plain, f"{number:.2f}")
        if isinstance(number, float) and float(f"{number:.2f}") == number
        else (plain,)
    )
    for form in forms:
        at = row.find(form)
        while at >= 0:
            end = at + len(form)
            if not (_BEFORE_NUMBER.search(row, max(0, at - 1), at) or _AFTER_NUMBER.match(row, end)):
                return True
            at = row.find(form, at + 1)
    return False
