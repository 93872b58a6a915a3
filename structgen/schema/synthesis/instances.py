"""A value that a schema accepts, found by trying: short, and of no meaning.

For what a grammar cannot say and a model does not hit. Every value given was checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from structgen import json_text
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
    disjuncts,
)
from structgen.schema.algebra.negation import TYPES, Resolve
from structgen.schema.regex import PatternError, matches
from structgen.schema.synthesis.scalars import numbers, strings

_DEEPEST = 12
_MAX_DISJUNCTS = 60
_MOST_ITEMS = 64
_STEPS = 3_000
_EACH = 4
"""Values that are tried of each kind of a member or an item."""


class Witness:
    """`accepts` tells whether a schema accepts a value."""

    def __init__(self, accepts: Callable[[Any, Any], bool], resolve: Resolve) -> None:
        self._accepts, self.resolve, self._left = accepts, resolve, _STEPS

    def values(self, demands: list[Requirement], depth: int = 0) -> Iterator[Any]:
        """Values that meet all demands, each once."""
        seen = set()
        for atoms in islice(disjuncts(demands, self.resolve), _MAX_DISJUNCTS):
            for value in self._of_disjunct(atoms, depth):
                self._left -= 1
                if self._left < 0:
                    return
                key = json_text.dumps(value)
                if key not in seen and all(self._accepts(s, value) is wanted for s, wanted in demands):
                    seen.add(key)
                    yield value

    def _of_disjunct(self, atoms: list[Atom], depth: int) -> Iterator[Any]:
        holds = [atom.keywords for atom in atoms if isinstance(atom, Satisfies)]
        for schema in holds:
            if "const" in schema or "enum" in schema:
                yield from [schema["const"]] if "const" in schema else sorted(schema["enum"], key=_length)
                return
        for kind in _kinds(atoms, holds):
            if kind == "object" and depth < _DEEPEST:
                yield from self._objects(atoms, holds, depth)
            elif kind == "array" and depth < _DEEPEST:
                yield from self._arrays(atoms, holds, depth)
            elif kind == "number":
                yield from numbers(holds)
            elif kind == "string":
                yield from strings([*holds, *(atom.keywords for atom in atoms if isinstance(atom, Violates))])
            elif kind in ("null", "boolean"):
                yield from [None] if kind == "null" else [True, False]

    def _objects(self, atoms: list[Atom], holds: list[dict[str, Any]], depth: int) -> Iterator[Any]:
        """One with all that must be there."""
        wanted: dict[str, list[Requirement]] = {}
        for schema in holds:
            names = schema.get("required", ())
            wanted |= {name: [] for name in (names if isinstance(names, list) else ()) if name not in wanted}
        absent = []
        for atom in atoms:
            match atom:
                case HasMember(name, requirements):
                    wanted[name] = [*wanted.get(name, ()), *requirements]
                case LacksMember(name):
                    absent.append(name)
        for atom in atoms:
            if isinstance(atom, HasMemberNamed):
                of_value = [*atom.value_requirements]
                found = self._name(atom.name_requirements, wanted, holds, of_value)
                if found is None:
                    return
                wanted[found] = [*wanted.get(found, ()), *of_value]
        least = max([0, *_sizes(atoms), *(int(s.get("minProperties", 0)) for s in holds)])
        for name in _more_names(holds) if len(wanted) < least else ():
            if name not in wanted and name not in absent and len(wanted) < least:
                wanted[name] = []
        made = {}
        for name in sorted(wanted, key=lambda n: _declared(holds).get(n, len(wanted) + 99)):
            demands = [*wanted[name], *((part, True) for part in _of_member(holds, name))]
            value = next(self.values(demands, depth + 1), _NONE)
            if value is _NONE:
                return
            made[name] = value
        yield made

    def _name(
        self,
        demands: Iterable[Requirement],
        taken: Iterable[str],
        holds: list[dict[str, Any]],
        value: list[Requirement],
    ) -> str | None:
        """A name for a member: one that is there already where it will do."""
        rules = [(schema["propertyNames"], True) for schema in holds if "propertyNames" in schema]
        rules += [
            (_open_names(schema), True) for schema in holds if schema.get("additionalProperties") is False
        ]
        asked = [*demands, *rules]
        name: str
        for name in (*taken, *_declared(holds), *islice(self.values(asked, _DEEPEST), 8)):
            parts = [*value, *((part, True) for part in _of_member(holds, name))]
            fits = all(self._accepts(schema, name) is wanted for schema, wanted in asked)
            if fits and next(self.values(parts, _DEEPEST // 2), _NONE) is not _NONE:
                return name
        return None

    def _arrays(self, atoms: list[Atom], holds: list[dict[str, Any]], depth: int) -> Iterator[Any]:
        """The needed items one after another, then as many others as there have to be."""
        extra = [[atom.requirement] for atom in atoms if isinstance(atom, HasItem)]
        for schema in holds:
            if "contains" in schema:
                extra += [[(schema["contains"], True)]] * min(int(schema.get("minContains", 1)), _MOST_ITEMS)
        least = max([0, *_sizes(atoms), *(int(s.get("minItems", 0)) for s in holds)])
        every = [atom.requirement for atom in atoms if isinstance(atom, EveryItem)]
        twins = HasDuplicates() in atoms
        for before in range(4):  # the first places may be for something else
            slots: list[list[Requirement]] = [*([[]] * before), *extra]
            slots += [[]] * (min(least, _MOST_ITEMS) - len(slots))
            made = self._items(slots, every, holds, depth)
            if made is not None:
                yield [made[0], *made] if twins and made else made
            if not extra or before > least + 3:
                break
        if (
            len(extra) > 1
            and (made := self._items([[one for part in extra for one in part]], every, holds, depth))
            is not None
        ):
            yield made

    def _items(
        self,
        slots: list[list[Requirement]],
        every: list[Requirement],
        holds: list[dict[str, Any]],
        depth: int,
    ) -> list[Any] | None:
        unique = any(schema.get("uniqueItems") for schema in holds)
        made: list[Any] = []
        for index, demands in enumerate(slots):
            parts = [*demands, *every, *((part, True) for part in _of_item(holds, index))]
            found = self.values(parts, depth + 1)
            value = next((v for v in found if not (unique and v in made)), _NONE)
            if value is _NONE:
                return None
            made.append(value)
        return made


_NONE = object()


def _sizes(atoms: list[Atom]) -> list[int]:
    return [atom.count for atom in atoms if isinstance(atom, MinSize)]


def _length(value: Any) -> int:
    return len(json_text.dumps(value))


def _kinds(atoms: list[Atom], holds: list[dict[str, Any]]) -> list[str]:
    """Types that may be, the one of which something is said first."""
    kinds = set(TYPES)
    for schema in holds:
        if "type" in schema:
            names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
            kinds &= {"number" if name == "integer" else name for name in names}
    for atom in atoms:
        match atom:
            case HasMember() | HasMemberNamed() | LacksMember():
                kinds &= {"object"}
            case HasItem() | EveryItem() | HasDuplicates():
                kinds &= {"array"}
            case HasType(name):
                kinds &= {name}
    likely = {word_kind for schema in holds for word in schema if (word_kind := _KIND_OF.get(word))}
    order = ("null", "number", "string", "boolean", "array", "object")
    return sorted((kind for kind in order if kind in kinds), key=lambda kind: kind not in likely)


_KIND_OF = {
    "properties": "object", "required": "object", "patternProperties": "object", "minProperties": "object",
    "items": "array", "prefixItems": "array", "contains": "array", "minItems": "array",
    "pattern": "string", "format": "string", "minLength": "string", "maxLength": "string",
    "minimum": "number", "maximum": "number", "multipleOf": "number",
}  # fmt: skip


def _declared(holds: list[dict[str, Any]]) -> dict[str, int]:
    names = dict.fromkeys(name for schema in holds for name in schema.get("properties", ()))
    return {name: index for index, name in enumerate(names)}


def _more_names(holds: list[dict[str, Any]]) -> Iterator[str]:
    yield from _declared(holds)
    patterns = [{"pattern": pattern} for s in holds for pattern in s.get("patternProperties", ())]
    rules = [s["propertyNames"] for s in holds if isinstance(s.get("propertyNames"), dict)]
    for rule in rules:
        yield from (name for name in rule.get("enum", ()) if isinstance(name, str))
    for schema in [*patterns, *rules]:
        yield from islice(strings([schema]), 12)
    yield from ("a", "b", "c", "d", "e", "f", "g", "h")


def _open_names(schema: dict[str, Any]) -> dict[str, Any]:
    """For the names that a closed object may have."""
    patterns = [{"pattern": pattern} for pattern in schema.get("patternProperties", ())]
    return {"anyOf": [*patterns, {"enum": list(schema.get("properties", ()))}]}


def _of_member(holds: list[dict[str, Any]], name: str) -> Iterator[Any]:
    for schema in holds:
        named = [schema["properties"][name]] if name in schema.get("properties", ()) else []
        named += [
            part for pattern, part in schema.get("patternProperties", {}).items() if _hits(pattern, name)
        ]
        yield from named or [schema.get("additionalProperties", True)]


def _hits(pattern: str, name: str) -> bool:
    try:
        return matches(pattern, name)
    except PatternError:
        return False


def _of_item(holds: list[dict[str, Any]], index: int) -> Iterator[Any]:
    for schema in holds:
        items = schema.get("items", True)
        first = items if isinstance(items, list) else schema.get("prefixItems", [])
        rest = schema.get("additionalItems", True) if isinstance(items, list) else items
        yield first[index] if index < len(first) else rest
