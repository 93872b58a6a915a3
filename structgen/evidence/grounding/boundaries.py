"""Where a match of tokens may begin and end, and what the separators between its digits may be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from structgen.evidence.grounding.text_index import FIRST_SPACELESS, TextIndex

_NUMBER = regex.compile(
    r"\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?(?![.,]?\d)|\d+(?:\.\d+){2,}|\d+[.,]\d+"
)
_DASHES = regex.compile(r"[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_NUMBER_REACH = 40
"""Characters around a match that are read as one number."""
_COLUMN_GAP = regex.compile(r"[ \u00a0]{2}|\t")
MANY_DIGITS = 7
"""Digits from which on a number is a code (telephone, account): its separators say nothing."""


def whole(index: TextIndex, first: int, last: int) -> bool:
    """Say whether a range of tokens is no part of a longer number or identifier."""
    return _whole_run(index, first, last) and _whole_number(index, first, last)


def _whole_run(index: TextIndex, first: int, last: int) -> bool:
    """Say whether no part of an identifier such as `B7X2` is left out; of `5kg` each part stands alone."""
    before = first > 0 and _touching(index, first - 1)
    after = last < len(index.forms) and _touching(index, last - 1)
    if not before and not after:
        return True
    if (before and after) or last - first > 1:
        return False
    begin = first - 1 if before else first
    if begin > 0 and _touching(index, begin - 1):
        return False
    if begin + 2 < len(index.forms) and _touching(index, begin + 1):
        return False
    return index.forms[begin].isdecimal() or len(index.forms[begin]) > 1


def runs(index: TextIndex) -> Iterator[tuple[int, int]]:
    """Yield the ranges of tokens without separators, but for single characters of spaceless scripts."""
    starts, ends = index.starts, index.ends
    first = last = 0
    for position in index.beginnings:
        if position != last or starts[position] != ends[position - 1]:
            if last > first:
                yield first, last
            first = position
        last = position + 1
    if last > first:
        yield first, last


def _touching(index: TextIndex, position: int) -> bool:
    """Say whether a token and the next one stand without separator in one identifier."""
    if index.ends[position] != index.starts[position + 1]:
        return False
    left, right = index.forms[position], index.forms[position + 1]
    return not (len(left) == 1 and left >= FIRST_SPACELESS) and not (
        len(right) == 1 and right >= FIRST_SPACELESS
    )


def _whole_number(index: TextIndex, first: int, last: int) -> bool:
    text, start, end = index.text, index.starts[first], index.ends[last - 1]
    before = index.forms[first].isdecimal() and text[start - 1 : start] in _INNER and start > 1
    after = index.forms[last - 1].isdecimal() and text[end : end + 1] in _INNER and end + 1 < len(text)
    if not (before and text[start - 2].isdecimal()) and not (after and text[end + 1].isdecimal()):
        return True
    reach = max(0, start - _NUMBER_REACH)
    return not _is_cut(text[reach : end + _NUMBER_REACH], start - reach, end - reach)


@lru_cache(maxsize=1 << 12)
def _is_cut(around: str, start: int, end: int) -> bool:
    """Say whether a range begins or ends within a number."""
    spans = (number.span() for number in _NUMBER.finditer(around))
    return any(first < start < last or first < end < last for first, last in spans)


_INNER = frozenset(",.'’\u00a0\u202f")


def separators_agree(value: str, text: str, digits: int) -> bool:
    """Say whether what stands between two groups of digits reads alike: `1.5` is neither `1-5` nor `1 5`.

    A gap between columns separates values, whatever their digits are.
    """
    if _COLUMN_GAP.search(text) and not _COLUMN_GAP.search(value):
        return False
    return digits >= MANY_DIGITS or _reading(value) == _reading(text)


def joinable(separator: str, digits: int) -> bool:
    """Say whether two groups of digits may be one: `12 345 678` and `12345678`, never `1.5` and `15`."""
    return digits >= MANY_DIGITS and not set(separator) & set(".,:")


def _reading(separator: str) -> str:
    stripped = _DASHES.sub("-", separator.strip())
    if stripped in (".", ","):
        return "." if separator[-1:] == stripped else ""
    return "" if stripped in (";", "|", "") else stripped
