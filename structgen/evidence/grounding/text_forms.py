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
_KIND = {
    kind: regex.compile(pattern, regex.VERSION1)
    for kind, pattern in {
        "digit": r"[\p{Nd}\p{No}]",
        "mark": r"\p{M}",
        "spaceless": rf"[{_SPACELESS}]",
        "letter": r"\p{L}",
        "numeral": r"\p{Nl}",
        "invisible": rf"[{_INVISIBLE}]",
    }.items()
}
_MAX_KNOWN = 1 << 16
"""Characters whose kind is kept."""


class _Kinds(dict[int, str]):
    """One letter for each character, by what it may be in a token. Each is found out when it is first met.

    `n` digit, `m` mark, `j` mark that shows nothing, `i` other invisible character, `l` letter, `v` voicing
    mark of half width, a letter as well, `s` character of a spaceless script, `t` mark of one, `r` numeral,
    `h` numeral of a spaceless script, `.` anything else.
    """

    def __missing__(self, code: int) -> str:
        kind = self._kind(chr(code))
        if len(self) < _MAX_KNOWN:
            self[code] = kind
        return kind

    @staticmethod
    def _kind(character: str) -> str:
        kinds = {kind for kind, pattern in _KIND.items() if pattern.match(character)}
        if "digit" in kinds:
            return "n"
        if "spaceless" in kinds:
            return "t" if "mark" in kinds else "h" if "numeral" in kinds else "s"
        if "invisible" in kinds:
            return "j" if "mark" in kinds else "i"
        if "letter" in kinds:
            return "v" if character in "\uff9e\uff9f" else "l"
        return "m" if "mark" in kinds else "r" if "numeral" in kinds else "."


_KINDS = _Kinds()
_TOKEN = re.compile("([lv][lvmj]*+(?:[ij]++[lv][lvmj]*+)*+|n++|[sth][mtjv]*+(?:[ij]++[mtj]++)*+|[rh]++)")
"""A token in the kinds of its characters, which `re` reads much faster than the properties themselves."""
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
    is_ascii = text.isascii()
    parts = _ASCII_TOKEN.split(text) if is_ascii else _TOKEN.split(text.translate(_KINDS))
    starts = [*accumulate(map(len, parts), initial=0)]
    if is_ascii:
        return starts[1:-1:2], parts[1::2]
    return starts[1:-1:2], [text[start:end] for start, end in zip(starts[1::2], starts[2::2], strict=False)]


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
