"""Find the choice that a text equals, or that a sentence names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen import json_text
from structgen.parsing.coercion.number_text import read_number
from structgen.parsing.coercion.word_text import Word, normalise, words

_NEGATIONS = frozenset(
    "not non no never without neither nor cannot isn aren wasn weren don doesn didn hasn haven won wouldn "
    "shouldn except excluding instead unlike nicht kein keine keinen ohne pas sans sin nunca".split()
)
"""Normalised words that negate what a sentence names."""
_SCALES = frozenset("hundred thousand million billion trillion dozen k m mn bn tn half".split())
_MAX_SENTENCE = 10_000
"""Characters of a text that is compared with choices word by word."""


def has_negation(text: str) -> bool:
    """Whether a sentence negates something."""
    return _negates(words(text))


def equal_choice(text: str, options: Sequence[Any]) -> int | None:
    """Return the index of the one option that a text equals, but for case, accents and separators."""
    stripped = text.strip().casefold()
    names = [option if isinstance(option, str) else json_text.dumps(option) for option in options]
    equal = [index for index, name in enumerate(names) if name.casefold() == stripped]
    if not equal and len(text) <= _MAX_SENTENCE:
        key = normalise(text)
        equal = [i for i, name in enumerate(names) if isinstance(options[i], str) and normalise(name) == key]
    if not equal:
        number = read_number(text, integer=False)
        if number is not None and not number.alternatives:
            equal = [i for i, option in enumerate(options) if _is_number(option) and option == number.value]
    return equal[0] if len(equal) == 1 else None


def named_choices(text: str, options: Sequence[Any]) -> list[int]:
    """Return the indices of the options that a sentence names, the one that it names most often first.

    Empty for none, for two that are named equally often, and with a negation. A name must stand there as
    words: `C` is not named by `C++`, nor `5` by `1.5` or `5 million`, nor `blue` by `blue-green`. A name
    within a longer one, as `blue` in `light blue`, counts for the longer one alone.
    """
    if len(text) > _MAX_SENTENCE:
        return []
    names = [words(option if isinstance(option, str) else json_text.dumps(option)) for option in options]
    sentence: list[Word | None] = list(words(text))
    numbers = sum(word is not None and word.text[-1].isdigit() for word in sentence)
    counts: dict[int, int] = {}
    for index in sorted(range(len(names)), key=lambda i: -len(names[i])):
        name = names[index]
        is_number = len(name) == 1 and name[0].text[-1].isdigit()
        for at in _occurrences(sentence, name):
            following = sentence[at + len(name) :][:1]
            scaled = any(word is not None and word.text in _SCALES for word in following)
            if is_number and (scaled or numbers > 1):
                return []
            counts[index] = counts.get(index, 0) + 1
            sentence[at : at + len(name)] = [None] * len(name)
    if _negates([word for word in sentence if word is not None]):
        return []
    named = sorted(counts, key=lambda index: -counts[index])
    is_tie = len(named) > 1 and counts[named[0]] == counts[named[1]]
    return [] if is_tie or any(_is_negation(names[index]) for index in named) else named


def _occurrences(sentence: Sequence[Word | None], name: Sequence[Word]) -> list[int]:
    """Return the places where a sentence has the words of a name, and no longer word that holds them."""
    if not name:
        return []
    texts, size = [word.text for word in name], len(name)
    places = []
    for at in range(len(sentence) - size + 1):
        run = [word for word in sentence[at : at + size] if word is not None]
        if len(run) < size or run[0].is_joined or [word.text for word in run] != texts:
            continue
        following = sentence[at + size] if at + size < len(sentence) else None
        if following is None or not following.is_joined:
            places.append(at)
    return places


def _negates(sentence: Sequence[Word]) -> bool:
    return any(word.text in _NEGATIONS for word in sentence)


def _is_negation(name: Sequence[Word]) -> bool:
    """Whether a name is a word of negation alone, which a sentence may hold in another sense (`no idea`)."""
    return len(name) == 1 and name[0].text in _NEGATIONS


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
