"""Which rows say the values of items: places of scalars, found by their types in the rows alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import Any

from structgen.evidence.grounding.finders import Finders
from structgen.evidence.grounding.leaves import Leaf, leaves
from structgen.evidence.grounding.places import Place
from structgen.schema import Schema
from structgen.schema.traversal import JsonPath
from structgen.types import Span

MAX_PLACES = 100_000
"""Places that are looked up for one value."""
SHARE_OF_COMMON = 0.9
"""Share of the rows from which on a value says nothing of the row that it comes from."""
SHORT = 3
"""Letters and digits from which on a value is rarely said by chance."""
MAX_DOUBT = 0.5
"""Places that are more doubtful say another value."""
MANY = 2_000
"""Places of a value from which on there may be more than a finder gives."""
_WEIGHT_OF_SHORT, _WEIGHT_OF_NEAR = 0.3, 0.5
_SHARE_OF_STATED = 0.5
"""Share of the items from which on the rows state a field: another value of it stands there as well."""
_WORD = re.compile(r"\w")
_JOINED = re.compile(r"[^\W\d_][\s-]?\d+,\d")


@dataclass(frozen=True, slots=True)
class Saying:
    """The rows that say one value, and what it proves that a row says it."""

    leaf: Leaf
    rows: frozenset[int]
    weight: float
    is_generic: bool
    """Whether the value proves nothing: any row may say it by chance."""
    is_near: bool
    """Whether rows say nearly the value, and none the value itself."""


class RowValues:
    """The sayings of all items of a list. Equal values are looked up once."""

    def __init__(self, items: Sequence[Any], rows: Sequence[Span], text: str, schema: Schema | None) -> None:
        self._spans, self._text = rows, text
        self._starts: list[int] = []
        pieces, offset = [], 0
        for row in rows:
            self._starts.append(offset)
            piece = _with_cells(text[row.start : row.end])
            pieces.append(piece)
            offset += len(piece) + 1
        self.number = len(pieces)
        self._rows = "\n".join(pieces)
        self._finders = Finders(self._rows)
        self._known: dict[Any, Saying] = {}
        self.of: list[list[Saying]] = [
            [self._saying(leaf) for leaf in leaves(item, schema) if shows_something(leaf)] for item in items
        ]
        """By the index of the item: its scalars, without null and booleans."""

    @cached_property
    def stated(self) -> frozenset[JsonPath]:
        """The fields whose values the rows state, as far as the items show."""
        asked: Counter[JsonPath] = Counter()
        said: Counter[JsonPath] = Counter()
        for sayings in self.of:
            asked.update(field_of(one) for one in sayings)
            said.update(field_of(one) for one in sayings if one.rows)
        return frozenset(path for path, number in asked.items() if said[path] >= _SHARE_OF_STATED * number)

    def full_weight(self, item: int) -> float:
        """Return the weight of a row that says all of an item that rows state."""
        stated = self.stated
        return sum(one.weight for one in self.of[item] if one.rows or field_of(one) in stated)

    def weight(self, item: int, row: int) -> float:
        """Return the weight of what a row says of an item."""
        return sum(one.weight for one in self.of[item] if row in one.rows)

    def share_of_fields(self, item: int, row: int) -> float:
        """Return the share of an item's values that a row says, of those that prove something."""
        proving = [one for one in self.of[item] if not one.is_generic]
        return sum(row in one.rows for one in proving) / len(proving) if proving else 0.0

    def is_in_context(self, saying: Saying) -> bool:
        """Return whether the text says a value outside of the rows."""
        return bool(self._outside.places(saying.leaf, 1))

    @cached_property
    def _outside(self) -> Finders:
        pieces, offset = [], 0
        for row in sorted(self._spans, key=lambda row: row.start):
            pieces.append(self._text[offset : row.start])
            offset = max(offset, row.end)
        pieces.append(self._text[offset:])
        return Finders("\n".join(piece for piece in pieces if piece.strip()))

    def _saying(self, leaf: Leaf) -> Saying:
        key = (type(leaf.value), leaf.value, leaf.name, tuple(map(id, leaf.schemas)))
        if key not in self._known:
            self._known[key] = self._found(leaf)
        known = self._known[key]
        return Saying(leaf, known.rows, known.weight, known.is_generic, known.is_near)

    def _found(self, leaf: Leaf) -> Saying:
        places = [one for one in self._finders.places(leaf, MAX_PLACES) if one.distance <= MAX_DOUBT]
        if len(places) >= MANY:
            places += self._spelled_alike({self._rows[place.start : place.end] for place in places})
        rows = frozenset(
            self._row(one.start) for one in places if self._row(one.start) == self._row(one.end - 1)
        )
        rarity = log2(1 + self.number / max(1, len(rows)))
        is_short = len(_WORD.findall(str(leaf.value))) < SHORT
        is_common = self.number > 2 and len(rows) > SHARE_OF_COMMON * self.number
        is_near = bool(places) and all(place.kind == "fuzzy" for place in places)
        weight = rarity * (_WEIGHT_OF_SHORT if is_short else _WEIGHT_OF_NEAR if is_near else 1.0)
        return Saying(leaf, rows, weight, is_short or is_common, is_near)

    def _spelled_alike(self, spellings: Iterable[str]) -> list[Place]:
        """Return all places of spellings: a finder gives some thousand of one number."""
        pattern = "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))
        found = re.finditer(rf"(?<![\w.,])(?:{pattern})(?!\w|[.,]\d)", self._rows)
        return [Place(match.start(), match.end(), "value") for match in found]

    def _row(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1


def _with_cells(row: str) -> str:
    """Return a row, with its parts between commas where a number ends a name: `Bolt M8,30`."""
    return f"{row}\n{row.replace(',', chr(10))}" if _JOINED.search(row) else row


def field_of(saying: Saying) -> JsonPath:
    """Return the path of a value without the indices of lists."""
    return tuple(step for step in saying.leaf.path if isinstance(step, str))


def shows_something(leaf: Leaf) -> bool:
    """Return whether a value has a letter or a digit: null and booleans prove nothing."""
    value = leaf.value
    return value is not None and not isinstance(value, bool) and bool(_WORD.search(str(value)))
