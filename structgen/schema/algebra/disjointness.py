"""Whether two schemas can be seen to have no value in common: by type, constants, or what must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structgen.schema.algebra.negation import TYPES, Resolve

_DEEPEST = 4
_MOST_COMPARED = 100_000
"""Pairs of objects and lists among constants."""


def disjoint(one: Any, other: Any, resolve: Resolve, types: frozenset[str], depth: int = 0) -> bool:
    """`types` are those that the values may have at all. False where it does not show."""
    if one is False or other is False:
        return True
    ones, others = list(_always(one, resolve, 0)), list(_always(other, resolve, 0))
    common = types & _types(ones) & _types(others)
    if not common:
        return True
    values, further = _values(ones), _values(others)
    if values is not None and further is not None and _apart(values, further):
        return True
    return common == {"object"} and depth < _DEEPEST and _objects_apart(ones, others, resolve, depth)


def all_types() -> frozenset[str]:
    """As `type` names them, integers being numbers."""
    return frozenset(TYPES)


def types_of(schema: Any) -> frozenset[str]:
    """The types that the schema itself lets be."""
    return _types([schema]) if isinstance(schema, dict) else all_types()


def _always(schema: Any, resolve: Resolve, depth: int) -> Iterator[dict[str, Any]]:
    """The schema and all that holds whenever it does."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    yield schema
    if isinstance(reference := schema.get("$ref"), str) and "$id" not in schema:
        yield from _always(resolve(reference), resolve, depth + 1)
    for part in schema.get("allOf", ()):
        yield from _always(part, resolve, depth + 1)


def _types(schemas: list[dict[str, Any]]) -> frozenset[str]:
    found = all_types()
    for schema in schemas:
        if "type" in schema:
            names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            found &= {"number" if name == "integer" else name for name in names}
    return found


def _values(schemas: list[dict[str, Any]]) -> list[Any] | None:
    for schema in schemas:
        if "const" in schema:
            return [schema["const"]]
        if "enum" in schema:
            values: list[Any] = schema["enum"]
            return values
    return None


def _apart(values: list[Any], further: list[Any]) -> bool:
    """No value in common, by equality of JSON, but for nested booleans and numbers, which count as equal."""
    plain = [[v for v in side if not isinstance(v, dict | list)] for side in (values, further)]
    keys = [{(isinstance(v, bool), v) for v in side} for side in plain]
    nested = [[v for v in side if isinstance(v, dict | list)] for side in (values, further)]
    if len(nested[0]) * len(nested[1]) > _MOST_COMPARED:
        return False
    return keys[0].isdisjoint(keys[1]) and not any(v in nested[1] for v in nested[0])


def _objects_apart(ones: list[Any], others: list[Any], resolve: Resolve, depth: int) -> bool:
    if _lacks(others, _required(ones)) or _lacks(ones, _required(others)):
        return True
    for name in _required(ones) & _required(others):
        pairs = [(a, b) for a in _members(ones, name) for b in _members(others, name)]
        if any(disjoint(a, b, resolve, all_types(), depth + 1) for a, b in pairs):
            return True
    return False


def _required(schemas: list[Any]) -> set[str]:
    return {
        name for schema in schemas if isinstance(schema.get("required"), list) for name in schema["required"]
    }


def _members(schemas: list[Any], name: str) -> list[Any]:
    return [schema["properties"][name] for schema in schemas if name in schema.get("properties", ())]


def _lacks(schemas: list[Any], names: set[str]) -> bool:
    """Whether an object of these schemas can never have one of the names."""
    for schema in schemas:
        properties = schema.get("properties", {})
        closed = schema.get("additionalProperties") is False and not schema.get("patternProperties")
        if any(properties.get(name) is False or (closed and name not in properties) for name in names):
            return True
    return False
