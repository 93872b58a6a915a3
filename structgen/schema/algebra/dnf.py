"""Disjunctive normal form of `matches A and B, not C`: each disjunct is a list of atomic requirements.

Applicators that hold for the same value (`anyOf`, `oneOf`, `if`, a negation of several keywords) are
expanded branch by branch. What remains is plain keywords that hold, and things that the value must have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from structgen.schema.keywords import ANNOTATIONS
from structgen.schema.traversal import Resolve

Requirement = tuple[Any, bool]
"""A schema, and whether it must accept the value."""


@dataclass(frozen=True, slots=True)
class Satisfies:
    """The value satisfies all of these keywords, none of which is an in-place applicator."""

    keywords: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Violates:
    """The value violates this one keyword."""

    keywords: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HasType:
    """The value is an object or an array."""

    name: str


@dataclass(frozen=True, slots=True)
class HasMember:
    """The value is an object with a member of this name that meets the requirements."""

    name: str
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class HasMemberNamed:
    """The value is an object with a member whose name and value meet the requirements."""

    name_requirements: tuple[Requirement, ...]
    value_requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class LacksMember:
    """The value is an object without a member of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class HasItem:
    """The value is an array with an item that meets the requirement."""

    requirement: Requirement


@dataclass(frozen=True, slots=True)
class EveryItem:
    """Each item of the array meets the requirement."""

    requirement: Requirement


@dataclass(frozen=True, slots=True)
class MinSize:
    """The value has at least this many items or members."""

    count: int


@dataclass(frozen=True, slots=True)
class HasDuplicates:
    """The value is an array with two equal items."""


Atom = (
    Satisfies
    | Violates
    | HasType
    | HasMember
    | HasMemberNamed
    | LacksMember
    | HasItem
    | EveryItem
    | MinSize
    | HasDuplicates
)
_MAX_DEPTH = 40
_EXPANDED = frozenset({
    "$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependentRequired",
    "dependencies",
})  # fmt: skip
"""Keywords that `disjuncts` replaces by alternatives. All others become one atom."""


def disjuncts(requirements: list[Requirement], resolve: Resolve) -> Iterator[list[Atom]]:
    """Yield one list of atoms for each alternative that meets all requirements."""
    yield from _expand(list(requirements), [], resolve, 0)


def _expand(
    pending: list[Requirement], atoms: list[Atom], resolve: Resolve, depth: int
) -> Iterator[list[Atom]]:
    """Replace the first pending requirement by each of its alternatives, and expand the rest."""
    if not pending:
        yield atoms
        return
    (schema, accepts), rest = pending[0], pending[1:]
    if isinstance(schema, bool):
        if schema is accepts:
            yield from _expand(rest, atoms, resolve, depth)
        return
    if depth > _MAX_DEPTH:
        return
    for more, new in _acceptance(schema, resolve) if accepts else _rejection(schema, resolve):
        yield from _expand([*more, *rest], [*atoms, *new], resolve, depth + 1)


Alternative = tuple[list[Requirement], list[Atom]]
"""Requirements and atoms that together make a schema accept or reject the value."""


def _acceptance(schema: dict[str, Any], resolve: Resolve) -> Iterator[Alternative]:
    """Yield the alternatives in which the schema accepts the value."""
    always: list[Requirement] = [(branch, True) for branch in schema.get("allOf", ())]
    if isinstance(reference := schema.get("$ref"), str):
        always.append((resolve(reference), True))
    if "not" in schema:
        always.append((schema["not"], False))
    plain = {k: v for k, v in schema.items() if k not in _EXPANDED and k not in ANNOTATIONS}
    atoms: list[Atom] = [Satisfies(plain)] if plain else []
    for chosen in product(*_choices(schema)):
        yield [*always, *(requirement for choice in chosen for requirement in choice)], atoms


def _choices(schema: dict[str, Any]) -> list[list[list[Requirement]]]:
    """List the alternatives of each applicator of which one alternative must hold."""
    choices: list[list[list[Requirement]]] = []
    if "anyOf" in schema:
        choices.append([[(branch, True)] for branch in schema["anyOf"]])
    if "oneOf" in schema:
        branches = schema["oneOf"]
        choices.append([[(b, True), *((o, False) for o in branches if o is not b)] for b in branches])
    if "if" in schema:
        then, otherwise = schema.get("then", True), schema.get("else", True)
        choices.append([[(schema["if"], False), (otherwise, True)], [(schema["if"], True), (then, True)]])
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        for name, dependency in schema.get(keyword, {}).items():
            then = {"required": dependency} if isinstance(dependency, list) else dependency
            present = {"required": [name]}
            choices.append([[(present, False)], [(present, True), (then, True)]])
    return choices


def _rejection(schema: dict[str, Any], resolve: Resolve) -> Iterator[Alternative]:
    """Yield the alternatives in which a keyword of the schema rejects the value."""
    for keyword, value in schema.items():
        if keyword in ANNOTATIONS:
            continue
        match keyword:
            case "$ref":
                yield [(resolve(value), False)], []
            case "allOf":
                yield from (([(branch, False)], []) for branch in value)
            case "anyOf":
                yield [(branch, False) for branch in value], []
            case "oneOf":
                yield [(branch, False) for branch in value], []
                yield from (([(one, True), (other, True)], []) for one, other in combinations(value, 2))
            case "not":
                yield [(value, True)], []
            case "if":
                yield [(value, True), (schema.get("then", True), False)], []
                yield [(value, False), (schema.get("else", True), False)], []
            case "then" | "else":
                continue
            case _:
                yield from (([], atoms) for atoms in _violations(keyword, value, schema))


def _violations(keyword: str, value: Any, schema: dict[str, Any]) -> Iterator[list[Atom]]:
    """Yield the atoms of each alternative in which a plain keyword rejects the value."""
    match keyword:
        case "required":
            for name in value:
                yield [HasType("object"), LacksMember(name)]
        case "properties":
            for name, member in value.items():
                yield [HasMember(name, ((member, False),))]
        case "patternProperties":
            for pattern, member in value.items():
                matching: Requirement = ({"type": "string", "pattern": pattern}, True)
                yield [HasMemberNamed((matching,), ((member, False),))]
        case "propertyNames":
            yield [HasMemberNamed(((value, False), ({"type": "string"}, True)))]
        case "additionalProperties":
            declared: list[Requirement] = [({"enum": list(schema.get("properties", {}))}, False)]
            declared += [({"pattern": pattern}, False) for pattern in schema.get("patternProperties", ())]
            yield [HasMemberNamed((({"type": "string"}, True), *declared), ((value, False),))]
        case "items" if not isinstance(value, list):
            yield [HasItem((value, False))]
        case "contains":
            yield [HasType("array"), EveryItem((value, False))]
        case "dependentRequired":
            for name, others in value.items():
                for other in others:
                    yield [HasMember(name), LacksMember(other)]
        case "minItems" | "minProperties" | "maxItems" | "maxProperties":
            name = "array" if keyword.endswith("Items") else "object"
            yield [HasType(name), *([MinSize(int(value) + 1)] if keyword.startswith("max") else [])]
        case "uniqueItems" if value is True:
            yield [HasType("array"), HasDuplicates()]
        case _:
            yield [Violates({keyword: value})]
