"""Decide whether two schemas evidently accept no value in common: by types, constants, or members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from structgen.schema.algebra.complement import DISJOINT_TYPES
from structgen.schema.traversal import Resolve, conjuncts, constants, root_target, type_names

_MAX_DEPTH = 4
_MAX_PAIRS = 100_000
"""Pairs of objects and lists among constants that are compared."""
ALL_TYPES = frozenset(DISJOINT_TYPES)
"""As `type` names them, integers being numbers."""


def disjoint(one: Any, other: Any, resolve: Resolve, types: frozenset[str], depth: int = 0) -> bool:
    """Whether no value of the types satisfies both schemas. False where it is not evident."""
    if one is False or other is False:
        return True
    target = root_target(resolve)
    ones, others = list(conjuncts([one], target, _MAX_DEPTH)), list(conjuncts([other], target, _MAX_DEPTH))
    common = types & _types(ones) & _types(others)
    if not common:
        return True
    values, other_values = _constants(ones), _constants(others)
    if values is not None and other_values is not None and _no_common_value(values, other_values):
        return True
    return common == {"object"} and depth < _MAX_DEPTH and _disjoint_objects(ones, others, resolve, depth)


def types_of(schema: Any) -> frozenset[str]:
    """Return the types that the schema itself accepts, without its branches and targets."""
    return _types([schema]) if isinstance(schema, dict) else ALL_TYPES


def _types(schemas: Iterable[dict[str, Any]]) -> frozenset[str]:
    types = ALL_TYPES
    for schema in schemas:
        if (names := type_names(schema)) is not None:
            types &= {"number" if name == "integer" else name for name in names}
    return types


def _constants(schemas: Iterable[dict[str, Any]]) -> list[Any] | None:
    return next((values for schema in schemas if (values := constants(schema)) is not None), None)


def _no_common_value(values: list[Any], others: list[Any]) -> bool:
    """Whether the lists have no value in common by JSON equality.

    Inside objects and lists, booleans equal the numbers 0 and 1.
    """
    scalars = [{(isinstance(v, bool), v) for v in side if not _is_container(v)} for side in (values, others)]
    containers = [[v for v in side if _is_container(v)] for side in (values, others)]
    if len(containers[0]) * len(containers[1]) > _MAX_PAIRS:
        return False
    return scalars[0].isdisjoint(scalars[1]) and not any(v in containers[1] for v in containers[0])


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list)


def _disjoint_objects(ones: list[Any], others: list[Any], resolve: Resolve, depth: int) -> bool:
    """Whether a required member is excluded by the other side, or has disjoint schemas on both."""
    if _excludes(others, _required(ones)) or _excludes(ones, _required(others)):
        return True
    for name in _required(ones) & _required(others):
        pairs = [(a, b) for a in _members(ones, name) for b in _members(others, name)]
        if any(disjoint(a, b, resolve, ALL_TYPES, depth + 1) for a, b in pairs):
            return True
    return False


def _required(schemas: list[Any]) -> set[str]:
    return {
        name for schema in schemas if isinstance(schema.get("required"), list) for name in schema["required"]
    }


def _members(schemas: list[Any], name: str) -> list[Any]:
    return [schema["properties"][name] for schema in schemas if name in schema.get("properties", ())]


def _excludes(schemas: list[Any], names: set[str]) -> bool:
    """Whether an object of these schemas can never have one of the names."""
    for schema in schemas:
        properties = schema.get("properties", {})
        closed = schema.get("additionalProperties") is False and not schema.get("patternProperties")
        if any(properties.get(name) is False or (closed and name not in properties) for name in names):
            return True
    return False
