"""Values with their members in the order in which the schema declares them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from structgen import json_text
from structgen.schema.algebra.negation import Resolve
from structgen.schema.regex import hits

_MOST = 64
"""Schemas looked at for one value: references and alternatives could go on without end."""

_DEEPEST = 8


def arranged(wanted: list[Any], value: Any, resolve: Resolve) -> Any:
    """The value under those schemas: declared members first, then those only required, the others after in
    their own order."""
    if not isinstance(value, dict | list):
        return value
    found = [*itertools.islice(_in_place(resolve, wanted, value), _MOST)]
    for schema in found:  # a constant is written as the schema writes it
        for constant in [schema["const"]] if "const" in schema else schema.get("enum", ()):
            if constant == value and json_text.dumps(_plain(constant)) == json_text.dumps(_plain(value)):
                return constant
    if isinstance(value, list):
        return [arranged(item_schemas(found, index), item, resolve) for index, item in enumerate(value)]
    everywhere = itertools.islice(everywhere_in(resolve, wanted), 4 * _MOST)
    declared = dict.fromkeys(name for schema in found for name in schema.get("properties", ()))
    declared |= dict.fromkeys(name for schema in everywhere for name in schema.get("properties", ()))
    declared |= dict.fromkeys(name for schema in found for name in _required(schema, value))
    names = [*(name for name in declared if name in value), *(name for name in value if name not in declared)]
    return {name: arranged(member_schemas(found, name), value[name], resolve) for name in names}


def schemas_at(definition: Any, value: Any, path: Iterable[str | int], resolve: Resolve) -> list[Any]:
    """The schemas for the part of the value at the path; of alternatives, those of the first that fits."""
    wanted: list[Any] = [definition]
    for step in path:
        found = [*itertools.islice(_in_place(resolve, wanted, value), _MOST)]
        wanted = item_schemas(found, step) if isinstance(step, int) else member_schemas(found, step)
        value = value[step]
    return [schema for schema in wanted if schema is not None]


def _in_place(
    resolve: Resolve, schemas: Iterable[Any], value: Any, depth: int = 0
) -> Iterator[dict[str, Any]]:
    """The schemas, what they refer to, and their parts for the same value.

    Bounded: read from the root, a reference of an embedded resource may lead in a circle.
    """
    for schema in schemas:
        if not isinstance(schema, dict) or depth > _MOST:
            continue
        yield from _in_place(resolve, _target(resolve, schema), value, depth + 1)
        yield schema
        yield from _in_place(resolve, schema.get("allOf", ()), value, depth + 1)
        for keyword in ("anyOf", "oneOf"):
            fitting = (part for part in schema.get(keyword, ()) if _fits(resolve, part, value))
            yield from _in_place(resolve, list(itertools.islice(fitting, 1)), value, depth + 1)


def _plain(value: Any) -> Any:
    """Keys sorted: equal texts are equal values, booleans and numbers kept apart."""
    if isinstance(value, dict):
        return {name: _plain(value[name]) for name in sorted(value)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def everywhere_in(resolve: Resolve, schemas: Iterable[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """The schemas and all that may apply to the same value, whether it does or not."""
    for schema in schemas:
        if not isinstance(schema, dict) or depth > _DEEPEST:
            continue
        yield from everywhere_in(resolve, _target(resolve, schema), depth + 1)
        yield schema
        for keyword in ("allOf", "anyOf", "oneOf"):
            yield from everywhere_in(resolve, schema.get(keyword, ()), depth + 1)
        for keyword in ("not", "if", "then", "else"):
            yield from everywhere_in(resolve, [schema.get(keyword)], depth + 1)
        for keyword in ("dependentSchemas", "dependencies"):
            yield from everywhere_in(resolve, schema.get(keyword, {}).values(), depth + 1)


def _required(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
    """What must be there, also for the sake of what is there."""
    if isinstance(required := schema.get("required"), list):
        yield from required
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        for name, others in schema.get(keyword, {}).items():
            if name in value:
                yield from (name, *(others if isinstance(others, list) else ()))


def _fits(resolve: Resolve, schema: Any, value: Any, depth: int = 0) -> bool:
    """Whether an alternative is the one meant, by its names and constants; no validation."""
    for part in itertools.islice(_always(resolve, schema), _MOST):
        kind = "object" if isinstance(value, dict) else "array"
        if kind not in part.get("type", kind):
            return False
        if isinstance(value, dict) and not _names_fit(part, value):
            return False
        choices = (part[keyword] for keyword in ("anyOf", "oneOf") if keyword in part and depth < _DEEPEST)
        if any(not any(_fits(resolve, way, value, depth + 1) for way in ways) for ways in choices):
            return False
    return schema is not False


def _always(resolve: Resolve, schema: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The schema and what it always means too."""
    if isinstance(schema, dict) and depth <= _MOST:
        yield schema
        for part in [*_target(resolve, schema), *schema.get("allOf", ())]:
            yield from _always(resolve, part, depth + 1)


def _names_fit(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
    return (
        all(name in value for name in schema.get("required", ()))
        and not (closed and any(name not in properties for name in value))
        and all(_allows(part, value[name]) for name, part in properties.items() if name in value)
    )


def _allows(schema: Any, value: Any) -> bool:
    if not isinstance(schema, dict):
        return schema is True
    named = schema.get("type", _kinds(value))
    if _kinds(value).isdisjoint([named] if isinstance(named, str) else named):
        return False
    return value in schema.get("enum", [value]) and value == schema.get("const", value)


def _kinds(value: Any) -> frozenset[str]:
    """The types that the value is of."""
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return frozenset({"integer", "number"})
    names = {float: "number", str: "string", list: "array", dict: "object"}
    return frozenset({names.get(type(value), "null")})


def _target(resolve: Resolve, schema: dict[str, Any]) -> list[Any]:
    reference = schema.get("$ref")
    return [resolve(reference)] if isinstance(reference, str) else []


def item_schemas(schemas: list[Any], index: int) -> list[Any]:
    """The schemas that apply to an item of a list under all of these."""
    found = []
    for schema in schemas:
        items = schema.get("items")
        is_tuple = isinstance(items, list)
        first = items if is_tuple else schema.get("prefixItems", [])
        rest = schema.get("additionalItems") if is_tuple else items
        found.append(first[index] if index < len(first) else rest)
    return found


def member_schemas(schemas: list[Any], name: str) -> list[Any]:
    """The schemas that apply to a member of an object under all of these."""
    found = []
    for schema in schemas:
        named = [schema["properties"][name]] if name in schema.get("properties", ()) else []
        named += [
            part for pattern, part in schema.get("patternProperties", {}).items() if hits(pattern, name)
        ]
        found += named or [schema.get("additionalProperties")]
    return found
