"""Choose for each leaf the one of its places that the object means."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.placement_groups import Spots, sequences
from structgen.evidence.grounding.placement_items import place_items
from structgen.evidence.grounding.placement_rows import certainty, item_candidates
from structgen.evidence.grounding.placement_scalars import place_scalars
from structgen.evidence.grounding.placement_state import Placement
from structgen.evidence.grounding.places import Place
from structgen.evidence.source import Source
from structgen.types.evidence import Evidence


def choose(leaves: Sequence[Leaf], places: Sequence[Sequence[Place]], source: Source) -> list[Evidence]:
    """Return the evidence of each leaf, its place chosen from those that finders gave.

    Items of lists come first: the leaves of an item stand in one row, and rows follow one another. Then the
    scalars around the lists, by the label before or above them and by their siblings. A place is given to two
    leaves only where no other one is left. Leaves with the same value should share one list of places: it is
    then read once. Time n log n in the number of places.
    """
    state = Placement(leaves, places, source.text)
    lists, others = sequences(leaves)
    found = [(sequence, item_candidates(sequence, state)) for sequence in lists]
    for sequence, candidates in sorted(found, key=lambda pair: -round(certainty(pair[1]), 3)):
        place_items(sequence, candidates, state)
    place_scalars(others, state)
    return [_evidence(spots, chosen, source) for spots, chosen in zip(state.spots, state.chosen, strict=True)]


def _evidence(spots: Spots, chosen: int | None, source: Source) -> Evidence:
    if chosen is None:
        return Evidence("none")
    place = spots.places[chosen]
    return Evidence(
        place.kind,
        start=place.start,
        end=place.end,
        candidates=spots.as_good_as(chosen),
        page=source.page(place.start),
        box=source.box(place.start, place.end),
    )
