"""Find schemas that no value satisfies, where single keywords show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from structgen.errors import InvalidSchema
from structgen.schema import openapi
from structgen.schema.dialects import Dialect
from structgen.schema.keywords import RANGES
from structgen.schema.regex import PatternError, compiled, matches
from structgen.schema.traversal import JsonPath, json_type, pointer, subschemas
from structgen.types import Violation


def check(definition: Any) -> None:
    """Raise `InvalidSchema` for empty enums, crossed bounds and invalid regular expressions anywhere."""
    violations: list[Violation] = []
    for at, schema in subschemas(definition):
        if isinstance(schema, dict):
            violations += _violations(at, schema)
    if violations:
        raise InvalidSchema(f"{violations[0].pointer}: {violations[0].message}", violations)


def check_root(definition: Any, dialect: Dialect) -> None:
    """Raise `InvalidSchema` for contradictions at the root.

    Elsewhere they are allowed: a member with an unsatisfiable schema may be left out.
    """
    if not isinstance(definition, dict) or ("$ref" in definition and not dialect.ref_siblings):
        return
    if dialect.name == "draft4":  # which has no `const`
        definition = {name: value for name, value in definition.items() if name != "const"}
    violations = [
        Violation(pointer(path), str(path[0]), message)
        for path, message in contradictions(definition)
        if path[0] != "required" or definition.get("type") == "object"
    ]
    if violations:
        raise InvalidSchema(f"{violations[0].pointer}: {violations[0].message}", violations)


def contradictions(schema: dict[str, Any]) -> Iterator[tuple[JsonPath, str]]:
    """Yield the paths of keywords that no object, or no value, can satisfy, each with the reason."""
    required = schema["required"] if isinstance(schema.get("required"), list) else []
    properties = schema.get("properties", {})
    for index, name in enumerate(required):
        closed = schema.get("additionalProperties") is False and name not in properties
        patterns = schema.get("patternProperties", {})
        if closed and not any(_may_match(pattern, name) for pattern in patterns):
            yield ("required", index), f"{name!r} is required, and additionalProperties: false forbids it"
        elif properties.get(name) is False:
            yield ("required", index), f"{name!r} is required, and its schema is false"
    types = openapi.types(schema)
    if types is None:
        return
    if "enum" in schema and not any(_has_type(value, types) for value in schema["enum"]):
        yield ("enum",), f"none of the values is of type {schema['type']!r}"
    if "const" in schema and not _has_type(schema["const"], types):
        yield ("const",), f"the value is not of type {schema['type']!r}"


def _may_match(pattern: str, name: str) -> bool:
    try:
        return matches(pattern, name)
    except PatternError:
        return True


def _has_type(value: Any, types: Sequence[str]) -> bool:
    """Return whether a value has one of the types, any number being an `integer` as well."""
    name = json_type(value)
    return name in types or (name == "number" and "integer" in types)


def _violations(at: str, schema: dict[str, Any]) -> Iterator[Violation]:
    if schema.get("enum") == []:
        yield Violation(f"{at}/enum", "enum", "an empty enum allows no value")
    for low, high in RANGES:
        if low in schema and high in schema and schema[low] > schema[high]:
            yield Violation(f"{at}/{low}", low, f"{low} {schema[low]} is above {high} {schema[high]}")
    if isinstance(schema.get("pattern"), str):
        yield from _pattern_violations(f"{at}/pattern", schema["pattern"])
    patterns = schema.get("patternProperties")
    for pattern in patterns if isinstance(patterns, dict) else ():
        yield from _pattern_violations(at + pointer(["patternProperties", pattern]), pattern)


def _pattern_violations(at: str, pattern: str) -> Iterator[Violation]:
    try:
        compiled(pattern)
    except PatternError as error:
        yield Violation(at, "pattern", str(error))
