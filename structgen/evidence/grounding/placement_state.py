"""What the steps of placement share: the leaves, their places, and what was chosen so far."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.placement_chain import in_order
from structgen.evidence.grounding.placement_claims import Claims
from structgen.evidence.grounding.placement_groups import Spots
from structgen.evidence.grounding.placement_labels import Labels
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
        items, indices = [], []
        label = self.labels.of(self.leaves[members[0]])
        for leaf in members:
            own = [i for i in self.spots[leaf].within(start, end) if self.free(leaf, i)]
            score = [1.0 - self.spots[leaf].cost(i) for i in own]
            if labelled and len(own) > 1 and len(members) <= _FEW:
                named = [self.labels.score(label, self.place(leaf, i)) for i in own[:64]]
                score = [s + 0.3 * n for s, n in zip(score, [*named, *([0.0] * len(own))], strict=False)]
            found = [self.place(leaf, i) for i in own]
            items.append([Window(p.start, p.end, s) for p, s in zip(found, score, strict=True)])
            indices.append({(p.start, p.end): i for p, i in zip(found, own, strict=True)})
        for leaf, window, own_indices in zip(
            members, in_order(items, len(self.lines.text)), indices, strict=True
        ):
            if window is not None:
                self.choose(leaf, own_indices[window.start, window.end])
