"""What makes a part of a schema impossible to satisfy, or answers slow: told, not refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from structgen.schema.patterns import PatternError, matches
from structgen.schema.walk import pointer, subschemas
from structgen.types import Violation

_MANY = 1_000
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")


def warnings(definition: Any, formats: frozenset[str]) -> list[Violation]:
    """Each with the pointer and the keyword that it is about. `formats`: those that are checked."""
    found: list[Violation] = []
    for at, schema in subschemas(definition):
        if isinstance(schema, dict):
            told = [*_of(schema), *_unread(schema, formats)]
            found += [Violation(at + pointer(path), str(path[0]), text) for path, text in told]
    return found


def _unread(schema: dict[str, Any], formats: frozenset[str]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What says nothing to a validator: it may be a slip of the pen."""
    named = schema.get("format")
    if isinstance(named, str) and named not in formats:
        yield ("format",), f"{named!r} is no format that is checked here: any string has it"
    for keyword in schema:
        if keyword not in _KEYWORDS and not keyword.startswith("x-"):
            yield (
                (keyword,),
                f"{keyword[:80]!r} is no keyword of JSON Schema: nothing comes of it{_hint(keyword)}",
            )


@lru_cache(maxsize=1024)
def _hint(keyword: str) -> str:
    near = get_close_matches(keyword, _KEYWORDS, 1, 0.75)
    return f": did you mean {near[0]!r}?" if near else ""


_KEYWORDS = frozenset(
    """$schema $id id $ref $anchor $defs definitions $comment $vocabulary $dynamicRef $dynamicAnchor
    $recursiveRef $recursiveAnchor allOf anyOf oneOf not if then else dependentSchemas dependencies
    prefixItems items additionalItems contains properties patternProperties additionalProperties
    propertyNames unevaluatedItems unevaluatedProperties type enum const multipleOf maximum
    exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems
    uniqueItems maxContains minContains maxProperties minProperties required dependentRequired title
    description default deprecated readOnly writeOnly examples example format contentEncoding
    contentMediaType contentSchema""".split()
)


def _of(schema: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield from impossible(schema)
    for keyword in ("minItems", "minLength", "minProperties"):
        if isinstance(least := schema.get(keyword), int | float) and least > _MANY:
            yield (
                (keyword,),
                f"every answer has at least {int(least)}: it takes as many decode steps, or more",
            )
    if isinstance(most := schema.get("maxItems"), int | float) and most > _MANY:
        yield (("maxItems",), f"a model may go on for {int(most)} items: bound what an answer needs")
    if isinstance(enum := schema.get("enum"), list) and len(enum) > _MANY:
        yield ("enum",), f"{len(enum)} values: the grammar is large and slow to build"
    pattern = schema.get("pattern")
    counts = (
        [int(most or least) for least, most in _COUNT.findall(pattern)] if isinstance(pattern, str) else []
    )
    if max(counts, default=0) > _MANY:
        yield ("pattern",), f"counts to {max(counts)}: the grammar is large and slow"


def impossible(schema: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What no object, or no value, can satisfy: where, and why."""
    required = schema["required"] if isinstance(schema.get("required"), list) else []
    properties = schema.get("properties", {})
    for index, name in enumerate(required):
        closed = schema.get("additionalProperties") is False and name not in properties
        if closed and not any(_hits(pattern, name) for pattern in schema.get("patternProperties", {})):
            yield ("required", index), f"{name!r} is required, and additionalProperties: false forbids it"
        elif properties.get(name) is False:
            yield ("required", index), f"{name!r} is required, and its schema is false"
    if (
        "enum" in schema
        and "type" in schema
        and not any(_is(value, schema["type"]) for value in schema["enum"])
    ):
        yield ("enum",), f"none of the values is of type {schema['type']!r}"
    if "const" in schema and "type" in schema and not _is(schema["const"], schema["type"]):
        yield ("const",), f"the value is not of type {schema['type']!r}"


def _hits(pattern: str, name: str) -> bool:
    try:
        return matches(pattern, name)
    except PatternError:
        return True


def _is(value: Any, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    return any(
        isinstance(value, _TYPES[n]) and not (isinstance(value, bool) and n in _NUMBERS) for n in names
    )


_NUMBERS = ("integer", "number")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "null": type(None), "boolean": bool, "object": dict, "array": list, "number": (int, float),
    "integer": (int, float), "string": str,
}  # fmt: skip
