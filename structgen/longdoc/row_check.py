"""Judge items: whether one takes values from two rows, or from none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structgen.longdoc.row_values import RowValues, Saying, field_of

_SHARE_OF_CARRIED = 0.2
_MIN_CARRIED = 3
"""Items that take a field from the row before, from which on the text writes it once for several rows."""


def mixed_items(values: RowValues, row_of: Sequence[int | None], nearest: Sequence[int | None]) -> list[int]:
    """Return the items with a value of another row that neither their own row nor the context says.

    A field that many items share with the item before, and that their own rows lack, is one that the text
    writes once for several rows. Listed choices may stand in other words, and short values by chance.

    Args:
        values: the values of the items.
        row_of: the row of each item.
        nearest: the row that says most of an item, even where another item has it.
    """
    foreign = {
        item: [one for one in values.of[item] if _is_foreign(values, one, nearest[item])]
        for item in range(len(row_of))
        if nearest[item] is not None
    }
    carried = _carried_fields(values, foreign)

    def is_carried(item: int, saying: Saying) -> bool:
        return field_of(saying) in carried and _is_of_the_item_before(values, item, saying)

    return [item for item, sayings in foreign.items() if not all(is_carried(item, one) for one in sayings)]


def _is_foreign(values: RowValues, saying: Saying, row: int | None) -> bool:
    if not saying.rows or row in saying.rows or saying.is_generic or saying.is_near:
        return False
    return saying.leaf.value not in saying.leaf.choices and not values.is_in_context(saying)


def _carried_fields(values: RowValues, foreign: dict[int, list[Saying]]) -> set[object]:
    numbers = Counter(
        field_of(one)
        for item, sayings in foreign.items()
        for one in sayings
        if _is_of_the_item_before(values, item, one)
    )
    least = max(_MIN_CARRIED, _SHARE_OF_CARRIED * len(values.of))
    return {path for path, number in numbers.items() if number >= least}


def _is_of_the_item_before(values: RowValues, item: int, saying: Saying) -> bool:
    return item > 0 and any(
        one.leaf.value == saying.leaf.value and field_of(one) == field_of(saying)
        for one in values.of[item - 1]
    )
