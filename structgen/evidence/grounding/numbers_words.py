"""Small numbers and ordinals in words, in seven languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.evidence.grounding.number_names import words_of_numbers
from structgen.evidence.grounding.numbers_exact import from_literal
from structgen.evidence.grounding.numbers_shapes import Mention, mention_of

_COMPOUND_DOUBT = 0.05
_WORD = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"[dDqQsS](?:ix|uatre|oixante)(?:-[^\W\d_]+){1,2}")
"""The French numbers of two or three words."""
_JOINT = re.compile(r"(?:[ \u00a0-]|\s*\n\s*)(?:and[ \u00a0])?")
_MAX_JOINT = 8
_LARGE = {"million": 10**6, "billion": 10**9, "trillion": 10**12}
"""Words that multiply what stands before them, and are no number alone."""
_WORDS = words_of_numbers() | {word: (number, _COMPOUND_DOUBT) for word, number in _LARGE.items()}
_MULTIPLIERS = frozenset((1000, *_LARGE.values()))
_DOZEN = 12
_MAX_HUNDREDS = 99


def number_words(text: str) -> Iterator[Mention]:
    """Yield the numbers in words, a compound such as `one hundred and twenty-one` as one number."""
    words: dict[int, tuple[int, int, float]] = {}
    for match in _WORD.finditer(text):
        if (entry := _WORDS.get(match[0].lower())) is not None:
            words[match.start()] = (match.end(), *entry)
    for match in _HYPHENATED.finditer(text):
        if (entry := _WORDS.get(match[0].lower())) is not None:
            for piece in _WORD.finditer(text, *match.span()):
                words.pop(piece.start(), None)
            words[match.start()] = (match.end(), *entry)
    yield from _compounds(text, [(start, *words[start]) for start in sorted(words)])


def _compounds(text: str, words: list[tuple[int, int, int, float]]) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        start, end, number, doubt = words[at]
        at += 1
        if text[start:end].lower() in _LARGE:
            continue
        complete, current = 0, number
        while at < len(words) and _is_joint(text, end, words[at][0]):
            joined = _joined(complete, current, words[at][2])
            if joined is None:
                break
            complete, current = joined
            end, doubt = words[at][1], _COMPOUND_DOUBT
            at += 1
        yield mention_of(start, end, from_literal(str(complete + current)), doubt)


def _is_joint(text: str, end: int, start: int) -> bool:
    return start - end <= _MAX_JOINT and _JOINT.fullmatch(text, end, start) is not None


def _joined(complete: int, current: int, number: int) -> tuple[int, int] | None:
    """Return thousands and rest of a number with its next word; None where that begins another number."""
    if number in _MULTIPLIERS:
        is_smaller = current and (not complete or number < complete)
        return (complete + current * number, 0) if is_smaller else None
    if number == 100:
        return (complete, current * 100) if 0 < current <= _MAX_HUNDREDS else None
    if number == _DOZEN and not complete and 0 < current <= 20:
        return 0, current * _DOZEN
    fits_tens = current % 100 >= 20 and current % 10 == 0 and 0 < number < 10
    fits_hundreds = current % 100 == 0 and 0 < number < 100 and bool(current or complete)
    return (complete, current + number) if fits_tens or fits_hundreds else None


def spelled_number(text: str) -> int | None:
    """Return the whole number that a text spells in words; None for any other text."""
    stripped = text.strip()
    for mention in number_words(stripped):
        if (mention.start, mention.end) == (0, len(stripped)):
            return int((mention.digits or "0") + "0" * mention.powers[0].power)
    return None
