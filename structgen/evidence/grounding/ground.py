"""Ground an object: find the place of each of its scalars in the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from structgen.evidence.grounding.finders import Finders
from structgen.evidence.grounding.leaves import Leaf, Scalar, leaves
from structgen.evidence.grounding.placement import choose
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.types.evidence import Evidence

MIN_PLACES, MAX_PLACES = 64, 2_000
"""Places that are looked up for one leaf, however many the source has."""
MAX_PLACES_IN_LIST = 25_000
"""Places of a value that items of a list have: each item is then looked for where its row is expected."""
PLACES_OF_ITEM = 16
"""Places for each of the items of lists that have a value."""
MAX_PAIRS = 400_000
"""Pairs of a leaf and a place that are weighed in all; values that many leaves have get more of them."""


def ground(value: Any, schema: Any, source: str | Sequence[str] | Source) -> dict[str, Evidence]:
    r"""Return the evidence of each scalar of a JSON value by its JSON Pointer, in document order.

    Args:
        value: an object from any origin; it need not be valid.
        schema: what `Schema.parse` takes, or None: choices, formats and descriptions then help nothing.
        source: the text that the value came from, or the texts of its pages, which are joined by `\f`.
    """
    parsed = None if schema is None else Schema.parse(schema)
    return ground_leaves(list(leaves(value, parsed)), Source.of(source))


def ground_leaves(found: Sequence[Leaf], text: Source) -> dict[str, Evidence]:
    """Return what `ground` does for the leaves of an object."""
    finders = Finders(text.text)
    limits = _limits(found)
    places = [finders.places(leaf, limits[_value(leaf)]) for leaf in found]
    evidence = choose(found, places, text)
    return {leaf.pointer: proof for leaf, proof in zip(found, evidence, strict=True)}


def _limits(found: Sequence[Leaf]) -> dict[tuple[type, Scalar], int]:
    """Return how many places are looked up for each value.

    A value that many leaves have gets more, and each value of a long list as many as the source may have.
    """
    equal = Counter(map(_value, found))
    share = MAX_PAIRS / sum(number * number for number in equal.values()) if found else 0.0
    limits = {value: max(MIN_PLACES, min(int(share * number), MAX_PLACES)) for value, number in equal.items()}
    for leaf in found:
        if leaf.row and leaf.row != leaf.path:
            value = _value(leaf)
            limits[value] = max(limits[value], min(PLACES_OF_ITEM * equal[value], MAX_PLACES_IN_LIST))
    return limits


def _value(leaf: Leaf) -> tuple[type, Scalar]:
    """Return what makes leaves equal: in Python `1`, `1.0` and `True` are."""
    return type(leaf.value), leaf.value
