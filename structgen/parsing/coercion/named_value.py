"""Find the one word of a sentence that has the form which a schema wants, such as a date or a code."""

from __future__ import annotations

import re
from collections.abc import Callable

from structgen.parsing.coercion.choice_text import has_negation

_MARKS = ".,;:!?\"'`*()[]{}<>«»“”„…"
_MAX_SENTENCE = 2_000
"""Characters of a text that is searched."""


def named_value(text: str, accepts: Callable[[str], bool]) -> str | None:
    """Return the one word of a sentence that is accepted; None for none, several, or a negation.

    The word must have digits and other characters, as dates and codes have, or a mark within, as addresses
    have: a plain word or number is not told from the rest of a sentence. No other word may have digits. One
    bare word beside it makes no sentence: it may belong to the value.
    """
    if len(text) > _MAX_SENTENCE or has_negation(text):
        return None
    parts = [part.strip(_MARKS) for part in text.split()]
    fitting = {part for part in parts if _is_telling(part) and accepts(part)}
    if len(parts) < 2 or len(fitting) != 1:
        return None
    [word] = fitting
    if len(parts) == 2 and not any(mark in text.replace(word, "") for mark in _MARKS):
        return None
    has_other_digits = any(re.search(r"\d", part) for part in parts if part != word)
    return None if has_other_digits else word


def _is_telling(word: str) -> bool:
    has_digits, is_mixed = re.search(r"\d", word) is not None, re.search(r"[^\d\s]", word) is not None
    return is_mixed and (has_digits or re.search(r"\w[^\w\s]+\w", word) is not None)
