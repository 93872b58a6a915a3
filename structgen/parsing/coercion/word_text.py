"""Find the boolean, the null or the choice that a text names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from structgen import json_text

_NEGATIONS = frozenset(
    "not non no never without neither nor cannot isn aren wasn weren don doesn didn hasn haven won nicht "
    "kein keine ohne pas sans sin nunca".split()
)
"""Normalised words that negate what a sentence names."""
_TRUE = frozenset("true yes y on 1 t ja oui si sí".split())
_FALSE = frozenset("false no n off 0 f nein non".split())
_NULL = frozenset(["null", "none", "nil", "n/a", "na", "undefined", "", "-", "nan", "unknown"])


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Return the words of a text in lower case, without accents and separators."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters)) or text.strip()


def parse_boolean(text: str) -> bool | None:
    """Return the boolean that a whole text spells; None where it spells none."""
    word = text.strip().strip(".!\"'*`").casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def find_boolean(text: str) -> bool | None:
    """Return the one of `true` and `false` that a sentence names; None for both, or with a negation."""
    if _has_negation(text):
        return None
    words = set(re.findall(r"\b(true|false)\b", text.casefold()))
    return words == {"true"} if len(words) == 1 else None


def is_null_word(text: str) -> bool:
    """Whether a text stands for the absence of a value."""
    return text.strip().casefold() in _NULL


def choice_index(text: str, options: Sequence[Any]) -> int | None:
    """Return the index of the option that a text equals, or names most often; None for none, or several."""
    names = [option if isinstance(option, str) else json_text.dumps(option) for option in options]
    equal = [i for i, name in enumerate(names) if name.casefold() == text.strip().casefold()]
    if not equal:
        words = normalise(text)
        equal = [i for i, name in enumerate(names) if normalise(name) == words]
        joined = words.replace(" ", "")
        equal = equal or [i for i, name in enumerate(names) if normalise(name).replace(" ", "") == joined]
    if equal:
        return equal[0] if len(equal) == 1 else None
    if _has_negation(text):
        return None
    return _most_named(f" {normalise(text)} ", [normalise(name) for name in names])


def _has_negation(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(normalise(text).split())


def _most_named(sentence: str, names: list[str]) -> int | None:
    """Count the names in a sentence, the longest first: `car-2` does not name `car`."""
    counts = [0] * len(names)
    for index in sorted(range(len(names)), key=lambda i: -len(names[i])):
        if name := names[index]:
            counts[index] = sentence.count(f" {name} ")
            sentence = sentence.replace(f" {name} ", " \x00 ")
    most = max(counts, default=0)
    return counts.index(most) if most and counts.count(most) == 1 else None
