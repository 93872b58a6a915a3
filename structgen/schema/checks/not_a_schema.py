"""Recognise input that is not a JSON Schema: examples, type names, wrappers, OpenAPI documents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from structgen.errors import InvalidSchema
from structgen.schema.checks.keyword_hints import nearest_keyword
from structgen.schema.checks.type_shorthand import inferred, is_typed, only_types, schema_of, shown
from structgen.schema.checks.wrapped_schema import Guess, wrapper_guess
from structgen.schema.keywords import ASSERTING, DRAFTS, KEYWORDS, SCHEMA_MAPS, TYPES
from structgen.schema.traversal import subschemas
from structgen.suggestions import most_similar
from structgen.types import Violation

_DEFINING = frozenset({"$schema", "$id", "$defs", "definitions", "$anchor", "$dynamicAnchor", "$vocabulary"})
"""Keywords that occur only in schemas, besides those that assert."""
_MAX_COMPARED = 20
"""Names that are compared with keywords, and subschemas whose names are compared."""


def check(definition: Any, draft: str) -> None:
    """Raise `InvalidSchema`, with the schema to send instead, for input that is not a schema."""
    if violations := list(_violations(definition, draft)):
        first = violations[0]
        raise InvalidSchema(f"{first.pointer or 'the schema'}: {first.message}", violations)


def _violations(definition: Any, draft: str) -> Iterator[Violation]:
    if not isinstance(definition, dict) or not definition:
        return
    guess = wrapper_guess(definition) or _without_keywords(definition, draft)
    if guess is not None:
        yield Violation("", guess.kind, guess.advice)
        return
    candidates = (
        (at, schema)
        for at, schema in subschemas(definition)
        if at and isinstance(schema, dict) and _has_no_keyword(schema) and only_types(schema)
    )
    for at, schema in islice(candidates, _MAX_COMPARED):
        if not any(nearest_keyword(name, draft) for name in islice(schema, _MAX_COMPARED)):
            advice = f"looks like a shorthand for types: write {shown(inferred(schema))}"
            yield Violation(at, "shorthand", advice)


def example_hint(definition: Any, draft: str) -> str:
    """Return a hint that an invalid schema looks like an example of a value; "" where it does not."""
    if not isinstance(definition, dict) or "$schema" in definition:
        return ""
    unknown = [name for name in definition if name not in KEYWORDS[draft]]
    if not unknown or 2 * len(unknown) < len(definition) or is_typed(definition):
        return ""
    return f"; the body looks like an example of a value: a schema for it is {shown(inferred(definition))}"


def _without_keywords(definition: dict[str, Any], draft: str) -> Guess | None:
    """Return a guess for an object none of whose members is an asserting keyword."""
    unknown = [name for name in definition if name not in KEYWORDS[draft]]
    if not unknown or any(name in _DEFINING or _is_meant(name, value) for name, value in definition.items()):
        return None
    unknown_members = {name: definition[name] for name in unknown}
    if misspelt := _misspelt(unknown_members, draft):
        if len(unknown) < len(definition):
            return None  # some keywords are known: lint warns about the others
        corrected = {misspelt.get(name, name): value for name, value in definition.items()}
        names = ", ".join(f"{name!r} should be {meant!r}" for name, meant in misspelt.items())
        return Guess(
            "misspelt", f"none of its keywords is one of JSON Schema: {names}: send {shown(corrected)}"
        )
    if all(is_typed(member) for member in unknown_members.values()):
        corrected = {"type": "object", "properties": definition, "required": list(definition)}
        return Guess("properties", f"looks like the properties of an object: send {shown(corrected)}")
    if only_types(definition):
        return Guess("shorthand", f"looks like a shorthand for types: send {shown(inferred(definition))}")
    kind = (
        "looks like an example of a value, not like a JSON Schema (none of its keywords constrains anything)"
    )
    return Guess("example", f"{kind}: send {shown(inferred(definition))}")


def _is_meant(name: str, value: Any) -> bool:
    """Return whether a name is meant as a keyword: `type` and `items` may be members of an example."""
    if name == "type":
        near = most_similar(value[:20], TYPES, 0.7) if isinstance(value, str) else value
        return bool(near) or schema_of(str(value)) is not None
    if name == "items":
        return bool(value) and all(map(_is_schema, value)) if isinstance(value, list) else _is_schema(value)
    return name in ASSERTING


def _is_schema(value: Any) -> bool:
    if not isinstance(value, dict):
        return isinstance(value, bool)
    return not value or any(_is_meant(name, inner) for name, inner in value.items())


def _has_no_keyword(schema: dict[str, Any]) -> bool:
    """Return whether a subschema has names, and none is a keyword of any draft."""
    return bool(schema) and not any(name in KEYWORDS[draft] for draft in DRAFTS for name in schema)


def _misspelt(members: dict[str, Any], draft: str) -> dict[str, str]:
    """Return the unknown names that are near a keyword whose values have the same shape."""
    near = {name: nearest_keyword(name, draft) for name in islice(members, _MAX_COMPARED)}
    return {
        name: meant for name, meant in near.items() if meant is not None and _has_shape(meant, members[name])
    }


def _has_shape(keyword: str, value: Any) -> bool:
    if keyword == "type":
        return is_typed({"type": value})
    if keyword in SCHEMA_MAPS:
        return isinstance(value, dict) and all(
            isinstance(inner, dict | bool | str) for inner in value.values()
        )
    if keyword in ("items", "additionalProperties", "not", "contains"):
        return is_typed(value)
    if keyword == "$ref":
        return isinstance(value, str) and value.startswith("#")
    if keyword == "required":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return keyword in ("anyOf", "oneOf", "allOf") and isinstance(value, list)
