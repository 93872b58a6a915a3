"""Recognise bodies that are no JSON Schema although something like one was meant, and mend them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from structgen.errors import InvalidSchema
from structgen.schema.checks.keyword_hints import nearest_keyword
from structgen.schema.checks.type_shorthand import inferred, is_typed, only_types, schema_of, shown
from structgen.schema.keywords import ASSERTING, KEYWORDS, SCHEMA_MAPS, TYPES
from structgen.schema.traversal import pointer, subschemas
from structgen.suggestions import most_similar
from structgen.types import Violation

Path = tuple[str, ...]
_DEFINING = frozenset({"$schema", "$id", "$defs", "definitions", "$anchor", "$dynamicAnchor", "$vocabulary"})
"""Keywords that nobody writes but in a schema, besides those that constrain."""
_WRAPPERS = {
    "json_schema": "OpenAI's response_format",
    "response_format": "a request to OpenAI",
    "schema": "a wrapper such as OpenAI's {name, strict, schema}",
    "function": "OpenAI's definition of a tool",
    "parameters": "the definition of a function",
    "input_schema": "Anthropic's definition of a tool",
    "inputSchema": "MCP's definition of a tool",
    "outputSchema": "MCP's definition of a tool",
    "requestBody": "an OpenAPI operation",
    "responses": "an OpenAPI operation",
    "content": "an OpenAPI request or response body",
    "application/json": "an OpenAPI request or response body",
}
_INSIDE = (*_WRAPPERS, "200", "201", "default", "get", "post", "put", "patch")
"""Members under which the schema of a wrapper may stand."""
_FOREIGN_TYPES = frozenset({"json_schema", "json_object", "function", "text"})
_DEEPEST = 8
_MOST = 20
"""Names that are compared with keywords, and subschemas whose names are."""


class Guess(NamedTuple):
    """What a body looks like, and how to mend it."""

    kind: str
    mend: str


def check(definition: Any, draft: str) -> None:
    """Raise `InvalidSchema`, with the mended schema, for a body that is something else than a schema."""
    faults = list(_faults(definition, draft))
    if faults:
        raise InvalidSchema(f"{faults[0].pointer or 'the schema'}: {faults[0].message}", faults)


def _faults(definition: Any, draft: str) -> Iterator[Violation]:
    if not isinstance(definition, dict) or not definition:
        return
    guess = _wrapper(definition) or _whole(definition, draft)
    if guess is not None:
        yield Violation("", guess.kind, guess.mend)
        return
    candidates = (
        (at, schema)
        for at, schema in subschemas(definition)
        if at and isinstance(schema, dict) and _names_nothing(schema) and only_types(schema)
    )
    for at, schema in islice(candidates, _MOST):
        if not any(nearest_keyword(name, draft) for name in islice(schema, _MOST)):
            mend = f"looks like a shorthand for types: write {shown(inferred(schema))}"
            yield Violation(at, "shorthand", mend)


def example_hint(definition: Any, draft: str) -> str:
    """Say that a body with a fault looks like an example of a value rather than a schema; "" where not."""
    if not isinstance(definition, dict) or "$schema" in definition:
        return ""
    unknown = [name for name in definition if name not in KEYWORDS[draft]]
    if not unknown or 2 * len(unknown) < len(definition) or is_typed(definition):
        return ""
    return f"; the body looks like an example of a value: a schema for it is {shown(inferred(definition))}"


def _whole(definition: dict[str, Any], draft: str) -> Guess | None:
    """A body without a keyword that constrains anything."""
    unknown = [name for name in definition if name not in KEYWORDS[draft]]
    if not unknown or any(name in _DEFINING or _is_meant(name, part) for name, part in definition.items()):
        return None
    parts = {name: definition[name] for name in unknown}
    if misspelt := _misspelt(parts, draft):
        if len(unknown) < len(definition):
            return None  # something of it is known: a warning says the rest
        mended = {misspelt.get(name, name): value for name, value in definition.items()}
        names = ", ".join(f"{name!r} should be {meant!r}" for name, meant in misspelt.items())
        return Guess("misspelt", f"none of its keywords is one of JSON Schema: {names}: send {shown(mended)}")
    if all(is_typed(part) for part in parts.values()):
        mended = {"type": "object", "properties": definition, "required": list(definition)}
        return Guess("properties", f"looks like the properties of an object: send {shown(mended)}")
    if only_types(definition):
        return Guess("shorthand", f"looks like a shorthand for types: send {shown(inferred(definition))}")
    kind = (
        "looks like an example of a value, not like a JSON Schema (none of its keywords constrains anything)"
    )
    return Guess("example", f"{kind}: send {shown(inferred(definition))}")


def _is_meant(name: str, value: Any) -> bool:
    """Whether a word is a keyword rather than a member of an example, as `type` and `items` may be."""
    if name == "type":
        near = most_similar(value[:20], TYPES, 0.7) if isinstance(value, str) else value
        return bool(near) or schema_of(str(value)) is not None
    if name == "items":
        return bool(value) and all(map(_is_schema, value)) if isinstance(value, list) else _is_schema(value)
    return name in ASSERTING


def _is_schema(value: Any) -> bool:
    if not isinstance(value, dict):
        return isinstance(value, bool)
    return not value or any(_is_meant(name, part) for name, part in value.items())


def _names_nothing(schema: dict[str, Any]) -> bool:
    """Whether nothing of a subschema is a keyword of any draft."""
    return bool(schema) and not any(name in words for words in KEYWORDS.values() for name in schema)


def _misspelt(parts: dict[str, Any], draft: str) -> dict[str, str]:
    """The unknown words that are near a keyword whose values are of the same kind."""
    near = {name: nearest_keyword(name, draft) for name in islice(parts, _MOST)}
    return {name: meant for name, meant in near.items() if meant is not None and _fits(meant, parts[name])}


def _fits(keyword: str, value: Any) -> bool:
    if keyword == "type":
        return is_typed({"type": value})
    if keyword in SCHEMA_MAPS:
        return isinstance(value, dict) and all(isinstance(part, dict | bool | str) for part in value.values())
    if keyword in ("items", "additionalProperties", "not", "contains"):
        return is_typed(value)
    if keyword == "$ref":
        return isinstance(value, str) and value.startswith("#")
    if keyword == "required":
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    return keyword in ("anyOf", "oneOf", "allOf") and isinstance(value, list)


def _wrapper(definition: dict[str, Any]) -> Guess | None:
    """A body that holds the schema instead of being it."""
    if any(name in definition for name in ("openapi", "swagger")) or _is_components(definition):
        return _openapi(definition)
    kind = definition.get("type")
    if isinstance(kind, str) and kind in _FOREIGN_TYPES and not (found := _inner(definition)):
        if kind == "json_object":
            return Guess("response_format", 'looks like OpenAI\'s response_format: send {"type": "object"}')
        if kind == "text":
            return None
    name = next((name for name in _WRAPPERS if isinstance(definition.get(name), dict)), None)
    constrains = any(word in ASSERTING for word in definition if word != "type")
    if name is None or constrains or is_typed(definition) or not (found := _inner(definition)):
        return None
    path, schema = found
    mend = f"the schema stands at {pointer(path)}: send that alone: {shown(schema)}"
    return Guess("wrapper", f"looks like {_WRAPPERS[name]}: {mend}")


def _inner(value: Any, path: Path = ()) -> tuple[Path, Any] | None:
    """The nearest schema inside of a wrapper, with its path."""
    if not isinstance(value, dict) or len(path) > _DEEPEST:
        return None
    if path and (is_typed(value) or any(name in ASSERTING and name != "type" for name in value)):
        return path, value
    for name in _INSIDE:
        if (found := _inner(value.get(name), (*path, name))) is not None:
            return found
    return None


def _is_components(definition: dict[str, Any]) -> bool:
    components = definition.get("components")
    held = components.get("schemas") if isinstance(components, dict) else None
    return isinstance(held, dict) and not any(name in ASSERTING for name in definition)


def _openapi(definition: dict[str, Any]) -> Guess | None:
    if any(name in ASSERTING for name in definition):
        return None
    components = definition.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else definition.get("definitions")
    names = list(schemas) if isinstance(schemas, dict) else []
    place = "/components/schemas" if isinstance(components, dict) else "/definitions"
    if not names:
        return Guess("openapi", "looks like an OpenAPI document: send one schema of it")
    send = f"send it with {shown({'$ref': f'#{place}{pointer(names[:1])}'})[1:-1]} added"
    listed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
    return Guess(
        "openapi", f"looks like an OpenAPI document with the schemas {listed}: {send}, or one of them alone"
    )
