"""Bounds that keep a schema from costing more than it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.errors import InvalidSchema, SchemaLimit
from structgen.schema import json_value
from structgen.schema.traversal import subschemas


@dataclass(frozen=True, slots=True)
class SchemaLimits:
    """What a schema may measure. The name of a field is the `limit` that an error names."""

    max_bytes: int = 1_000_000
    """Of its compact JSON text."""
    max_depth: int = 64
    """Levels of JSON nesting."""
    max_enum: int = 5_000
    """Values of one `enum`."""
    max_pattern_length: int = 8_000
    """Characters of one regular expression."""
    max_pattern_depth: int = 20
    """Parentheses open at once in one regular expression."""

    def check(self, definition: Any) -> None:
        """`SchemaLimit` for the first limit exceeded, `InvalidSchema` for what is no JSON value."""
        self.check_depth(definition)
        if faults := list(json_value.faults(definition)):
            raise InvalidSchema(f"{faults[0].pointer or 'the schema'}: {faults[0].message}", faults)
        self.check_size(definition)
        for at, schema in subschemas(definition):
            if isinstance(schema, dict):
                self._check_one(at, schema)

    def check_depth(self, definition: Any) -> None:
        """`SchemaLimit` for a JSON value nested too deeply."""
        self._within("max_depth", _depth(definition, self.max_depth), "levels of nesting", "")

    def check_size(self, definition: Any) -> None:
        """`SchemaLimit` for a JSON value of too many bytes."""
        self._within("max_bytes", len(json_text.dumps(definition).encode()), "bytes", "")

    def _check_one(self, at: str, schema: dict[str, Any]) -> None:
        if isinstance(enum := schema.get("enum"), list):
            self._within("max_enum", len(enum), "values", f"{at}/enum")
        patterns = [schema.get("pattern"), *_keys(schema.get("patternProperties"))]
        for pattern in patterns:
            if isinstance(pattern, str):
                where = f"a pattern in {at or '/'}"
                self._within("max_pattern_length", len(pattern), "characters", where)
                self._within("max_pattern_depth", _parentheses(pattern), "open parentheses", where)

    def _within(self, limit: str, value: int, unit: str, at: str) -> None:
        allowed: int = getattr(self, limit)
        if value > allowed:
            detail = (
                f"{at or 'the schema'} has {value} {unit}, {limit} allows {allowed}: simplify it, or raise "
                f"the limit (`structgen serve --schema-limit {limit}=NUMBER`, `Schema.parse(limits=…)`)"
            )
            raise SchemaLimit(detail, limit, value, allowed)


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _depth(value: Any, allowed: int) -> int:
    """Levels of nesting, counted no further than one beyond what is allowed."""
    depth, level = 0, [value]
    while level and depth <= allowed:
        level = [
            part
            for found in level
            if isinstance(found, dict | list)
            for part in (found.values() if isinstance(found, dict) else found)
        ]
        depth += 1
    return depth


def _parentheses(pattern: str) -> int:
    depth = deepest = 0
    escaped = False
    for character in pattern:
        if not escaped and character in "()":
            depth += 1 if character == "(" else -1
            deepest = max(deepest, depth)
        escaped = character == "\\" and not escaped
    return deepest
