"""Ground an object: find the place of each of its scalars in the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from structgen.evidence.grounding.finders import Finders
from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.grounding.placement import choose
from structgen.evidence.source import Source
from structgen.schema import Schema
from structgen.types.evidence import Evidence

MIN_PLACES, MAX_PLACES = 64, 100_000
"""Places that are looked up for one leaf at least, and for all different leaves together."""
PLACES_PER_LEAF = 8
"""Places that are looked up for each leaf of one value: a column of a table repeats few values."""


def ground(value: Any, schema: Any, source: str | Sequence[str] | Source) -> dict[str, Evidence]:
    r"""Return the evidence of each scalar of a JSON value by its JSON Pointer, in document order.

    Args:
        value: an object from any origin; it need not be valid.
        schema: what `Schema.parse` takes, or None: choices, formats and descriptions then help nothing.
        source: the text that the value came from, or the texts of its pages, which are joined by `\f`.
    """
    parsed = None if schema is None else Schema.parse(schema)
    text = Source.of(source)
    found = list(leaves(value, parsed))
    finders = Finders(text.text)
    equal = Counter((type(leaf.value), leaf.value) for leaf in found)
    share = max(MIN_PLACES, MAX_PLACES // max(1, len(equal)))
    places = [
        finders.places(leaf, max(share, PLACES_PER_LEAF * equal[type(leaf.value), leaf.value]))
        for leaf in found
    ]
    evidence = choose(found, places, text)
    return {leaf.pointer: proof for leaf, proof in zip(found, evidence, strict=True)}
