"""Where schemas stand inside schemas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
IN_PLACE = ("not", "if", "then", "else")
_SINGLE = (
    *IN_PLACE, "additionalProperties", "items", "contains", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties", "additionalItems", "contentSchema",
)  # fmt: skip
_LISTS = (*IN_PLACE_LISTS, "prefixItems", "items")
MAPS = (
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "dependencies",
)
"""Keywords that hold schemas by name."""
ANNOTATIONS = frozenset({
    "$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "$comment",
    "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly",
    "writeOnly", "contentMediaType", "contentEncoding", "contentSchema",
})  # fmt: skip
"""Keywords that refuse no value."""


def escape(token: str) -> str:
    """A reference token of RFC 6901."""
    return token.replace("~", "~0").replace("/", "~1")


def pointer(path: Any) -> str:
    """The RFC 6901 pointer of a path of names and indices."""
    return "".join(f"/{escape(str(step))}" for step in path)


def children(schema: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The subschemas directly inside a schema, each with its path from there."""
    if not isinstance(schema, dict):
        return
    for keyword in _SINGLE:
        if isinstance(schema.get(keyword), dict | bool):
            yield (keyword,), schema[keyword]
    for keyword in _LISTS:
        if isinstance(schema.get(keyword), list):
            for index, part in enumerate(schema[keyword]):
                yield (keyword, str(index)), part
    for keyword in MAPS:
        if isinstance(schema.get(keyword), dict):
            for name, part in schema[keyword].items():
                if isinstance(part, dict | bool):
                    yield (keyword, name), part


def subschemas(schema: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """The schema and all inside it, each with its pointer. References are not followed."""
    stack = [(at, schema)]
    while stack:
        place, found = stack.pop()
        yield place, found
        inside = [(place + pointer(path), part) for path, part in children(found)]
        stack += reversed(inside)


def everywhere(value: Any) -> Iterator[tuple[str, Any]]:
    """All values inside of a JSON value, itself included, each with its pointer."""
    stack = [("", value)]
    while stack:
        at, found = stack.pop()
        yield at, found
        if isinstance(found, dict):
            stack += [(at + pointer([name]), part) for name, part in found.items()]
        elif isinstance(found, list):
            stack += [(at + pointer([index]), part) for index, part in enumerate(found)]


def pointers_of(value: Any, parts: Sequence[Any]) -> tuple[str, ...]:
    """Return the pointers at which parts of a JSON value stand in it, by their identity."""
    wanted = {id(part) for part in parts}
    return tuple(at for at, inner in everywhere(value) if id(inner) in wanted) if wanted else ()


def value_at(value: Any, at: str) -> Any:
    """Return what stands at a pointer that leads somewhere."""
    for token in at.split("/")[1:]:
        step = token.replace("~1", "/").replace("~0", "~")
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
