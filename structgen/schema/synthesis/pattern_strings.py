"""Generate short strings that a regular expression matches, from the syntax tree of Python's parser.

The parser is private to `re`, like all that libraries for this purpose (rstr, exrex) build upon; they choose
at random and write long strings. Patterns that it cannot read have no strings.
"""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found]
from typing import Any

_VARIANTS = 6
_MAX_LENGTH = 2_000
_MAX_REPETITIONS = 200
_CATEGORIES = {"CATEGORY_DIGIT": "0", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}
_OUTSIDE_CLASS = "a0-A_ .b1"
"""Characters that are tried for a negated class."""


def pattern_strings(pattern: str) -> list[str]:
    """Return a few distinct strings that the pattern probably matches: callers validate them."""
    try:
        tree = parser.parse(pattern)
        return list(dict.fromkeys(_sequence(tree, variant) for variant in range(_VARIANTS)))
    except (re.error, OverflowError, RecursionError):
        return []


def _sequence(nodes: Any, variant: int) -> str:
    """Write the nodes one after another; each variant takes other branches, letters and repetitions."""
    return "".join(_node(str(kind), argument, variant) for kind, argument in nodes)[:_MAX_LENGTH]


def _node(kind: str, argument: Any, variant: int) -> str:
    match kind:
        case "LITERAL":
            return chr(int(argument))
        case "NOT_LITERAL":
            return "b" if chr(argument) == "a" else "a"
        case "ANY":
            return "a"
        case "IN":
            return _character_class(argument, variant)
        case "BRANCH":
            branches = argument[1]
            return _sequence(branches[variant % len(branches)], variant)
        case "SUBPATTERN":
            return _sequence(argument[-1], variant)
        case "ATOMIC_GROUP":
            return _sequence(argument, variant)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = argument
            return _sequence(inner, variant) * min(int(least) + variant // 2, int(most), _MAX_REPETITIONS)
    return ""


def _character_class(members: Any, variant: int) -> str:
    letters: list[str] = []
    negated = str(members[0][0]) == "NEGATE"
    for kind, argument in members:
        if str(kind) == "LITERAL":
            letters.append(chr(argument))
        elif str(kind) == "RANGE":
            letters.append(chr(min(argument[0] + variant, argument[1])))
        elif str(kind) == "CATEGORY":
            letters.append(_CATEGORIES.get(str(argument), "-"))
    if negated:
        candidates = (c for c in _OUTSIDE_CLASS if c not in letters and not _in_range(c, members))
        return next(candidates, "~")
    return letters[variant % len(letters)] if letters else ""


def _in_range(letter: str, members: Any) -> bool:
    ranges = (argument for kind, argument in members if str(kind) == "RANGE")
    return any(low <= ord(letter) <= high for low, high in ranges)
