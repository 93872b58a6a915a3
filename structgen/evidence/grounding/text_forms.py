"""Split text into tokens, and fold what a value and its source may write differently.

A token is a run of letters, a run of digits, or one character of a script that writes without spaces. Space,
punctuation and symbols separates tokens, and is compared where a value begins or ends with it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

import regex

_SPACELESS = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\u30fc\uff70"
)
_INVISIBLE = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphens, zero-width and direction marks: they stand inside words and show nothing."""
_MARKS = rf"[\p{{M}}\uff9e\uff9f]*+(?:[{_INVISIBLE}]++\p{{M}}++)*+"
_LETTERS = rf"[\p{{L}}--[{_SPACELESS}]]"
_TOKEN = regex.compile(
    rf"({_LETTERS}[\p{{L}}\p{{M}}--[{_SPACELESS}]]*+(?:[{_INVISIBLE}]++{_LETTERS}[\p{{L}}\p{{M}}--[{_SPACELESS}]]*+)*+"
    rf"|[\p{{Nd}}\p{{No}}]++|[{_SPACELESS}]{_MARKS}|\p{{Nl}}++)",
    regex.VERSION1,
)
_ASCII_TOKEN = re.compile(r"([A-Za-z]++|[0-9]++)")
_DROPPED = regex.compile(
    rf"[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670{_INVISIBLE}]+"
)
_FOLDED_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})
_RIGHT_TO_LEFT = regex.compile(r"[\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}\p{Nko}]")
_HEBREW = regex.compile(r"\p{Hebrew}")
_HEBREW_IN_LATIN = {0xE0 + i: 0x5D0 + i for i in range(27)}
"""Bytes of Windows-1255 read as Latin-1: old fonts of Hebrew documents leave single ones in words."""


def tokens(text: str) -> tuple[list[int], list[str]]:
    """Return the offset of each token of a text, and its characters."""
    parts = (_ASCII_TOKEN if text.isascii() else _TOKEN).split(text)
    starts = [*accumulate(map(len, parts), initial=0)]
    return starts[1:-1:2], parts[1::2]


@lru_cache(maxsize=1 << 16)
def form(token: str) -> str:
    """Return what the spellings of a token share: no case, width, accents or invisible characters."""
    if token.isascii():
        return token.lower()
    if token.isdecimal():
        return "".join(str(unicodedata.decimal(digit)) for digit in token)
    if _HEBREW.search(token):
        token = token.translate(_HEBREW_IN_LATIN)
    plain = _DROPPED.sub("", unicodedata.normalize("NFKD", token).casefold())
    plain = unicodedata.normalize("NFKC", plain).translate(_FOLDED_LETTERS)
    return plain.replace("\u2044", "") or token


def is_right_to_left(text: str) -> bool:
    """Say whether a text has letters that are written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def forms(text: str) -> list[str]:
    """Return the normal forms of the tokens of a text."""
    return [form(token) for token in tokens(text)[1]]
