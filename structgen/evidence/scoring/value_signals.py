"""Signals of a value by itself: its type, its length, and whether it fits what the schema asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from structgen.evidence.comparison import is_empty
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.scoring.answer import Answer, column
from structgen.evidence.scoring.source_words import words

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?", re.ASCII | re.DOTALL)
_ISO_ASKED = re.compile(r"YYYY-MM-DD|ISO[ -]?8601", re.IGNORECASE)
_PROSE_ASKED = re.compile(
    r"descri|summar|expla|detail|reason|purpose|definition|overview|context|interpret|note|remark|comment"
    r"|effect|impact|implication|role\b|rationale|characteri|outcome|conclusion|mechanism|method|objective"
    r"|benefit|advantage|importance|how\b|why\b|statement|finding|condition|action|instruction",
    re.IGNORECASE,
)
_PLACEHOLDERS = frozenset(
    "n/a|na|none|null|nil|unknown|unspecified|not specified|not available|not provided|not mentioned"
    "|not stated|tbd|-|--|—|0|?".split("|")
)
_FIRST_LETTER_WITHOUT_SPACES = "\u3040"
"""Scripts from here on are written without spaces; a word is then one character."""


def value_signals(leaf: Leaf, answer: Answer) -> dict[str, float]:
    """Return the signals of a leaf's value without its place."""
    value = leaf.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        "is_empty": float(is_empty(value)),
        "is_default": float(_is_default(value)),
        "is_boolean": float(isinstance(value, bool)),
        "is_number": float(is_number),
        "is_choice": float(bool(leaf.choices)),
        "word_count": 0.0
        if leaf.choices or not isinstance(value, str)
        else math.log1p(_length(words(value))),
        "misses_format": float(_misses_format(leaf)),
        "asks_prose": float(_asks_prose(leaf)),
        "list_length": math.log1p(len(answer.columns[column(leaf)])) if leaf.row else 0.0,
        "new_characters": _new_characters(value, answer),
        "empty_but_labelled": answer.words.share(leaf.name_words) if is_empty(value) else 0.0,
    }


def _is_default(value: object) -> bool:
    """Whether a value may stand for nothing: zero, or a word such as `N/A`."""
    if isinstance(value, bool):
        return False
    return value == 0 or (isinstance(value, str) and value.strip().casefold() in _PLACEHOLDERS)


def _length(own: Sequence[str]) -> float:
    """Return the number of words with letters; a character of a script without spaces counts half."""
    letters = [word for word in own if not word[0].isdigit()]
    return sum(0.5 if len(word) == 1 and word >= _FIRST_LETTER_WITHOUT_SPACES else 1.0 for word in letters)


def _misses_format(leaf: Leaf) -> bool:
    """Whether the schema asks for an ISO date, and the value is another text."""
    if not isinstance(leaf.value, str) or is_empty(leaf.value):
        return False
    asks = "date" in leaf.texts("format") or any(map(_ISO_ASKED.search, leaf.texts("description")))
    return asks and _DATE.fullmatch(leaf.value) is None


def _asks_prose(leaf: Leaf) -> bool:
    """Whether the name or the description asks for running text rather than for what is printed."""
    texts = [" ".join(leaf.name_words), *leaf.texts("description")]
    return isinstance(leaf.value, str) and any(map(_PROSE_ASKED.search, texts))


def _new_characters(value: object, answer: Answer) -> float:
    """Return the share of a text's characters that the source does not have at all."""
    if not isinstance(value, str) or not value:
        return 0.0
    folded = value.casefold()
    return sum(not c.isspace() and c not in answer.characters for c in folded) / len(folded)
