"""Read the atoms of one disjunct by what they constrain: types, members, items, size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from structgen.schema.algebra.dnf import (
    Atom,
    EveryItem,
    HasDuplicates,
    HasItem,
    HasMember,
    HasMemberNamed,
    HasType,
    LacksMember,
    MinSize,
    Requirement,
    Satisfies,
    Violates,
)
from structgen.schema.keywords import BY_NAME
from structgen.schema.reorder import declared_names
from structgen.schema.traversal import constants, item_schemas, member_schemas, type_names

_TYPES = ("null", "number", "string", "boolean", "array", "object")
"""In the order in which values of unconstrained types are tried: the shortest first."""


@dataclass(frozen=True)
class Disjunct:
    """All that one disjunct requires of a value."""

    atoms: list[Atom]

    @cached_property
    def schemas(self) -> list[dict[str, Any]]:
        """The keywords that the value satisfies, none of which is an in-place applicator."""
        return [atom.keywords for atom in self.atoms if isinstance(atom, Satisfies)]

    @property
    def violated(self) -> list[dict[str, Any]]:
        """The keywords that the value violates."""
        return [atom.keywords for atom in self.atoms if isinstance(atom, Violates)]

    @property
    def constants(self) -> list[Any] | None:
        """The values that the first schema with `const` or `enum` lists."""
        return next((values for s in self.schemas if (values := constants(s)) is not None), None)

    @property
    def types(self) -> list[str]:
        """The types that the value may have, those first that a keyword is about."""
        types = set(_TYPES)
        for schema in self.schemas:
            if (names := type_names(schema)) is not None:
                types &= {"number" if name == "integer" else name for name in names}
        for atom in self.atoms:
            match atom:
                case HasMember() | HasMemberNamed() | LacksMember():
                    types &= {"object"}
                case HasItem() | EveryItem() | HasDuplicates():
                    types &= {"array"}
                case HasType(name):
                    types &= {name}
        keywords = {keyword for schema in self.schemas for keyword in schema if keyword in BY_NAME}
        likely = {BY_NAME[keyword].applies_to for keyword in keywords}
        return sorted((name for name in _TYPES if name in types), key=lambda name: name not in likely)

    @property
    def members(self) -> dict[str, list[Requirement]]:
        """The names that an object must have, and what their values must meet besides the schemas."""
        members: dict[str, list[Requirement]] = {}
        for schema in self.schemas:
            if isinstance(required := schema.get("required"), list):
                members |= {name: [] for name in required}
        for atom in self.atoms:
            if isinstance(atom, HasMember):
                members[atom.name] = [*members.get(atom.name, ()), *atom.requirements]
        return members

    @property
    def named_members(self) -> list[HasMemberNamed]:
        """The members that an object must have, whose names are free within requirements."""
        return [atom for atom in self.atoms if isinstance(atom, HasMemberNamed)]

    @property
    def absent_names(self) -> list[str]:
        """The names that an object must not have."""
        return [atom.name for atom in self.atoms if isinstance(atom, LacksMember)]

    @cached_property
    def declared(self) -> list[str]:
        """The names in `properties`, in the order of their declaration."""
        return list(declared_names(self.schemas))

    @property
    def name_requirements(self) -> list[Requirement]:
        """The schemas that every name of an object must meet."""
        rules = [(schema["propertyNames"], True) for schema in self.schemas if "propertyNames" in schema]
        closed = [schema for schema in self.schemas if schema.get("additionalProperties") is False]
        return [*rules, *((_declared_names_schema(schema), True) for schema in closed)]

    def member_requirements(self, name: str) -> Iterator[Requirement]:
        """Yield what the schemas require of the member of that name."""
        return ((schema, True) for schema in member_schemas(self.schemas, name))

    def item_requirements(self, index: int) -> Iterator[Requirement]:
        """Yield what the schemas and the atoms about all items require of the item at that index."""
        for atom in self.atoms:
            if isinstance(atom, EveryItem):
                yield atom.requirement
        yield from ((schema, True) for schema in item_schemas(self.schemas, index))

    @property
    def items(self) -> list[Requirement]:
        """The requirements of items that a list must have at any index, those of `contains` left out."""
        return [atom.requirement for atom in self.atoms if isinstance(atom, HasItem)]

    @property
    def has_duplicates(self) -> bool:
        """Whether two items of a list must be equal."""
        return HasDuplicates() in self.atoms

    @property
    def is_unique(self) -> bool:
        """Whether all items of a list must differ."""
        return any(schema.get("uniqueItems") for schema in self.schemas)

    def min_size(self, keyword: str) -> int:
        """Return the least number of items or members, by `minItems` or `minProperties` and the atoms."""
        sizes = [atom.count for atom in self.atoms if isinstance(atom, MinSize)]
        return max([0, *sizes, *_integers(self.schemas, keyword)])


def _integers(schemas: Iterable[dict[str, Any]], keyword: str) -> Iterator[int]:
    return (int(schema.get(keyword, 0)) for schema in schemas)


def _declared_names_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of the names that a closed object may have."""
    patterns = [{"pattern": pattern} for pattern in schema.get("patternProperties", ())]
    return {"anyOf": [*patterns, {"enum": list(schema.get("properties", ()))}]}
