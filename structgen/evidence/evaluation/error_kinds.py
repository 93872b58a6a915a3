"""Tell the kinds of errors apart: a value of another row is another fault than a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, get_args

from rapidfuzz.distance import Indel

from structgen.evidence.alignment import Pair
from structgen.evidence.comparison import is_empty, key
from structgen.parsing.coercion.number_text import read_number
from structgen.schema.traversal import pointer

ErrorKind = Literal[
    "missing", "invented", "other_row", "other_field", "partial", "spelling", "notation", "different"
]
"""What is wrong with a leaf.

- `missing`: the gold object has a value, the answer has none;
- `invented`: the answer has a value, the gold object has none;
- `other_row`: the value of the same member in another item of the list;
- `other_field`: the value of another member;
- `partial`: a part of the text, or the text with more around it;
- `spelling`: nearly the same text;
- `notation`: the same number within other words;
- `different`: anything else.
"""
ERROR_KINDS: tuple[ErrorKind, ...] = get_args(ErrorKind)
MIN_LIKENESS = 0.8
"""Share of the characters that a misspelt text has in common with the gold text."""
_MAX_COMPARED = 2000
_MIN_PARTIAL = 3
"""Characters of the shorter text of a partial one."""


def field_of(path: Sequence[str | int]) -> str:
    """Return the pointer of a leaf with `*` in place of the indices of lists."""
    return pointer("*" if isinstance(step, int) else step for step in path)


class GoldValues:
    """The values of a gold object by their keys, each with the fields that have it."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._fields: dict[str, set[str]] = {}
        for pair in pairs:
            if pair.gold_path is not None and not is_empty(pair.gold):
                self._fields.setdefault(key(pair.gold), set()).add(field_of(pair.gold_path))

    def error_kind(self, pair: Pair) -> ErrorKind | None:
        """Return what is wrong with a pair of leaves; None for one that is right."""
        if pair.outcome in ("same", "absent"):
            return None
        if pair.outcome == "missing":
            return "missing"
        if pair.outcome == "invented":
            return "invented"
        if pair.level == "numeric" and (_is_number(pair.gold) or _is_number(pair.answer)):
            return "notation"
        gold, answer = key(pair.gold), key(pair.answer)
        fields = self._fields.get(answer, ())
        if pair.gold_path is not None and field_of(pair.gold_path) in fields:
            return "other_row"
        if fields and not _is_common(pair.answer):
            return "other_field"
        return _textual_kind(gold, answer)


def _is_number(value: Any) -> bool:
    """Return whether a value is a number as a whole, and not a text that has one somewhere."""
    if isinstance(value, str):
        return read_number(value, integer=False) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_common(value: Any) -> bool:
    """Return whether a value says too little to come from a certain field: truths, single characters."""
    return isinstance(value, bool) or len(key(value)) < 2


def _textual_kind(gold: str, answer: str) -> ErrorKind:
    shorter, longer = sorted((gold, answer), key=len)
    if len(shorter) >= _MIN_PARTIAL and shorter in longer:
        return "partial"
    likeness = Indel.normalized_similarity(gold[:_MAX_COMPARED], answer[:_MAX_COMPARED])
    return "spelling" if likeness >= MIN_LIKENESS else "different"
