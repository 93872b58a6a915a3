"""What the steps of placement share: the leaves, their places, and what was chosen so far."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.placement_chain import in_order
from structgen.evidence.grounding.placement_claims import Claims
from structgen.evidence.grounding.placement_groups import Spots
from structgen.evidence.grounding.placement_labels import Label, Labels
from structgen.evidence.grounding.placement_lines import Lines
from structgen.evidence.grounding.placement_windows import Window
from structgen.evidence.grounding.places import Place

_FEW = 50
"""Elements of a list that may have a label each."""


class Placement:
    """The choice of one place for each leaf, in the making."""

    def __init__(self, leaves: Sequence[Leaf], places: Sequence[Sequence[Place]], text: str) -> None:
        self.leaves = leaves
        self.lines = Lines(text)
        self.labels = Labels(leaves, self.lines)
        shared: dict[int, Spots] = {}
        equal: dict[Hashable, Spots] = {}
        for own in places:
            if id(own) not in shared:
                spots = Spots(own)
                shared[id(own)] = equal.setdefault(spots.key, spots)
        self.spots = [shared[id(own)] for own in places]
        self.chosen: list[int | None] = [None] * len(leaves)
        self.claims = Claims()
        self.rows: list[tuple[int, int]] = []
        """Ranges of the source that items of lists stand in, in order."""

    def place(self, leaf: int, index: int) -> Place:
        """Return one of the places of a leaf."""
        return self.spots[leaf].places[index]

    def choose(self, leaf: int, index: int) -> None:
        """Give a place to a leaf."""
        self.chosen[leaf] = index
        place = self.place(leaf, index)
        self.claims.add(place.start, place.end)

    def free(self, leaf: int, index: int) -> bool:
        """Whether no leaf has the place, or a part of it."""
        place = self.place(leaf, index)
        return not self.claims.overlaps(place.start, place.end)

    def choose_in_order(self, members: Sequence[int], start: int, end: int, labelled: bool = False) -> None:
        """Give places of a range to the elements of a list of scalars, in the order of the list.

        Elements that do not follow the order stay without a place.
        """
        label = self.labels.of(self.leaves[members[0]]) if labelled and len(members) <= _FEW else None
        known: dict[int, list[Window]] = {}
        for leaf in members:
            spots = self.spots[leaf]
            if id(spots) not in known:
                known[id(spots)] = self._free_windows(spots, start, end, label)
        items = [known[id(self.spots[leaf])] for leaf in members]
        for leaf, window in zip(members, in_order(items, len(self.lines.text)), strict=True):
            if window is not None:
                self.choose(leaf, self.spots[leaf].index_of(window.start, window.end))

    def _free_windows(self, spots: Spots, start: int, end: int, label: Label | None) -> list[Window]:
        """Return the places of a range that no leaf has, each as a window with its score."""
        taken, places, costs = self.claims.overlaps, spots.places, spots.costs
        own = [i for i in spots.within(start, end) if not taken(places[i].start, places[i].end)]
        scores = [1.0 - costs[i] for i in own]
        if label is not None and len(own) > 1:
            named = [self.labels.score(label, places[i], self.lines.at(places[i].start)) for i in own[:64]]
            scores = [s + 0.3 * n for s, n in zip(scores, [*named, *([0.0] * len(own))], strict=False)]
        return [Window(places[i].start, places[i].end, score) for i, score in zip(own, scores, strict=True)]
