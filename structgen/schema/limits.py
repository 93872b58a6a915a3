"""Limits on the size of a schema, checked before anything costly is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.errors import InvalidSchema, SchemaLimit
from structgen.schema import json_value
from structgen.schema.traversal import subschemas


@dataclass(frozen=True, slots=True)
class SchemaLimits:
    """Limits on the size of a schema. The name of a field is the `limit` that an error names."""

    max_bytes: int = 1_000_000
    """Bytes of its compact JSON text."""
    max_depth: int = 64
    """Levels of JSON nesting."""
    max_enum: int = 5_000
    """Values of one `enum`."""
    max_pattern_length: int = 8_000
    """Characters of one regular expression."""
    max_pattern_depth: int = 20
    """Parentheses open at once in one regular expression."""

    def check(self, definition: Any) -> None:
        """Raise `SchemaLimit` for the first limit exceeded, `InvalidSchema` for values that JSON lacks."""
        self.check_depth(definition)
        if violations := list(json_value.representation_violations(definition)):
            first = violations[0]
            raise InvalidSchema(f"{first.pointer or 'the schema'}: {first.message}", violations)
        self.check_size(definition)
        for at, schema in subschemas(definition):
            if isinstance(schema, dict):
                self._check_subschema(at, schema)

    def check_depth(self, definition: Any) -> None:
        """Raise `SchemaLimit` for a JSON value nested too deeply."""
        self._check("max_depth", _depth(definition, self.max_depth), "levels of nesting", "")

    def check_size(self, definition: Any) -> None:
        """Raise `SchemaLimit` for a JSON value of too many bytes."""
        self._check("max_bytes", len(json_text.dumps(definition).encode()), "bytes", "")

    def _check_subschema(self, at: str, schema: dict[str, Any]) -> None:
        if isinstance(enum := schema.get("enum"), list):
            self._check("max_enum", len(enum), "values", f"{at}/enum")
        named = schema.get("patternProperties")
        for pattern in [schema.get("pattern"), *(named if isinstance(named, dict) else ())]:
            if isinstance(pattern, str):
                where = f"a pattern in {at or '/'}"
                self._check("max_pattern_length", len(pattern), "characters", where)
                self._check("max_pattern_depth", _open_parentheses(pattern), "open parentheses", where)

    def _check(self, limit: str, value: int, unit: str, at: str) -> None:
        allowed: int = getattr(self, limit)
        if value > allowed:
            detail = (
                f"{at or 'the schema'} has {value} {unit}, {limit} allows {allowed}: simplify it, or raise "
                f"the limit (`structgen serve --schema-limit {limit}=NUMBER`, `Schema.parse(limits=…)`)"
            )
            raise SchemaLimit(detail, limit, value, allowed)


def _depth(value: Any, limit: int) -> int:
    """Return the levels of nesting, or `limit + 1` for more than `limit`."""
    depth, level = 0, [value]
    while level and depth <= limit:
        containers = [container for container in level if isinstance(container, dict | list)]
        level = [
            inner
            for container in containers
            for inner in (container.values() if isinstance(container, dict) else container)
        ]
        depth += 1
    return depth


def _open_parentheses(pattern: str) -> int:
    """Return the largest number of parentheses open at once."""
    depth = deepest = 0
    escaped = False
    for character in pattern:
        if not escaped and character in "()":
            depth += 1 if character == "(" else -1
            deepest = max(deepest, depth)
        escaped = character == "\\" and not escaped
    return deepest
