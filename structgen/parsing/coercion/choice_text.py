"""Find the choice that a text equals, or that a sentence names."""

from __future__ import annotations

import re
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
_ARTICLES = frozenset("AaIiOoEeYyUu")
"""Letters that are words by themselves."""
_MAX_SENTENCE = 10_000
"""Characters of a text that is compared with choices word by word."""


def has_negation(text: str) -> bool:
    """Whether a sentence negates something."""
    return _negates(words(text))


def equal_choice(text: str, options: Sequence[Any]) -> int | None:
    """Return the index of the one option that a text equals, but for case, accents and separators."""
    stripped = text.strip()
    names = [option if isinstance(option, str) else json_text.dumps(option) for option in options]
    if stripped in names:
        return names.index(stripped)
    equal = [index for index, name in enumerate(names) if name.casefold() == stripped.casefold()]
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
    within a longer one, as `blue` in `light blue`, counts for the longer one alone. A letter counts in its
    own case, and not as an article.
    """
    if len(text) > _MAX_SENTENCE:
        return []
    names = [words(option if isinstance(option, str) else json_text.dumps(option)) for option in options]
    sentence: list[Word | None] = list(words(text))
    numbers = sum(word is not None and word.text[-1].isdigit() for word in sentence)
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words(text)):
        places.setdefault(word.text, []).append(at)
    counts: dict[int, int] = {}
    for index in sorted(range(len(names)), key=lambda i: -len(names[i])):
        name = names[index]
        if _is_letter(name):
            if letters := _count_letter(options[index], text):
                counts[index] = letters
            continue
        is_number = len(name) == 1 and name[0].text[-1].isdigit()
        for at in places.get(name[0].text, ()) if name else ():
            if not _stands_at(at, sentence, name):
                continue
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


def _stands_at(at: int, sentence: Sequence[Word | None], name: Sequence[Word]) -> bool:
    """Whether a sentence has the words of a name at a place, and no longer word that holds them."""
    run = sentence[at : at + len(name)]
    texts = [word.text for word in run if word is not None]
    if texts != [word.text for word in name] or (run[0] is not None and run[0].is_joined):
        return False
    following = sentence[at + len(name)] if at + len(name) < len(sentence) else None
    return following is None or not following.is_joined


def _is_letter(name: Sequence[Word]) -> bool:
    return len(name) == 1 and len(name[0].text) == 1 and name[0].text.isalpha()


def _count_letter(letter: Any, text: str) -> int:
    """Count the places where a text has a letter by itself, in its own case, and not as an article."""
    name = re.escape(str(letter).strip())
    article = r"(?!\s+[a-z])" if str(letter).strip() in _ARTICLES else ""
    return len(re.findall(rf"(?<![\w'’.+#-]){name}(?![\w'’+#-]){article}", text))


def _negates(sentence: Sequence[Word]) -> bool:
    return any(word.text in _NEGATIONS for word in sentence)


def _is_negation(name: Sequence[Word]) -> bool:
    """Whether a name is a word of negation alone, which a sentence may hold in another sense (`no idea`)."""
    return len(name) == 1 and name[0].text in _NEGATIONS


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
