"""Coverage of the lists inside of items of which nothing is known but their items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from structgen.longdoc.lists import ListSpec, list_specs, nested_specs
from structgen.schema import Schema
from structgen.strategies.segmented.places import list_at
from structgen.types import Coverage

MAX_ENTRIES = 100_000
"""Lists of one value that have a coverage."""
MAX_LEVELS = 8


def with_every_list(coverage: Mapping[str, Coverage], data: Any, schema: Schema) -> dict[str, Coverage]:
    """Return the coverage with an entry for each list of objects inside of items, of unknown number."""
    found = dict(coverage)
    lists = schema.memoised(_Lists)
    for spec in schema.memoised(list_specs):
        for pointer, items in lists.inside(spec, spec.pointer, list_at(data, spec.pointer), MAX_LEVELS):
            if len(found) >= MAX_ENTRIES:
                return found
            found.setdefault(pointer, Coverage(None, len(items)))
    return found


@dataclass
class _Lists:
    """The lists inside of the items of the lists of a schema."""

    schema: Schema

    def __post_init__(self) -> None:
        """Begin with no list known."""
        self._nested: dict[int, tuple[ListSpec, list[ListSpec]]] = {}

    def inside(self, spec: ListSpec, at: str, items: list[Any], left: int) -> Iterator[tuple[str, list[Any]]]:
        """Yield the lists inside of items with their pointers, at so many levels at most."""
        if id(spec) not in self._nested:
            self._nested[id(spec)] = (spec, nested_specs(spec, self.schema))
        nested = self._nested[id(spec)][1]
        if not nested or not left:
            return
        for index, item in enumerate(items):
            for inner in nested:
                own, pointer = list_at(item, inner.pointer), f"{at}/{index}{inner.pointer}"
                yield pointer, own
                yield from self.inside(inner, pointer, own, left - 1)
