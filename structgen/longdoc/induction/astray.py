"""Items whose values stand in the rows of others: mixed up, or repeated."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from structgen.longdoc.induction.item_places import ItemPlaces
from structgen.types import Span

MIN_STATED = 0.75
"""Share of the items whose rows state a field, from which on the row of each other one does."""
MIN_ITEMS = 4
"""Items from which on a share of them tells something of a field."""


def astray(places: ItemPlaces, rows: Sequence[Span], row_of: Sequence[int | None]) -> set[int]:
    """Return the items with a value from the row of another item.

    A field that most rows state stands in the row of every item. Of other fields, two items that have each
    other's values are mixed up.

    Args:
        places: the places of the items' values.
        rows: the rows in document order.
        row_of: the row of each item.
    """
    starts = [row.start for row in rows]
    item_of = {row: item for item, row in enumerate(row_of) if row is not None}
    placed: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    elsewhere: dict[int, dict[str, int]] = {}
    for item, row in enumerate(row_of):
        if row is None:
            continue
        for place in places.all[item]:
            placed[place.field] += 1
            at = bisect_right(starts, place.start) - 1
            if at == row:
                inside[place.field] += place.end <= rows[row].end
            elif at >= 0 and place.end <= rows[at].end and item_of.get(at) is not None:
                elsewhere.setdefault(item, {})[place.field] = item_of[at]
    stated = {
        name for name, number in placed.items() if number >= MIN_ITEMS and inside[name] >= MIN_STATED * number
    }
    return {item for item, fields in elsewhere.items() if _is_mixed(item, fields, elsewhere, stated)}


def repeated(places: ItemPlaces, rows: Sequence[Span], row_of: Sequence[int | None]) -> set[int]:
    """Return the items without a row that equal one with a row, and that the text says at no second place."""
    starts = [row.start for row in rows]
    own = {key for key, row in zip(places.keys, row_of, strict=True) if row is not None}

    def is_in_row(start: int, end: int) -> bool:
        at = bisect_right(starts, start) - 1
        return at >= 0 and end <= rows[at].end

    def has_place(item: int) -> bool:
        outside = sum(not is_in_row(place.start, place.end) for place in places.all[item])
        return 2 * outside >= len(places.all[item])

    without = [item for item, row in enumerate(row_of) if row is None and places.keys[item] in own]
    return {item for item in without if places.is_surplus[item] and not has_place(item)}


def _is_mixed(
    item: int, fields: Mapping[str, int], elsewhere: Mapping[int, Mapping[str, int]], stated: set[str]
) -> bool:
    return any(name in stated or elsewhere.get(other, {}).get(name) == item for name, other in fields.items())
