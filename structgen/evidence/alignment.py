"""Align an answer with a gold object leaf by leaf, and lists item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from rapidfuzz.distance import Indel

from structgen.evidence.assignment import Features, assign, equal_pairs
from structgen.evidence.canonical_forms import CanonicalForms
from structgen.evidence.comparison import Level, is_empty, key, level
from structgen.schema.traversal import JsonPath, pointer, scalars

Outcome = Literal["same", "different", "missing", "invented", "absent"]
"""What an answer did with a leaf.

`missing`: the answer alone has no value; `invented`: the gold object alone has none; `absent`: neither.
"""
MIN_LIKENESS = 0.5
"""Share of the characters that two texts must have in common to count as readings of one text."""
EQUAL_TEXT = 0.5
"""What an equal text counts for beyond an equal number: names identify a row."""
ALIKE_TEXT = 0.45
"""What a text that differs a little counts for, at most."""
_MAX_COMPARED = 300
"""Characters of the texts whose likeness is measured."""
_NOTHING: Any = object()


@dataclass(frozen=True)
class Pair:
    """A leaf of the gold object and the one of the answer that stands for it; one path may be None."""

    gold_path: JsonPath | None
    answer_path: JsonPath | None
    gold: Any = None
    answer: Any = None

    @property
    def gold_pointer(self) -> str | None:
        """The JSON Pointer of the gold leaf."""
        return None if self.gold_path is None else pointer(self.gold_path)

    @property
    def answer_pointer(self) -> str | None:
        """The JSON Pointer of the answer's leaf."""
        return None if self.answer_path is None else pointer(self.answer_path)

    @cached_property
    def level(self) -> Level:
        """The strictest level at which both values are equal; a leaf that is not there counts as `null`."""
        return level(self.gold, self.answer)

    @property
    def is_right(self) -> bool:
        """Whether both values are equal but for their notation."""
        return self.level in ("exact", "normalised")

    @property
    def outcome(self) -> Outcome:
        """What the answer did with the leaf."""
        if is_empty(self.gold):
            return "absent" if is_empty(self.answer) else "invented"
        if is_empty(self.answer):
            return "missing"
        return "same" if self.is_right else "different"


def align(gold: Any, answer: Any) -> list[Pair]:
    """Return the pairs of leaves in the order of the gold object, invented ones after their neighbours.

    Members are aligned by name. Items of lists are aligned by what they share, whatever their order; items
    without any likeness are missing and invented, unless they fill the same gap between their neighbours.
    """
    pairs: list[Pair] = []
    forms = CanonicalForms(gold, answer)
    stack: list[tuple[Any, Any, JsonPath, JsonPath]] = [(gold, answer, (), ())]
    while stack:
        left, right, left_path, right_path = stack.pop()
        if isinstance(left, dict) and isinstance(right, dict):
            names = [*left, *(name for name in right if name not in left)]
            members = [
                (left.get(n, _NOTHING), right.get(n, _NOTHING), (*left_path, n), (*right_path, n))
                for n in names
            ]
            stack += reversed(members)
        elif isinstance(left, list) and isinstance(right, list):
            stack += reversed([
                (_at(left, i), _at(right, j), (*left_path, i), (*right_path, j))
                for i, j in _aligned_items(left, right, forms)
            ])  # fmt: skip
        elif _is_scalar(left) and _is_scalar(right):
            pairs.append(Pair(left_path, right_path, left, right))
        else:
            pairs += (Pair(path, None, gold=value) for path, value in _leaves(left, left_path))
            pairs += (Pair(None, path, answer=value) for path, value in _leaves(right, right_path))
    return pairs


def align_items(gold: Sequence[Any], answer: Sequence[Any]) -> list[tuple[int, int]]:
    """Return pairs of indices of two lists; the index -1 stands for no item.

    They are in the order of the gold items, followed by the items that only the answer has.
    """
    return _aligned_items(gold, answer, CanonicalForms(*gold, *answer))


def _aligned_items(
    gold: Sequence[Any], answer: Sequence[Any], forms: CanonicalForms
) -> list[tuple[int, int]]:
    """Return the pairs of `align_items`; `forms` has those of the items.

    Items of one form come first: what lists inside of items share does not tell how they are nested.
    """
    known = equal_pairs(enumerate(map(forms.of, gold)), enumerate(map(forms.of, answer)))
    taken = set(known.values())
    left = {i: _Item(item) for i, item in enumerate(gold) if i not in known}
    right = {j: _Item(item) for j, item in enumerate(answer) if j not in taken}

    def likeness(i: int, j: int) -> float:
        return left[i].likeness(right[j])

    assigned = assign(_features(left, len(gold)), _features(right, len(answer)), likeness, known)
    invented = sorted(set(range(len(answer))) - set(assigned.values()))
    return [*((i, assigned.get(i, -1)) for i in range(len(gold))), *((-1, j) for j in invented)]


def _features(items: Mapping[int, _Item], size: int) -> list[Features]:
    """Return the features of all items of a list; those of items that have their partner are not needed."""
    return [items[i].features if i in items else Counter() for i in range(size)]


class _Item:
    """An item of a list as what it shares with others: each of its values with the names that lead to it."""

    def __init__(self, item: Any) -> None:
        self.features: Features = Counter()
        self.texts: dict[tuple[str, ...], str] = {}
        for path, value in _leaves(item, ()):
            if not is_empty(value):
                names = tuple(step for step in path if isinstance(step, str))
                self.features[names, key(value)] += 1
                if isinstance(value, str):
                    self.texts.setdefault(names, value[:_MAX_COMPARED].casefold())

    def likeness(self, other: _Item) -> float:
        """Return the sum of what equal and alike texts of the same member count for."""
        total = 0.0
        for names, text in self.texts.items():
            against = other.texts.get(names)
            if against == text:
                total += EQUAL_TEXT
            elif against is not None:
                total += ALIKE_TEXT * Indel.normalized_similarity(text, against, score_cutoff=MIN_LIKENESS)
        return total


def _at(items: Sequence[Any], index: int) -> Any:
    return _NOTHING if index < 0 else items[index]


def _is_scalar(value: Any) -> bool:
    return value is not _NOTHING and not isinstance(value, dict | list)


def _leaves(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, Any]]:
    return iter(()) if value is _NOTHING else scalars(value, path)
