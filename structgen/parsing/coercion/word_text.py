"""Split text into the words by which values are compared: signs, points and digits are part of a word.

Two texts are equal after normalising where case, accents, white space and the punctuation between letters
alone differ. What tells values apart stays: the sign of a number and its decimal point (`-1`, `1.5`), a range
(`1-2`), symbols (`<5`, `5%`), and signs at a word's end (`Rh-`, `C++`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_DASHES = dict.fromkeys(map(ord, "−–‐‑‒﹣－"), "-")
_NUMBER = r"(?:(?<![\w.])[-+]\s?)?(?:(?<!\w)\.)?\d+(?:[.,:/'-]\d+)*"
_TOKEN = re.compile(
    rf"(?P<amount>\(\s?{_NUMBER}\s?\))"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<word>[^\W\d_]+(?:[+#]+|-+(?!\w))?)"
    r"|(?P<dash>-)"
    r"|(?P<symbol>[^\w\s.,;:!?'\"`*()\[\]{}/\\|«»“”„…¿¡])"
)
_SPACED_RANGE = re.compile(r"(?<=\d)\s+-\s+(?=\d)")
_MAX_CACHED = 200
"""Characters of the longest text whose words are kept."""
_TIGHT = re.compile(r"[-_./'\\|]")
"""Separators that join two words to one where no white space stands beside them."""


class Word(NamedTuple):
    """A word of a text in its normal form."""

    text: str
    is_joined: bool
    """Whether no white space stands between it and the word before."""


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order."""
    return _cached_words(text) if len(text) <= _MAX_CACHED else _split(text)


def _split(text: str) -> tuple[Word, ...]:
    folded = _SPACED_RANGE.sub("-", _fold(text))
    found: list[Word] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        start = match.start()
        if match["dash"] and _is_separator(folded, start):
            continue
        gap = folded[end:start]
        signed = bool(found) and found[-1].text in ("-", "+")
        joined = bool(found) and (signed or not gap or (_TIGHT.fullmatch(gap) is not None))
        found.append(Word(re.sub(r"\s", "", match[0]), joined))
        end = match.end()
    return tuple(found)


_cached_words = lru_cache(maxsize=4096)(_split)


def normalise(text: str) -> str:
    """Return the words of a text joined, as one key for comparison; the text itself where it has none.

    Digits of two words stay apart: `1 2` is not `12`.
    """
    joined = ""
    for word in words(text):
        apart = joined[-1:].isdigit() and word.text[0].isdigit()
        joined += f" {word.text}" if apart else word.text
    return joined or text.strip()


def numbers_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that hold digits, symbols or signs: all but plain letters."""
    return tuple(word.text for word in words(text) if not word.text.isalpha())


def _fold(text: str) -> str:
    """Return a text without case, accents, full width and the variants of dashes and apostrophes."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    characters = []
    for character in unicodedata.normalize("NFD", plain.translate(_DASHES).replace("’", "'")):
        if unicodedata.category(character) == "Nd":
            characters.append(str(unicodedata.decimal(character)))
        elif unicodedata.east_asian_width(character) in "FH":
            characters.append(unicodedata.normalize("NFKC", character).casefold())
        elif not unicodedata.combining(character):
            characters.append(character)
    return "".join(characters)


def _is_separator(text: str, at: int) -> bool:
    """Whether a dash stands between two words, or before a list item, and is no sign."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if before.isalnum() or before in ("_", ")"):
        return after.isalnum() or after == "_"
    return after.isspace() and (not before or before.isspace())
