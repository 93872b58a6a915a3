"""Which doubts about a list's items tell a fault: not those that most items have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.longdoc.row_doubts import Doubt
from structgen.schema.traversal import JsonPath, value_at

FEW = 4
"""Items below which it is not known what most of them have."""
MAX_KEPT = 10_000
"""Doubts that are kept; a list with more has a field that its rows do not say."""
MIN_ASKED = 4
"""Values that are asked for again, before a field is given up whose values asking does not mend."""
MENDED_SHARE = 0.2


@dataclass
class DoubtTally:
    """The doubts about the items of a list."""

    items: int = 0
    _kept: list[tuple[int, Doubt]] = field(default_factory=list)
    _numbers: Counter[tuple[JsonPath, str]] = field(default_factory=Counter)

    def add(self, doubts: Sequence[Doubt], index: int | None = None) -> None:
        """Add the doubts about the next row; `index` is that of its item, by default the next one."""
        for doubt in doubts:
            self._numbers[doubt.field, doubt.reason] += 1
            if len(self._kept) < MAX_KEPT:
                self._kept.append((self.items if index is None else index, doubt))
        self.items += 1

    def told(self) -> list[tuple[int, Doubt]]:
        """Return the doubts that tell a fault, each with the index of its item.

        What most items of a list do not say in their rows is derived, such as a category; what is a part of
        most cells is meant so. Of a few items, a value is doubted only where a column has its name.
        """
        return [(index, doubt) for index, doubt in self._kept if self._is_fault(doubt)]

    def _is_fault(self, doubt: Doubt) -> bool:
        number = self._numbers[doubt.field, doubt.reason]
        if self.items >= FEW or 2 * number <= self.items:
            return 2 * number <= self.items
        return doubt.is_named and doubt.reason != "part"


def not_carried(doubts: Sequence[Doubt], item: Any, before: Any) -> list[Doubt]:
    """Return the doubts but those of values that a row leaves open, and the item before has as well."""
    return [
        doubt
        for doubt in doubts
        if not doubt.may_be_carried or value_at(item, doubt.path) != value_at(before, doubt.path)
    ]


@dataclass
class MendingTally:
    """How often asking again mended the values of a field."""

    _asked: Counter[JsonPath] = field(default_factory=Counter)
    _mended: Counter[JsonPath] = field(default_factory=Counter)

    def are_worth_asking(self, doubts: Sequence[Doubt]) -> bool:
        """Return whether asking again may mend one of the values."""
        return any(
            self._asked[one.field] < MIN_ASKED
            or self._mended[one.field] >= MENDED_SHARE * self._asked[one.field]
            for one in doubts
        )

    def add(self, before: Sequence[Doubt], after: Sequence[Doubt]) -> None:
        """Add what asking again changed."""
        left = {one.field for one in after}
        for path in {one.field for one in before}:
            self._asked[path] += 1
            self._mended[path] += path not in left
