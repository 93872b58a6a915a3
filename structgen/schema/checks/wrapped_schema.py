"""Recognise objects that contain a schema: requests of other APIs, tool definitions, OpenAPI documents."""

from __future__ import annotations

from typing import Any, NamedTuple

from structgen.schema.checks.type_shorthand import is_typed, shown
from structgen.schema.keywords import ASSERTING
from structgen.schema.traversal import JsonPath, pointer

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
"""Members of a wrapper that may hold the schema."""
_FOREIGN_TYPES = frozenset({"json_schema", "json_object", "function", "text"})
_MAX_DEPTH = 8


class Guess(NamedTuple):
    """A kind of input that is not a schema, with the advice what to send instead."""

    kind: str
    advice: str


def wrapper_guess(definition: dict[str, Any]) -> Guess | None:
    """Return a guess for an object that contains the schema."""
    if any(name in definition for name in ("openapi", "swagger")) or _is_components(definition):
        return _openapi(definition)
    kind = definition.get("type")
    if isinstance(kind, str) and kind in _FOREIGN_TYPES and _inner(definition) is None:
        if kind == "json_object":
            return Guess("response_format", 'looks like OpenAI\'s response_format: send {"type": "object"}')
        if kind == "text":
            return None
    name = next((name for name in _WRAPPERS if isinstance(definition.get(name), dict)), None)
    constrains = any(keyword in ASSERTING for keyword in definition if keyword != "type")
    if name is None or constrains or is_typed(definition) or (inner := _inner(definition)) is None:
        return None
    path, schema = inner
    advice = f"the schema stands at {pointer(path)}: send that alone: {shown(schema)}"
    return Guess("wrapper", f"looks like {_WRAPPERS[name]}: {advice}")


def _inner(value: Any, path: JsonPath = ()) -> tuple[JsonPath, Any] | None:
    """Return the nearest schema inside a wrapper, with its path."""
    if not isinstance(value, dict) or len(path) > _MAX_DEPTH:
        return None
    if path and (is_typed(value) or any(name in ASSERTING and name != "type" for name in value)):
        return path, value
    for name in _INSIDE:
        if (inner := _inner(value.get(name), (*path, name))) is not None:
            return inner
    return None


def _is_components(definition: dict[str, Any]) -> bool:
    components = definition.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return isinstance(schemas, dict) and not any(name in ASSERTING for name in definition)


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
