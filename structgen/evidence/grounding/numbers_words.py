"""Small numbers and ordinals in words, in seven languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.evidence.grounding.number_names import AMBIGUOUS, CARDINALS, ORDINALS, OTHERS, TENS
from structgen.evidence.grounding.numbers_exact import from_literal
from structgen.evidence.grounding.numbers_shapes import Mention, mention_of

_DOUBT_OF_AMBIGUOUS = 0.4
_SURE = 0.05
_ORDINAL_DOUBT = 0.15
_WORD = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+){1,2}")
_JOINT = re.compile(r"(?:[ \u00a0-]|\s*\n\s*)(?:and[ \u00a0])?")
_ENGLISH_TENS = frozenset(range(20, 100, 10))


def _doubt(word: str, own: float) -> float:
    return _DOUBT_OF_AMBIGUOUS if word in AMBIGUOUS else own


def _table() -> dict[str, tuple[int, float]]:
    table: dict[str, tuple[int, float]] = {}
    for language, words in CARDINALS.items():
        for number, word in enumerate(words.split()):
            table.setdefault(word, (number, _doubt(word, _SURE)))
        for number, word in enumerate(ORDINALS[language].split(), 1):
            table.setdefault(word, (number, _doubt(word, _ORDINAL_DOUBT)))
        for number, word in enumerate(TENS[language].split(), 3):
            table.setdefault(word, (number * 10, _SURE))
    for units, tens, joint in (("de", "de", "und"), ("nl", "nl", "en")):
        names = CARDINALS[units].split()
        for ten, name in enumerate([names[20], *TENS[tens].split()], 2):
            for unit in range(1, 10):
                first = {"eins": "ein"}.get(names[unit], names[unit])
                between = "ën" if joint == "en" and first.endswith("e") else joint
                table.setdefault(f"{first}{between}{name}", (ten * 10 + unit, _SURE))
    names = CARDINALS["it"].split()
    for ten, name in enumerate(["venti", *TENS["it"].split()], 2):
        for unit in range(1, 10):
            stem = name[:-1] if names[unit][0] in "uo" else name
            table.setdefault(stem + names[unit], (ten * 10 + unit, _SURE))
    names = CARDINALS["es"].split()
    accented = {"dos": "dós", "tres": "trés", "seis": "séis"}
    for unit in range(1, 10):
        table.setdefault("veinti" + accented.get(names[unit], names[unit]), (20 + unit, _SURE))
    for other, words in OTHERS.items():
        for word in words.split():
            table.setdefault(word, (other, _doubt(word, _SURE)))
    for number, word in enumerate("twentieth thirtieth fortieth fiftieth sixtieth".split(), 2):
        table[word] = (number * 10, _ORDINAL_DOUBT)
    return table


_TABLE = _table()


def number_words(text: str) -> Iterator[Mention]:
    """Yield the numbers in words, a compound such as `one hundred and twenty-one` as one number."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        entry = _TABLE.get(word) or _TABLE.get(word.lower())
        if entry is not None:
            found.append((match.start(), match.end(), *entry))
    for match in _HYPHENATED.finditer(text):
        if (entry := _TABLE.get(match[0].lower())) is not None:
            found = [other for other in found if not match.start() <= other[0] < match.end()]
            found.append((match.start(), match.end(), *entry))
    found.sort()
    yield from _compounds(text, found)


def _compounds(text: str, found: list[tuple[int, int, int, float]]) -> Iterator[Mention]:
    at = 0
    while at < len(found):
        start, end, total, doubt = found[at]
        last = at
        while last + 1 < len(found) and (joined := _joined(text, end, found[last + 1], total)) is not None:
            last += 1
            total, end, doubt = joined, found[last][1], _SURE
        yield mention_of(start, end, from_literal(str(total)), doubt)
        at = last + 1


def _joined(text: str, end: int, word: tuple[int, int, int, float], total: int) -> int | None:
    """Return the number of a word behind another number; None where the two are two numbers."""
    start, _, number, _ = word
    gap = text[end:start]
    if len(gap) > 8 or not _JOINT.fullmatch(gap):
        return None
    if total in _ENGLISH_TENS and 1 <= number <= 9 and "and" not in gap:
        return total + number
    if number == 100 and 1 <= total <= 20:
        return total * 100
    if number == 1000 and 1 <= total < 1000:
        return total * 1000
    if number == 12 and 1 <= total <= 20 and text[start:].lower().startswith("do"):
        return total * 12
    if total and ((total % 100 == 0 and number < 100) or (total % 1000 == 0 and number < 1000)):
        return total + number
    if total > 100 and total % 100 in _ENGLISH_TENS and 1 <= number <= 9:
        return total + number
    return None


def spelled_number(text: str) -> int | None:
    """Return the whole number that a text spells in words; None for any other text."""
    mentions = list(number_words(text.strip()))
    if len(mentions) != 1 or (mentions[0].start, mentions[0].end) != (0, len(text.strip())):
        return None
    digits = (mentions[0].digits or "0") + "0" * mentions[0].powers[0].power
    return int(digits)
