"""Walk schemas and JSON values: subschemas with their pointers, and the schemas that apply to one instance.

The functions that take `schemas` do not check the values of keywords: the schemas must be well-formed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from jsonpointer import escape as escape
from jsonpointer import resolve_pointer
from jsonpointer import unescape as unescape

from structgen.schema.keywords import ALTERNATIVES, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_VALUED
from structgen.schema.regex import matches_safely

Resolve = Callable[[str], Any]
"""Returns the schema that a reference names, or None for one that must not be followed."""
JsonPath = tuple[str | int, ...]
"""Names and indices from a JSON value to one inside it."""
Target = Callable[[dict[str, Any]], Any]
"""Returns the schema that the `$ref` of a schema leads to; None for a schema without one."""


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON Pointer of a path of names and indices."""
    return "".join(f"/{escape(str(step))}" for step in path)


def value_at(value: Any, path: Iterable[str | int]) -> Any:
    """Return the value at a path; None where there is none."""
    for step in path:
        is_there = (
            step in value
            if isinstance(value, dict)
            else isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        if not is_there:
            return None
        value = value[step]
    return value


def scalars(value: Any, path: JsonPath = ()) -> Iterator[tuple[JsonPath, Any]]:
    """Yield the values that are no object and no list, in order, each with its path below `path`."""
    stack = [(path, value)]
    while stack:
        path, current = stack.pop()
        if isinstance(current, dict):
            stack += [((*path, name), member) for name, member in reversed(current.items())]
        elif isinstance(current, list):
            stack += [((*path, i), current[i]) for i in range(len(current) - 1, -1, -1)]
        else:
            yield path, current


def children(schema: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the subschemas directly inside a schema, each with its path from there.

    Values of the wrong shape are skipped: the schema may be one that no meta-schema has accepted yet.
    """
    if not isinstance(schema, dict):
        return
    for keyword in SCHEMA_VALUED:
        if isinstance(schema.get(keyword), dict | bool):
            yield (keyword,), schema[keyword]
    for keyword in SCHEMA_LISTS:
        if isinstance(schema.get(keyword), list):
            for index, subschema in enumerate(schema[keyword]):
                yield (keyword, str(index)), subschema
    for keyword in SCHEMA_MAPS:
        if isinstance(schema.get(keyword), dict):
            for name, subschema in schema[keyword].items():
                if isinstance(subschema, dict | bool):
                    yield (keyword, name), subschema


def subschemas(schema: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the schema and all inside it, each with its pointer. References are not followed."""
    stack = [(at, schema)]
    while stack:
        at, current = stack.pop()
        yield at, current
        stack += reversed([(at + pointer(path), subschema) for path, subschema in children(current)])


def reachable_subschemas(definition: Any, detached: Sequence[str]) -> list[tuple[str, Any]]:
    """Return all subschemas and those inside the schemas at `detached` pointers, each once."""
    by_identity = {id(schema): (at, schema) for at, schema in subschemas(definition)}
    for pointer_to_root in detached:
        for at, schema in subschemas(resolve_pointer(definition, pointer_to_root), pointer_to_root):
            by_identity.setdefault(id(schema), (at, schema))
    return list(by_identity.values())


def everywhere(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield all values inside a JSON value, itself included, each with its pointer."""
    stack = [("", value)]
    while stack:
        at, current = stack.pop()
        yield at, current
        if isinstance(current, dict):
            stack += [(at + pointer([name]), member) for name, member in current.items()]
        elif isinstance(current, list):
            stack += [(at + pointer([index]), item) for index, item in enumerate(current)]


def pointers_of(value: Any, inner: Sequence[Any]) -> tuple[str, ...]:
    """Return the pointers to the very objects of `inner` inside a JSON value."""
    identities = {id(one) for one in inner}
    return tuple(at for at, one in everywhere(value) if id(one) in identities) if identities else ()


def root_target(resolve: Resolve) -> Target:
    """Follow `$ref` from the root of the document.

    A schema with an `$id` is not followed: its references lead from there.
    """

    def target(schema: dict[str, Any]) -> Any:
        reference = schema.get("$ref")
        return resolve(reference) if isinstance(reference, str) and "$id" not in schema else None

    return target


def conjuncts(schemas: Iterable[Any], target: Target, max_depth: int) -> Iterator[dict[str, Any]]:
    """Yield the schemas and all that always apply with them: targets of `$ref` and branches of `allOf`.

    Each schema comes once, before its target, the target before the branches. Levels beyond `max_depth` are
    left out, since references may lead in a circle.
    """
    return _conjuncts(schemas, target, max_depth, {})


def _conjuncts(
    schemas: Iterable[Any], target: Target, depth: int, read: dict[int, tuple[Any, int]]
) -> Iterator[dict[str, Any]]:
    """Yield what is not in `read`: schemas by their identity, each with the most levels it was read with."""
    for schema in schemas if depth >= 0 else ():
        if not isinstance(schema, dict):
            continue
        known = read.get(id(schema))
        if known is None:
            yield schema
        elif known[1] >= depth:  # many references may lead to one schema
            continue
        read[id(schema)] = schema, depth
        yield from _conjuncts([target(schema), *schema.get("allOf", ())], target, depth - 1, read)


def alternatives(schema: dict[str, Any]) -> Iterator[list[Any]]:
    """Yield the branches of `anyOf`, then those of `oneOf`."""
    for keyword in ALTERNATIVES:
        if keyword in schema:
            yield schema[keyword]


def applying(unread: Iterable[Any], target: Target, max_depth: int) -> list[dict[str, Any]]:
    """Return the schemas that may describe a value: all that must hold, and all branches of alternatives."""
    schemas = list(conjuncts(unread, target, max_depth))
    for schema in list(schemas):
        for branches in alternatives(schema):
            schemas += conjuncts(branches, target, max_depth)
    return schemas


def member_schemas(schemas: Iterable[dict[str, Any]], name: str) -> list[Any]:
    """Return the schemas that apply to a member of an object under all of `schemas`.

    A schema that does not constrain the member contributes True.
    """
    applying: list[Any] = []
    for schema in schemas:
        named = [schema["properties"][name]] if name in schema.get("properties", ()) else []
        patterns = schema.get("patternProperties", {})
        named += [subschema for pattern, subschema in patterns.items() if matches_safely(pattern, name)]
        applying += named or [schema.get("additionalProperties", True)]
    return applying


def tuple_schemas(schema: dict[str, Any]) -> list[Any]:
    """Return the schemas of the first items: of `prefixItems`, or of `items` with a list."""
    items = schema.get("items")
    first: list[Any] = items if isinstance(items, list) else schema.get("prefixItems", [])
    return first


def item_schemas(schemas: Iterable[dict[str, Any]], index: int) -> list[Any]:
    """Return the schemas that apply to an item of a list under all of `schemas`.

    A schema that does not constrain the item contributes True.
    """
    applying: list[Any] = []
    for schema in schemas:
        first = tuple_schemas(schema)
        rest = "additionalItems" if isinstance(schema.get("items"), list) else "items"
        applying.append(first[index] if index < len(first) else schema.get(rest, True))
    return applying


def type_names(schema: dict[str, Any]) -> list[str] | None:
    """Return the names in `type` as a list; None without that keyword."""
    names = schema.get("type")
    return [names] if isinstance(names, str) else names


def constants(schema: dict[str, Any]) -> list[Any] | None:
    """Return the values that `const`, or else `enum`, lists; None where the schema lists none."""
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values


def json_type(value: Any) -> str:
    """Return the type of a JSON value as `type` names it, `number` also for integers."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    names = {int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def narrowest_type(value: Any) -> str:
    """Return the type of a JSON value, `integer` for an int. Floats are numbers, even whole ones."""
    return "integer" if isinstance(value, int) and not isinstance(value, bool) else json_type(value)


def json_types(value: Any) -> frozenset[str]:
    """Return all names in `type` that accept a JSON value: `number` and `integer` for 1.0."""
    name = json_type(value)
    if name == "number" and (isinstance(value, int) or value.is_integer()):
        return frozenset({"integer", "number"})
    return frozenset({name})
