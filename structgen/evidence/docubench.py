"""The score of DocuBench: the share of a document's gold leaves that an answer gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from structgen.evidence.alignment import align
from structgen.evidence.comparison import is_empty


def leaf_accuracy(gold: Any, answer: Any) -> float:
    """Return the share of the leaves with a value, in either object, on which both agree.

    Texts are compared without case, space and punctuation, numbers rounded to six decimals, lists item by
    item. It is 1 where neither object has a value.
    """
    pairs = [pair for pair in align(gold, answer) if not (is_empty(pair.gold) and is_empty(pair.answer))]
    return sum(pair.is_right for pair in pairs) / len(pairs) if pairs else 1.0


def macro_average(scores: Iterable[float]) -> float:
    """Return the mean over documents, each with the same weight; 0 for none."""
    listed = list(scores)
    return sum(listed) / len(listed) if listed else 0.0
