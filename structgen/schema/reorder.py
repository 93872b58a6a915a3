"""Order the members of one value as the schemas that apply to it declare them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from structgen import json_text
from structgen.schema.keywords import ALTERNATIVES
from structgen.schema.name_lists import names_of
from structgen.schema.traversal import (
    Resolve,
    Target,
    alternatives,
    conjuncts,
    constants,
    item_schemas,
    json_types,
    member_schemas,
    type_names,
)

MAX_SCHEMAS = 64
"""Schemas per value, and levels of references: these may lead in a circle."""
_MAX_DEPTH = 8


def reordered(schemas: list[Any], value: Any, resolve: Resolve) -> Any:
    """Return the value with declared members first, then those only required, then others in their own order.

    `value` is valid under all `schemas`. A constant object or list is written as the schema writes it.
    """
    if not isinstance(value, dict | list):
        return value
    applicable = _applicable_schemas(schemas, value, resolve)
    for schema in applicable:
        for constant in constants(schema) or ():
            if constant == value and _sorted_text(constant) == _sorted_text(value):
                return constant
    if isinstance(value, list):
        return [reordered(item_schemas(applicable, i), item, resolve) for i, item in enumerate(value)]
    possible = itertools.islice(possible_schemas(schemas, resolve), 4 * MAX_SCHEMAS)
    declared = declared_names([*applicable, *possible])
    declared |= dict.fromkeys(name for schema in applicable for name in _required_names(schema, value))
    names = [*(name for name in declared if name in value), *(name for name in value if name not in declared)]
    return {name: reordered(member_schemas(applicable, name), value[name], resolve) for name in names}


def declared_names(schemas: Iterable[dict[str, Any]]) -> dict[str, None]:
    """Return the names that `properties` has or a pattern lists, each once, in the order of declaration.

    A grammar writes the names that a pattern such as `^(a|b)$` lists after those of `properties`.
    """
    names: dict[str, None] = {}
    for schema in schemas:
        names |= dict.fromkeys(schema.get("properties", ()))
        for pattern in schema.get("patternProperties", ()):
            names |= dict.fromkeys(names_of(pattern))
    return names


def schemas_at(definition: Any, value: Any, path: Iterable[str | int], resolve: Resolve) -> list[Any]:
    """Return the schemas that apply at a path of the value; of alternatives, those of the first that fits."""
    schemas: list[Any] = [definition]
    for step in path:
        applicable = _applicable_schemas(schemas, value, resolve)
        if isinstance(step, int):
            schemas = item_schemas(applicable, step)
        else:
            schemas = member_schemas(applicable, step)
        value = value[step]
    return schemas


def _applicable_schemas(schemas: list[Any], value: Any, resolve: Resolve) -> list[dict[str, Any]]:
    return [*itertools.islice(_applicable(schemas, value, _target(resolve)), MAX_SCHEMAS)]


def _applicable(
    schemas: Iterable[Any], value: Any, target: Target, depth: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield the schemas, their targets, and their branches that apply to the value."""
    for schema in schemas:
        if not isinstance(schema, dict) or depth > MAX_SCHEMAS:
            continue
        yield from _applicable([target(schema)], value, target, depth + 1)
        yield schema
        yield from _applicable(schema.get("allOf", ()), value, target, depth + 1)
        for branches in alternatives(schema):
            fitting = (branch for branch in branches if _fits(branch, value, target))
            yield from _applicable(list(itertools.islice(fitting, 1)), value, target, depth + 1)


def possible_schemas(schemas: Iterable[Any], resolve: Resolve, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the schemas and all that apply to the same value under some condition, met or not."""
    for schema in schemas:
        if not isinstance(schema, dict) or depth > _MAX_DEPTH:
            continue
        yield from possible_schemas([_target(resolve)(schema)], resolve, depth + 1)
        yield schema
        for keyword in ("allOf", *ALTERNATIVES):
            yield from possible_schemas(schema.get(keyword, ()), resolve, depth + 1)
        for keyword in ("not", "if", "then", "else"):
            yield from possible_schemas([schema.get(keyword)], resolve, depth + 1)
        for keyword in ("dependentSchemas", "dependencies"):
            yield from possible_schemas(schema.get(keyword, {}).values(), resolve, depth + 1)


def _target(resolve: Resolve) -> Target:
    """Follow `$ref` in schemas whose references all resolve from the root."""

    def target(schema: dict[str, Any]) -> Any:
        reference = schema.get("$ref")
        return resolve(reference) if isinstance(reference, str) else None

    return target


def _required_names(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
    """Yield the names that the value must have, also because of names that it has."""
    if isinstance(required := schema.get("required"), list):
        yield from required
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        for name, dependents in schema.get(keyword, {}).items():
            if name in value and dependents not in ([], True):  # a grammar has no part for these
                yield from (name, *(dependents if isinstance(dependents, list) else ()))


def _fits(branch: Any, value: Any, target: Target, depth: int = 0) -> bool:
    """Return whether the names and constants of a branch fit the value, without a full validation."""
    value_type = "object" if isinstance(value, dict) else "array"
    for schema in itertools.islice(conjuncts([branch], target, MAX_SCHEMAS), MAX_SCHEMAS):
        if value_type not in schema.get("type", value_type):
            return False
        if isinstance(value, dict) and not _names_fit(schema, value):
            return False
        for branches in alternatives(schema) if depth < _MAX_DEPTH else ():
            if not any(_fits(inner, value, target, depth + 1) for inner in branches):
                return False
    return branch is not False


def _names_fit(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
    return (
        all(name in value for name in schema.get("required", ()))
        and not (closed and any(name not in properties for name in value))
        and all(_allows(inner, value[name]) for name, inner in properties.items() if name in value)
    )


def _allows(schema: Any, value: Any) -> bool:
    if not isinstance(schema, dict):
        return schema is True
    names = type_names(schema)
    if names is not None and json_types(value).isdisjoint(names):
        return False
    return value in schema.get("enum", [value]) and value == schema.get("const", value)


def _sorted_text(value: Any) -> str:
    """Return a text that is equal for values equal up to the order of members: 1, 1.0 and true differ."""
    return json_text.dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
