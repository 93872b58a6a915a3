"""The innermost lists of a schema: their rows are lines, and items of the lists above are groups of these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from structgen.longdoc.lists import MAX_DEPTH, ListField, ListSpec, nested_specs
from structgen.longdoc.row_needs import field_kind
from structgen.schema import Schema
from structgen.schema.traversal import JsonPath

MAX_LEAVES = 8
"""Innermost lists below one list that are looked at."""


@dataclass(frozen=True)
class LeafList:
    """An innermost list below another one, with the values that the lists between say of a group."""

    spec: ListSpec
    """The list itself, with the path from an item of the list right above."""
    levels: tuple[tuple[ListField, ...], ...]
    """Values of an item of each list above, from the outermost: those that are no lists or objects."""
    path: tuple[JsonPath, ...]
    """The paths of the lists below the outermost one, each from an item of the list above."""

    @property
    def depth(self) -> int:
        """The number of lists above."""
        return len(self.levels)

    @cached_property
    def whole(self) -> ListSpec:
        """The list as a table has it whose rows, or the first of a group, say what their group is."""
        above = [replace(field, required=False) for level in self.levels for field in level]
        return ListSpec(self.spec.path, (*above, *self.spec.fields), self.spec.schemas)


def leaf_lists(spec: ListSpec, schema: Schema) -> list[LeafList]:
    """Return the innermost lists of objects below a list; none where its items have no such list."""
    found: list[LeafList] = []
    open_lists: list[tuple[ListSpec, tuple[tuple[ListField, ...], ...], tuple[JsonPath, ...]]] = [
        (spec, (), ())
    ]
    while open_lists and len(found) < MAX_LEAVES:
        each, levels, path = open_lists.pop(0)
        inner = nested_specs(each, schema) if len(levels) < MAX_DEPTH else []
        if not inner and levels:
            found.append(LeafList(each, levels, path))
        above = (*levels, _values(each))
        open_lists += [(one, above, (*path, one.path)) for one in inner[:MAX_LEAVES]]
    return found


def _values(spec: ListSpec) -> tuple[ListField, ...]:
    return tuple(field for field in spec.fields if field_kind(field) != "other")
