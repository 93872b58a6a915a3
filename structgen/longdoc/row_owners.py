"""Which item of a list each row of the lists inside of its items belongs to, by what the text says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from structgen.types import Span

MIN_AGREED = 0.8
"""Share of the rows with an item that stand below the name of its owner, from which on names tell owners."""
MIN_LENGTH = 2
MAX_WORDS = 8
MAX_ALIKE = 50
"""Names with one first word that are compared at one place."""
_WORD = re.compile(r"\w+")


def row_owners(
    document: str, rows: Sequence[Span], owners: Sequence[Any], claimed: Mapping[int, int]
) -> tuple[list[int], bool]:
    """Return the owner of each row, and whether the text says so.

    An owner is said by a value that no other owner has, in the row or above it. Where the text does not say
    the owners of the rows that have an item, a row has the owner of the row above it.

    Args:
        document: the text.
        rows: ranges of the text in its order.
        owners: the items that the rows may belong to.
        claimed: the owners of the items that come from rows, by the numbers of the rows.
    """
    said = _said_owners(document, rows, _names(owners))
    told = [(number, owner) for number, owner in claimed.items() if said[number] is not None]
    agreed = sum(said[number] == owner for number, owner in told)
    is_said = bool(told) and agreed >= MIN_AGREED * len(claimed)
    following: list[int] = []
    last = next((claimed[number] for number in sorted(claimed)), 0)
    for number in range(len(rows)):
        last = claimed.get(number, last)
        following.append(last)
    if not is_said:
        return following, False
    pairs = zip(said, following, strict=True)
    return [other if owner is None else owner for owner, other in pairs], True


def _names(owners: Sequence[Any]) -> dict[str, list[tuple[list[str], int]]]:
    """Return the words of values that one owner alone has, with the owner, by the first word."""
    members: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, owner in enumerate(owners):
        for name, value in owner.items() if isinstance(owner, dict) else ():
            if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) >= MIN_LENGTH:
                members[name].append((str(value).casefold(), number))
    found: defaultdict[str, list[tuple[list[str], int]]] = defaultdict(list)
    for values in members.values():
        counts = Counter(value for value, _ in values)
        for value, number in values:
            words = _WORD.findall(value)[:MAX_WORDS]
            if counts[value] == 1 and words:
                found[words[0]].append((words, number))
    return found


def _said_owners(
    document: str, rows: Sequence[Span], names: Mapping[str, list[tuple[list[str], int]]]
) -> list[int | None]:
    """Return the owner that is named last in each row or above it."""
    places, owners = [], []
    for place, owner in _mentions(document, names):
        places.append(place)
        owners.append(owner)
    said: list[int | None] = []
    for row in rows:
        at = bisect_right(places, row.end) - 1
        first = bisect_right(places, row.start - 1)
        inside = set(owners[first : at + 1])
        said.append(owners[at] if at >= 0 and len(inside) < 2 else None)
    return said


def _mentions(document: str, names: Mapping[str, list[tuple[list[str], int]]]) -> Iterator[tuple[int, int]]:
    """Yield where owners are named, in the order of the text."""
    if not names:
        return
    longest = max(len(words) for each in names.values() for words, _ in each)
    recent: list[str] = []
    for match in _WORD.finditer(document):
        recent.append(match.group().casefold())
        del recent[:-longest]
        for start, first in enumerate(recent):
            for words, owner in names.get(first, ())[:MAX_ALIKE]:
                if words == recent[start:]:
                    yield match.end(), owner
