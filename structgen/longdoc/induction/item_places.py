"""The places of the values of a list's items in a text, without those that items share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from structgen import json_text
from structgen.types.evidence import Evidence

MIN_PLACED = 0.75
"""Share of the items from which on a field stands in their rows."""
MAX_SHARED = 0.1
"""Share of the items up to which a field's places that several items have are chance."""


@dataclass(frozen=True, order=True)
class ValuePlace:
    """A value of an item in the text."""

    start: int
    end: int
    field: str


@dataclass(frozen=True)
class ItemPlaces:
    """The places of the items of one list."""

    of: list[list[ValuePlace]]
    """By the index of the item, in the order of the text; empty where all of them are another item's."""
    all: list[list[ValuePlace]]
    """By the index of the item: the places of all of its values."""
    is_said: list[bool]
    """By the index of the item: whether the text says most of what it says of other items."""
    fields: frozenset[str]
    """The fields that the rows of most items state."""
    keys: list[str]
    """By the index of the item: its text, the same for equal items."""
    is_surplus: list[bool]
    """By the index of the item: whether the text says one of its values fewer times than equal items need."""
    shared: list[ValuePlace]
    """Places before several items that they share: what the text writes once for several rows."""

    def without(self, name: str) -> ItemPlaces:
        """Return the places without those of a field."""
        of = [[place for place in own if place.field != name] for own in self.of]
        return replace(self, of=of, fields=self.fields - {name})


def item_places(pointer: str, items: Sequence[Any], evidence: Mapping[str, Evidence]) -> ItemPlaces:
    """Return the places of the items of a list, from the evidence of the value that has it."""
    keys = [json_text.dumps(item) for item in items]
    found: list[list[ValuePlace]] = [[] for _ in items]
    times: dict[int, int] = {}
    holders: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for at, one in evidence.items():
        if not at.startswith(f"{pointer}/") or one.start is None or one.end is None:
            continue
        index, _, name = at[len(pointer) + 1 :].partition("/")
        if not index.isdigit() or one.kind == "fuzzy":
            continue
        found[int(index)].append(ValuePlace(one.start, one.end, name))
        number_said = one.candidates or 1
        times[int(index)] = min(number_said, times.get(int(index), number_said))
        holders[one.start, one.end].add(keys[int(index)])
    shared = {place for place, holding in holders.items() if len(holding) > 1}
    number = max(1, len(set(keys)))
    counts: Counter[str] = Counter()
    carried: defaultdict[str, list[ValuePlace]] = defaultdict(list)
    own: list[list[ValuePlace]] = []
    seen: set[tuple[str, frozenset[tuple[int, int]]]] = set()
    for key, places in zip(keys, found, strict=True):
        ranges = frozenset((place.start, place.end) for place in places)
        if not ranges or (key, ranges) in seen:
            own.append([])
            continue
        seen.add((key, ranges))
        mine = sorted(place for place in places if (place.start, place.end) not in shared)
        for place in places:
            if (place.start, place.end) in shared:
                carried[place.field].append(place)
        counts.update({place.field for place in mine})
        own.append(mine)
    often = {name for name, places in carried.items() if len(places) > max(1, MAX_SHARED * number)}
    with_places = max(1, sum(map(bool, own)))
    fields = frozenset(
        name for name, count in counts.items() if count >= MIN_PLACED * with_places and name not in often
    )
    of = [[place for place in mine if place.field in fields] for mine in own]
    once = sorted({place for name in often for place in carried[name]})
    said = [2 * len({place.field for place in places} & fields) > len(fields) for places in found]
    equal: Counter[str] = Counter()
    is_surplus = []
    for item, key in enumerate(keys):
        equal[key] += 1
        is_surplus.append(equal[key] > times.get(item, equal[key]))
    return ItemPlaces(of, found, said, fields, keys, is_surplus, once)
