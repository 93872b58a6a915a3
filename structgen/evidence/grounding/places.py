"""Places of a source that say a value."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from structgen.evidence.grounding.leaves import Leaf
from structgen.types.evidence import MatchKind


class Place(NamedTuple):
    """A half-open range of the source that says a value, and how.

    `distance` is 0 for a text that surely says the value, and below 1 for every place: the share of a fuzzy
    match that differs, or the doubt of a notation that others read differently.
    """

    start: int
    end: int
    kind: MatchKind
    distance: float = 0.0


class Finder(Protocol):
    """Finds the places that say a leaf's value. It is built once for a source, in linear time."""

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return up to `limit` places in document order; none where this finder knows nothing of the leaf."""
        ...
