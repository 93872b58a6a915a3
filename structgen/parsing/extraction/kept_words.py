"""Compare the words of a text with those of a value, to see whether the value lost any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![^\W_])|[^\W_]+")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|[bfnrt"\\/])')
_OPENING = re.compile(r"[{\[]")
_LITERALS = {"none": "null", "undefined": "null", "nil": "null"}


def keeps_words(text: str, value: Any) -> bool:
    """Whether every word and number between the outermost brackets of a text stands in the value.

    Each counts as often as it stands in the text. Escapes are decoded; numbers are compared as numbers.
    """
    opening = _OPENING.search(text)
    start = opening.start() if opening else 0
    end = max(text.rfind("}"), text.rfind("]")) + 1
    inside = text[start : end if end > start else len(text)]
    lost = Counter(_words(_ESCAPE.sub(_decoded, inside)))
    lost.subtract(word for scalar in _scalars(value) for word in _words(scalar))
    return all(count <= 0 for count in lost.values())


def _decoded(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " "


def _words(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        word = token.casefold()
        if word[0].isdigit():
            with suppress(ValueError, OverflowError):
                number = float(word)
                word = str(int(number)) if number.is_integer() and number < 2**53 else word
                word = repr(number) if "." in word or "e" in word else word
        yield _LITERALS.get(word, word)


def _scalars(value: Any) -> Iterator[str]:
    """Yield the keys and the scalars of a value as texts."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            yield from current
            pending += current.values()
        elif isinstance(current, list):
            pending += current
        elif isinstance(current, str):
            yield current
        else:
            yield "null" if current is None else str(current)
