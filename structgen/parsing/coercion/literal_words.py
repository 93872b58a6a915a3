"""Read booleans and nulls that a text spells."""

from __future__ import annotations

import re

from structgen.parsing.coercion.choice_text import has_negation

_TRUE = frozenset("true yes y on 1 t ja oui si sí".split())
_FALSE = frozenset("false no n off 0 f nein non".split())
_NULL = frozenset(["null", "none", "nil", "n/a", "na", "undefined", "", "-", "nan", "unknown"])
_NOTHING = frozenset(["null", "none", "nil", "n/a", "undefined"])
_MAX_SENTENCE = 10_000
"""Characters of a text that is searched for a boolean."""


def parse_boolean(text: str) -> bool | None:
    """Return the boolean that a whole text spells; None where it spells none."""
    word = text.strip().strip(".!\"'*`").casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def find_boolean(text: str) -> bool | None:
    """Return the one of `true` and `false` that a sentence names; None for both, or with a negation."""
    if len(text) > _MAX_SENTENCE or has_negation(text):
        return None
    found = set(re.findall(r"(?<![\w-])(true|false)(?![\w-])", text.casefold()))
    return found == {"true"} if len(found) == 1 else None


def is_null_word(text: str) -> bool:
    """Whether a text stands for the absence of a value."""
    return text.strip().casefold() in _NULL


def is_nothing(text: str) -> bool:
    """Whether a text says that a list has no items; an empty text does not say so."""
    return text.strip().strip(".\"'*`").casefold() in _NOTHING
