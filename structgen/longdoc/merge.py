"""Merge what the segments of a document gave into one value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from structgen.evidence.comparison import key
from structgen.longdoc.item_joining import Conflict as Conflict
from structgen.longdoc.item_joining import JoinedItems
from structgen.longdoc.list_merge import add_entries
from structgen.longdoc.list_rules import ListRule, ListRules
from structgen.longdoc.readings import Entry, Reading
from structgen.longdoc.readings import Part as Part
from structgen.schema import Schema
from structgen.schema.traversal import JsonPath, pointer


@dataclass(frozen=True)
class Merged:
    """The value of a document, and what its segments did not agree on."""

    data: Any
    conflicts: tuple[Conflict, ...] = ()
    untold: int = 0
    """Further conflicts, of lists that have many."""


def merge(parts: Sequence[Part], document: str, schema: Schema, not_joined: Collection[str] = ()) -> Merged:
    """Merge the parts of a document.

    Lists stand in document order. Items of two segments are one where they come from the same place of the
    document, have the same key where the schema names one, or are equal in a list of unique items: never
    where they only look alike. A scalar comes from the segment that grounds it best: by the kind of the
    match, in its own text rather than in its context, first in the document. Objects merge member by member;
    null and absent members give way to values.

    Args:
        parts: what each segment gave.
        document: the text that the segments come from.
        schema: the caller's schema.
        not_joined: pointers of lists whose items are joined by key later, by `joined_list`.
    """
    readings = [Reading(part, document, schema) for part in parts]
    readings.sort(key=lambda reading: reading.start)
    merger = _Merger(schema, document, not_joined)
    data = merger.value((), [(reading, reading.value) for reading in readings])
    return Merged(schema.arrange(data), tuple(merger.conflicts), merger.untold)


class _Merger:
    def __init__(self, schema: Schema, document: str, not_joined: Collection[str]) -> None:
        self._rules, self._document, self._not_joined = ListRules(schema), document, not_joined
        self.conflicts: list[Conflict] = []
        self.untold = 0

    def value(self, path: JsonPath, given: Sequence[tuple[Reading, Any]]) -> Any:
        """Return the value at a path from those of the readings that have one."""
        given = [pair for pair in given if pair[1] is not None]
        if not given:
            return None
        kind = dict if any(isinstance(value, dict) for _, value in given) else list
        alike = [pair for pair in given if isinstance(pair[1], kind)]
        if kind is dict:
            names = dict.fromkeys(name for _, value in alike for name in value)
            return {name: self._member((*path, name), name, alike) for name in names}
        if not alike:
            return self._scalar(path, given)
        rule = self._rules.of(path)
        if rule.is_tuple:
            return alike[0][1]
        return self._list(pointer(path), [reading.entries(path, value) for reading, value in alike], rule)

    def _list(self, at: str, lists: Sequence[Sequence[Entry]], rule: ListRule) -> list[Any]:
        joined = JoinedItems(at, ListRule() if at in self._not_joined else rule, self._document)
        add_entries(lists, joined, rule)
        self.conflicts += joined.conflicts
        self.untold += joined.untold
        return joined.items

    def _member(self, path: JsonPath, name: str, given: Sequence[tuple[Reading, Any]]) -> Any:
        return self.value(path, [(reading, value[name]) for reading, value in given if name in value])

    def _scalar(self, path: JsonPath, given: Sequence[tuple[Reading, Any]]) -> Any:
        if len(given) == 1 or (len({key(value) for _, value in given}) == 1 and _are_equal(given)):
            return given[0][1]
        ranked = sorted(given, key=lambda pair: pair[0].rank(path))
        different: dict[str, tuple[Reading, Any]] = {}
        for reading, value in ranked:
            different.setdefault(key(value), (reading, value))
        if len(different) > 1:
            values = tuple(value for _, value in different.values())
            spans = tuple(reading.span(path) for reading, _ in different.values())
            self.conflicts.append(Conflict(pointer(path), values, spans))
        return ranked[0][1]


def _are_equal(given: Sequence[tuple[Reading, Any]]) -> bool:
    first = given[0][1]
    return all(type(value) is type(first) and value == first for _, value in given)
