"""A schema for the values that another schema rejects, and unions and intersections of such schemas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DISJOINT_TYPES = ("null", "boolean", "object", "array", "number", "string")
"""All types but `integer`, which is part of `number`, in the order in which complements name them."""


@dataclass(frozen=True, slots=True)
class Complement:
    """`schema` accepts every value that the given one rejects. An `exact` one accepts no other value."""

    schema: Any
    exact: bool


EVERYTHING = Complement(True, False)


def absent(name: str) -> dict[str, Any]:
    """Return the schema of objects without a member of that name."""
    return {"type": "object", "properties": {name: False}}


def branches_of(schema: Any) -> list[Any]:
    """Return the branches of a union, or the schema alone."""
    union = isinstance(schema, dict) and set(schema) == {"anyOf"}
    branches: list[Any] = schema["anyOf"] if union else [schema]
    return branches


def any_of(complements: Sequence[Complement]) -> Complement:
    """Return the union."""
    exact = all(complement.exact for complement in complements)
    schemas = [complement.schema for complement in complements if complement.schema is not False]
    if any(schema is True for schema in schemas):
        return Complement(True, exact)
    branches = _absorb_required(
        [branch for schema in schemas for branch in branches_of(schema) if branch is not False]
    )
    if any(branch is True for branch in branches):
        return Complement(True, exact)
    whole_types = {name for branch in branches if set(branch) == {"type"} for name in _types(branch)}
    if whole_types.issuperset(DISJOINT_TYPES):
        return Complement(True, exact)
    branches = [branch for branch in branches if not whole_types.issuperset(_types(branch))]
    if whole_types:
        branches.append({"type": [name for name in (*DISJOINT_TYPES, "integer") if name in whole_types]})
    if len(branches) < 2:
        return Complement(branches[0] if branches else False, exact)
    return Complement({"anyOf": branches}, exact)


def all_of(complements: Sequence[Complement]) -> Complement:
    """Return the intersection."""
    exact = all(complement.exact for complement in complements)
    schemas = [complement.schema for complement in complements if complement.schema is not True]
    if any(schema is False for schema in schemas):
        return Complement(False, exact)
    if len(schemas) < 2:
        return Complement(schemas[0] if schemas else True, exact)
    return Complement({"allOf": schemas}, exact)


def _absorb_required(branches: list[Any]) -> list[Any]:
    """Merge "the member is absent" and "it is present and of a kind" into "of that kind if present"."""
    absent_names = {name for branch in branches if (name := _absent_name(branch)) is not None}
    merged, absorbed = [], set()
    for branch in branches:
        name = _sole_member(branch)
        if name in absent_names:
            absorbed.add(name)
            merged.append({keyword: value for keyword, value in branch.items() if keyword != "required"})
        else:
            merged.append(branch)
    return [branch for branch in merged if _absent_name(branch) not in absorbed]


def _absent_name(branch: Any) -> str | None:
    """Return the name of the only member that a branch forbids, if it constrains nothing else."""
    name = next(iter(branch.get("properties", ())), None) if isinstance(branch, dict) else None
    return name if name is not None and branch == absent(name) else None


def _sole_member(branch: Any) -> str | None:
    """Return the name of the only member that a branch requires, if it constrains no others."""
    if not isinstance(branch, dict) or not set(branch) <= {"type", "required", "properties"}:
        return None
    names = {*branch["required"]} if isinstance(branch.get("required"), list) else set()
    is_sole = len(names) == 1 and names.issuperset(branch.get("properties", ()))
    return names.pop() if branch.get("type") == "object" and is_sole else None


def _types(schema: dict[str, Any]) -> list[str]:
    """Return the types that the schema names, all if it names none."""
    named = schema.get("type", list(DISJOINT_TYPES))
    return [named] if isinstance(named, str) else named
