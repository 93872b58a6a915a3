"""Where items stand in a text by the places of their values alone, and which have exchanged values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from structgen.longdoc.induction.item_places import ItemPlaces, ValuePlace
from structgen.types import Span

MAX_EXCHANGED = 3
"""Fields whose values are put in the order of the text, at most."""
Values = Mapping[str, ValuePlace]
"""The places of an item's values by their fields."""


@dataclass(frozen=True)
class Homes:
    """The ranges of the text in which items stand, each apart from the others."""

    of: dict[int, Span] = field(default_factory=dict)
    """By the index of the item; items that stand among others have none."""
    mixed: set[int] = field(default_factory=set)
    """Items with a value that stands in the home of another one, which has theirs."""
    repeated: set[int] = field(default_factory=set)
    """Items that equal an earlier one, and that the text says at no second place."""


def homes(places: ItemPlaces, text: str) -> Homes:
    """Return the homes of items: the ranges of their values where no other item has a value.

    Where homes lie over each other, the values of one field may be exchanged: they are, if each item stands
    apart with the values in the order of the text.
    """
    found = Homes(repeated=_repeated(places))
    values: dict[int, Values] = {
        item: {place.field: place for place in own}
        for item, own in enumerate(places.of)
        if own and item not in found.repeated
    }
    for group in _groups(values):
        settled = {item: values[item] for item in group}
        if len(group) > 1:
            settled = _settled(settled)
            found.mixed.update(
                item for item, own in settled.items() if _said(own, text) != _said(values[item], text)
            )
        found.of.update((item, _home(own)) for item, own in settled.items())
    return found


def _repeated(places: ItemPlaces) -> set[int]:
    """Return the items most of whose places are those of earlier items that equal them.

    The text says one of their values fewer times than there are equal items: what may be a row stays.
    """
    taken: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    repeated = set()
    for item, (key, own) in enumerate(zip(places.keys, places.all, strict=True)):
        ranges = {(place.start, place.end) for place in own}
        if places.is_surplus[item] and ranges and 2 * len(ranges - taken[key]) <= len(ranges):
            repeated.add(item)
        taken[key].update(ranges)
    return repeated


def _groups(values: Mapping[int, Values]) -> Iterator[list[int]]:
    """Yield the items whose ranges lie over each other, in the order of the text."""
    group: list[int] = []
    end = -1
    starts = sorted((_home(own).start, item) for item, own in values.items())
    for start, item in starts:
        if group and start >= end:
            yield group
            group, end = [], -1
        group.append(item)
        end = max(end, _home(values[item]).end)
    if group:
        yield group


def _home(own: Values) -> Span:
    return Span(min(place.start for place in own.values()), max(place.end for place in own.values()))


def _said(own: Values, text: str) -> dict[str, str]:
    """Return the spellings of values: where those are alike, values that change places are not mixed."""
    return {name: text[place.start : place.end].casefold() for name, place in own.items()}


def _settled(group: dict[int, Values]) -> dict[int, Values]:
    """Return the places of the items that stand apart once values of a field are in the text's order."""
    names = list(dict.fromkeys(name for own in group.values() for name in own))
    settled = group
    for _ in range(MAX_EXCHANGED):
        trials = [_in_order(settled, name) for name in names]
        best = min(trials, key=lambda trial: _extent(trial.values()))
        if _extent(best.values()) >= _extent(settled.values()):
            break
        settled = best
    if settled is group:
        return {}
    apart = {item for each in _groups(settled) if len(each) == 1 for item in each}
    return {item: own for item, own in settled.items() if item in apart}


def _in_order(group: dict[int, Values], name: str) -> dict[int, Values]:
    """Return the places of items with the values of one field in the order of their other values."""
    rest = {
        item: _home({other: place for other, place in own.items() if other != name})
        for item, own in group.items()
        if name in own and len(own) > 1
    }
    order = sorted(rest, key=lambda item: (rest[item].start, item))
    ordered = sorted(group[item][name] for item in order)
    return group | {item: {**group[item], name: place} for item, place in zip(order, ordered, strict=True)}


def _extent(items: Iterable[Values]) -> int:
    return sum(span.end - span.start for span in map(_home, items))
