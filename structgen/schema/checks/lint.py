"""What a schema says in vain, cannot have meant, or pays for dearly: told with every result, not refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from structgen.schema import openapi
from structgen.schema.checks import ineffective_keywords
from structgen.schema.checks.type_shorthand import shown
from structgen.schema.dialects import Dialect
from structgen.schema.duplicates import duplicates
from structgen.schema.regex import PatternError, matches
from structgen.schema.traversal import pointer
from structgen.types import Diagnostic

MOST = 100
"""Warnings that are told of one schema."""
_MANY = 1_000
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
Path = tuple[str | int, ...]
Lint = tuple[Path, str, str]
"""Where in a schema, the code, the message."""


def warnings(
    schemas: Sequence[tuple[str, Any]], dialect: Dialect, formats: frozenset[str]
) -> list[Diagnostic]:
    """Return the first `MOST` warnings, each with a code and the pointer that it is about.

    `schemas` are all that stand inside, with their pointers; `formats` those that are checked.
    """
    context = ineffective_keywords.Context(dialect, formats, schemas)
    found = (
        Diagnostic(at + pointer(path), code, message)
        for at, schema in schemas
        if isinstance(schema, dict)
        for path, code, message in _of(at, schema, context)
    )
    return bounded(found)


def bounded(found: Iterator[Diagnostic], most: int = MOST) -> list[Diagnostic]:
    """Return as many as may be told, the last of them saying that there are more."""
    told = list(islice(found, most))
    if next(found, None) is not None:
        told[-1] = Diagnostic("", "more-warnings", f"there are more than the {most - 1} warnings before")
    return told


def _of(at: str, schema: dict[str, Any], context: ineffective_keywords.Context) -> Iterator[Lint]:
    for path, message in impossible(schema):
        yield path, "impossible", message
    yield from _costly(schema)
    for path, values in duplicates(schema):
        yield path, "duplicate-value", f"{shown(values)[1:-1]} stands in it more than once"
    yield from ineffective_keywords.unread(at, schema, context)
    yield from ineffective_keywords.idle(schema, context)


def _costly(schema: dict[str, Any]) -> Iterator[Lint]:
    for keyword in ("minItems", "minLength", "minProperties"):
        if isinstance(least := schema.get(keyword), int | float) and least > _MANY:
            yield (
                (keyword,),
                "costly",
                f"every answer has at least {int(least)}: it takes as many decode steps, or more",
            )
    if isinstance(most := schema.get("maxItems"), int | float) and most > _MANY:
        yield ("maxItems",), "costly", f"a model may go on for {int(most)} items: bound what an answer needs"
    if isinstance(enum := schema.get("enum"), list) and len(enum) > _MANY:
        yield ("enum",), "costly", f"{len(enum)} values: the grammar is large and slow to build"
    pattern = schema.get("pattern")
    counts = (
        [int(most or least) for least, most in _COUNT.findall(pattern)] if isinstance(pattern, str) else []
    )
    if max(counts, default=0) > _MANY:
        yield ("pattern",), "costly", f"counts to {max(counts)}: the grammar is large and slow"


def impossible(schema: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """What no object, or no value, can satisfy: where, and why."""
    required = schema["required"] if isinstance(schema.get("required"), list) else []
    properties = schema.get("properties", {})
    for index, name in enumerate(required):
        closed = schema.get("additionalProperties") is False and name not in properties
        if closed and not any(_hits(pattern, name) for pattern in schema.get("patternProperties", {})):
            yield ("required", index), f"{name!r} is required, and additionalProperties: false forbids it"
        elif properties.get(name) is False:
            yield ("required", index), f"{name!r} is required, and its schema is false"
    types = openapi.types(schema)
    if types is None:
        return
    if "enum" in schema and not any(_is(value, types) for value in schema["enum"]):
        yield ("enum",), f"none of the values is of type {schema['type']!r}"
    if "const" in schema and not _is(schema["const"], types):
        yield ("const",), f"the value is not of type {schema['type']!r}"


def _hits(pattern: str, name: str) -> bool:
    try:
        return matches(pattern, name)
    except PatternError:
        return True


def _is(value: Any, types: Sequence[str]) -> bool:
    return any(
        isinstance(value, _TYPES[name]) and not (isinstance(value, bool) and name in _NUMBERS)
        for name in types
    )


_NUMBERS = ("integer", "number")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "null": type(None), "boolean": bool, "object": dict, "array": list, "number": (int, float),
    "integer": (int, float), "string": str,
}  # fmt: skip
