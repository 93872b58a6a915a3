"""Generate short, meaningless instances of a schema, by trying candidates of its disjunctive normal form.

They stand in where a grammar cannot express a constraint and a model does not meet it. Every instance is
validated before it is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from structgen import json_text
from structgen.schema.algebra.dnf import HasMemberNamed, Requirement, disjuncts
from structgen.schema.synthesis.disjunct import Disjunct
from structgen.schema.synthesis.scalars import numbers, strings
from structgen.schema.traversal import Resolve

_MAX_DEPTH = 12
_MAX_DISJUNCTS = 60
_MAX_ITEMS = 64
_MAX_CANDIDATES = 3_000
"""Candidates that one generator validates, those of members and items included."""
_MAX_OFFSET = 4
"""Free items that are tried before the required ones: the first items may have schemas of their own."""
_MAX_NAMES = 8
_NAMES_PER_SCHEMA = 12
_PLAIN_NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")
_MISSING = object()


class InstanceGenerator:
    """Generates instances with a bounded number of candidates."""

    def __init__(self, accepts: Callable[[Any, Any], bool], resolve: Resolve) -> None:
        """Take `accepts`, which returns whether a schema accepts a value, and the resolver of `$ref`."""
        self._accepts, self.resolve, self._candidates_left = accepts, resolve, _MAX_CANDIDATES

    def values(self, requirements: list[Requirement], depth: int = 0) -> Iterator[Any]:
        """Yield distinct values that meet all requirements."""
        seen = set()
        for atoms in islice(disjuncts(requirements, self.resolve), _MAX_DISJUNCTS):
            for value in self._candidates(Disjunct(atoms), depth):
                self._candidates_left -= 1
                if self._candidates_left < 0:
                    return
                text = json_text.dumps(value)
                if text not in seen and self._meets(value, requirements):
                    seen.add(text)
                    yield value

    def _first(self, requirements: list[Requirement], depth: int) -> Any:
        return next(self.values(requirements, depth), _MISSING)

    def _meets(self, value: Any, requirements: Iterable[Requirement]) -> bool:
        return all(self._accepts(schema, value) is accepted for schema, accepted in requirements)

    def _candidates(self, disjunct: Disjunct, depth: int) -> Iterator[Any]:
        if (values := disjunct.constants) is not None:
            yield from sorted(values, key=_text_length)
            return
        for type_name in disjunct.types:
            if type_name == "object" and depth < _MAX_DEPTH:
                yield from self._objects(disjunct, depth)
            elif type_name == "array" and depth < _MAX_DEPTH:
                yield from self._arrays(disjunct, depth)
            elif type_name == "number":
                yield from numbers(disjunct.schemas)
            elif type_name == "string":
                yield from strings([*disjunct.schemas, *disjunct.violated])
            elif type_name in ("null", "boolean"):
                yield from [None] if type_name == "null" else [True, False]

    def _objects(self, disjunct: Disjunct, depth: int) -> Iterator[Any]:
        """Yield one object with the required members, if all of them can be generated."""
        members = disjunct.members
        for atom in disjunct.named_members:
            name = self._member_name(atom, members, disjunct)
            if name is None:
                return
            members[name] = [*members.get(name, ()), *atom.value_requirements]
        min_size = disjunct.min_size("minProperties")
        for name in _further_names(disjunct) if len(members) < min_size else ():
            if name not in members and name not in disjunct.absent_names and len(members) < min_size:
                members[name] = []
        order = {name: index for index, name in enumerate(disjunct.declared)}
        instance = {}
        for name in sorted(members, key=lambda name: order.get(name, len(members) + 99)):
            requirements = [*members[name], *disjunct.member_requirements(name)]
            if (value := self._first(requirements, depth + 1)) is _MISSING:
                return
            instance[name] = value
        yield instance

    def _member_name(self, atom: HasMemberNamed, required: Iterable[str], disjunct: Disjunct) -> str | None:
        """Return a name for the member, an already required one where it fits."""
        name_requirements = [*atom.name_requirements, *disjunct.name_requirements]
        generated = islice(self.values(name_requirements, _MAX_DEPTH), _MAX_NAMES)
        name: str
        for name in (*required, *disjunct.declared, *generated):
            requirements = [*atom.value_requirements, *disjunct.member_requirements(name)]
            fits = self._meets(name, name_requirements)
            if fits and self._first(requirements, _MAX_DEPTH // 2) is not _MISSING:
                return name
        return None

    def _arrays(self, disjunct: Disjunct, depth: int) -> Iterator[Any]:
        """Yield lists with the required items, then as many others as the minimal length needs."""
        required = [[requirement] for requirement in disjunct.items]
        for schema in disjunct.schemas:
            if "contains" in schema:
                count = min(int(schema.get("minContains", 1)), _MAX_ITEMS)
                required += [[(schema["contains"], True)]] * count
        min_size = disjunct.min_size("minItems")
        for offset in range(_MAX_OFFSET):
            slots: list[list[Requirement]] = [*([[]] * offset), *required]
            slots += [[]] * (min(min_size, _MAX_ITEMS) - len(slots))
            if (items := self._items(slots, disjunct, depth)) is not None:
                yield [items[0], *items] if disjunct.has_duplicates and items else items
            if not required or offset > min_size + 3:
                break
        if len(required) > 1:  # one item may meet all requirements
            merged = [requirement for requirements in required for requirement in requirements]
            if (items := self._items([merged], disjunct, depth)) is not None:
                yield items

    def _items(self, slots: list[list[Requirement]], disjunct: Disjunct, depth: int) -> list[Any] | None:
        """Return one item for each slot; None where one of them cannot be generated."""
        items: list[Any] = []
        for index, own_requirements in enumerate(slots):
            values = self.values([*own_requirements, *disjunct.item_requirements(index)], depth + 1)
            used = items if disjunct.is_unique else []
            item = next((value for value in values if value not in used), _MISSING)
            if item is _MISSING:
                return None
            items.append(item)
        return items


def _text_length(value: Any) -> int:
    return len(json_text.dumps(value))


def _further_names(disjunct: Disjunct) -> Iterator[str]:
    """Yield names that an object may have besides the required ones."""
    yield from disjunct.declared
    schemas = disjunct.schemas
    patterns = [{"pattern": pattern} for s in schemas for pattern in s.get("patternProperties", ())]
    rules = [s["propertyNames"] for s in schemas if isinstance(s.get("propertyNames"), dict)]
    for rule in rules:
        yield from (name for name in rule.get("enum", ()) if isinstance(name, str))
    for schema in [*patterns, *rules]:
        yield from islice(strings([schema]), _NAMES_PER_SCHEMA)
    yield from _PLAIN_NAMES
