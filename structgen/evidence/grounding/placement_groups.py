"""The leaves of an object by the item of a list that they belong to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from operator import gt

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.placement_lines import Lines
from structgen.evidence.grounding.places import Place
from structgen.schema.traversal import JsonPath

KIND_COSTS = {"exact": 0.0, "normalised": 0.02, "value": 0.05, "fuzzy": 0.3, "none": 1.0}
ANY = -1
"""Stands for every index in the path of a field."""


class Spots:
    """The places of one value, in document order, as columns that are searched by offset.

    Leaves with equal places share one.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self.starts = [place.start for place in places]
        if any(map(gt, self.starts, self.starts[1:])):
            places = sorted(places, key=lambda place: (place.start, place.end))
            self.starts = [place.start for place in places]
        self.places = places
        self._pieces: list[int] | None = None
        self._lines: list[int] | None = None
        self._regions: dict[int, tuple[list[int], list[int]]] = {}

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def key(self) -> Hashable:
        """What is equal for equal places."""
        return tuple((place.start, place.end, place.kind, place.distance) for place in self.places)

    def pieces(self, lines: Lines) -> list[int]:
        """Return the line, or piece of a long line, that each place begins on."""
        if self._pieces is None:
            self._pieces = [at - 1 for at in map(bisect_right, repeat(lines.pieces), self.starts)]
        return self._pieces

    def lines(self, lines: Lines) -> list[int]:
        """Return the line that each place begins on."""
        if self._lines is None:
            self._lines = [at - 1 for at in map(bisect_right, repeat(lines.starts), self.starts)]
        return self._lines

    def within(self, start: int, end: int) -> range:
        """Return the indices of the places that begin in a half-open range of the source."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def between(self, start: int, end: int) -> Spots:
        """Return the places that begin in a half-open range; they weigh as much as among all places."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        if first == 0 and last == len(self.starts):
            return self
        part = Spots.__new__(Spots)
        part.places, part.starts = self.places[first:last], self.starts[first:last]
        part._pieces = None if self._pieces is None else self._pieces[first:last]
        part._lines, part._regions = None, {}
        part.weight = self.weight
        return part

    def nearest(self, offset: int, count: int) -> range:
        """Return the indices of so many places on either side of an offset."""
        middle = bisect_left(self.starts, offset)
        return range(max(0, middle - count), min(len(self.starts), middle + count))

    def index_of(self, start: int, end: int) -> int:
        """Return the index of the last place that has a range."""
        return next(i for i in reversed(self.within(start, start + 1)) if self.places[i].end == end)

    def regions(self, lines: Lines, size: int) -> tuple[list[int], list[int]]:
        """Return the regions of so many pieces that places begin in, and the first place of each.

        One more index, behind the last place, closes the second list.
        """
        if size not in self._regions:
            numbers = [piece // size for piece in self.pieces(lines)]
            firsts = [i for i, number in enumerate(numbers) if not i or number != numbers[i - 1]]
            self._regions[size] = [numbers[first] for first in firsts], [*firsts, len(numbers)]
        return self._regions[size]

    @cached_property
    def costs(self) -> list[float]:
        """How much worse than the same characters each place says the value."""
        return [KIND_COSTS[place.kind] + place.distance for place in self.places]

    def cost(self, index: int) -> float:
        """Return how much worse than the same characters a place says the value."""
        return self.costs[index]

    @cached_property
    def _costs(self) -> list[float]:
        return sorted(self.costs)

    def as_good_as(self, index: int) -> int:
        """Return the number of places that say the value no worse than one of them."""
        return bisect_right(self._costs, self.cost(index))

    @cached_property
    def weight(self) -> float:
        """How much the value tells about where its item stands: 1 for a long one with one sure place."""
        if not self.starts:
            return 0.0
        length = self.places[0].end - self.places[0].start
        rarity = 1 / len(self.starts).bit_length()
        return (0.15 + 0.85 * rarity) * min(1.0, 0.55 + length / 10) * (1 - min(0.5, self.cost(0)))


@dataclass
class Group:
    """An item of a list that is an object or a list, with the indices of its own leaves.

    Scalars of a list inside of the item are its own; items that are objects are groups below it.
    """

    path: JsonPath
    members: list[int] = field(default_factory=list)
    parent: Group | None = None
    last: int = 0
    """Position in its sequence of the last group below it, or its own."""

    def field_of(self, leaf: Leaf) -> JsonPath:
        """Return the path from the item to a leaf, the same one for all items of the list."""
        relative = leaf.path[len(self.path) :]
        return tuple(ANY if isinstance(step, int) else step for step in relative)

    @property
    def list_path(self) -> JsonPath:
        """The path of the list, the same one for the lists of all outer items."""
        return tuple(ANY if isinstance(step, int) else step for step in self.path[:-1])


def group_path(path: JsonPath) -> JsonPath:
    """Return the path of the item that a leaf belongs to; empty for a scalar of the object itself."""
    end = len(path)
    while end and isinstance(path[end - 1], int) and (end == len(path)):
        end -= 1
    while end and not isinstance(path[end - 1], int):
        end -= 1
    return path[:end]


def sequences(leaves: Sequence[Leaf]) -> tuple[list[list[Group]], list[int]]:
    """Return the items of each outermost list in document order, outer items first, and the other leaves."""
    groups: dict[JsonPath, Group] = {}
    by_list: dict[JsonPath, list[Group]] = {}
    others: list[int] = []
    for index, leaf in enumerate(leaves):
        path = group_path(leaf.path)
        if not path:
            others.append(index)
            continue
        group = groups.get(path) or _create(path, groups, by_list)
        group.members.append(index)
    for sequence in by_list.values():
        for position, group in enumerate(sequence):
            above: Group | None = group
            while above is not None:
                above.last = position
                above = above.parent
    return list(by_list.values()), others


def _create(path: JsonPath, groups: dict[JsonPath, Group], by_list: dict[JsonPath, list[Group]]) -> Group:
    parent = None
    for end in (i + 1 for i, step in enumerate(path) if isinstance(step, int)):
        prefix = path[:end]
        if prefix not in groups:
            groups[prefix] = Group(prefix, parent=parent)
            first = next(i for i, step in enumerate(path) if isinstance(step, int))
            by_list.setdefault(path[:first], []).append(groups[prefix])
        parent = groups[prefix]
    return groups[path]
