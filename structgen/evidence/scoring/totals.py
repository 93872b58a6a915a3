"""Find the numbers of a column that sum up those before them: the rows of totals."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.evidence.comparison import key
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.scoring.answer import Answer

MAX_SUMMANDS = 60
"""Rows before a number that are summed up."""
MIN_SUM, MIN_REPEATED = 10, 100
"""Numbers below are sums, or are given twice, by chance."""
_MAX_EXACT = 1e13


def totals(answer: Answer) -> frozenset[str]:
    """Return the pointers of numbers in lists that are totals.

    A total is the sum of two or more numbers directly before it in its column, or is given outside of lists
    as well.
    """
    listed: set[str] = set()
    for members in answer.columns.values():
        numbers = [leaf for leaf in members if leaf.row and _is_amount(leaf)]
        listed |= {leaf.pointer for leaf in numbers if _is_given_outside(leaf, answer)}
        listed |= _sums(numbers)
    return frozenset(listed)


def _is_amount(leaf: Leaf) -> bool:
    value = leaf.value
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MAX_EXACT


def _cents(leaf: Leaf) -> int:
    return round(float(leaf.value or 0) * 100)


def _is_given_outside(leaf: Leaf, answer: Answer) -> bool:
    return abs(_cents(leaf)) >= 100 * MIN_REPEATED and key(leaf.value) in answer.scalar_keys


def _sums(numbers: Sequence[Leaf]) -> set[str]:
    found: set[str] = set()
    cents = [_cents(leaf) for leaf in numbers]
    for index, leaf in enumerate(numbers):
        total, summands = 0, 0
        for before in range(index - 1, max(-1, index - MAX_SUMMANDS), -1):
            if numbers[before].pointer in found:
                break
            total += cents[before]
            summands += cents[before] != 0
            if summands >= 2 and total == cents[index] and abs(total) >= 100 * MIN_SUM:
                found.add(leaf.pointer)
                break
    return found
