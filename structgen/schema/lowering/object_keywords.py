"""Which members of an object a schema names, and whether they can be counted in the grammar."""

from __future__ import annotations

from typing import Any

from structgen.schema.lowering.llguidance import keywords
from structgen.schema.regex import hits

COUNTS = ("minProperties", "maxProperties")
NAMING = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "not", "if",
                     "dependentSchemas", "dependentRequired", "dependencies"})  # fmt: skip
"""Keywords that may name members beside those of `properties`."""


def named(properties: dict[str, Any], patterns: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Patterns that are but a list of names, as properties."""
    listed = {pattern: names for pattern in patterns if (names := keywords.names_of(pattern))}
    if not listed:
        return properties, patterns
    made = dict(properties)
    for name in dict.fromkeys(name for names in listed.values() for name in names):
        parts = [part for pattern, part in patterns.items() if hits(pattern, name)]
        parts += [properties[name]] if name in properties else []
        made[name] = False if False in parts else {"allOf": parts}
    return made, {pattern: part for pattern, part in patterns.items() if pattern not in listed}


def sole(schema: dict[str, Any], keyword: str) -> bool:
    """Whether nothing but the one part of this keyword that holds can name members; of the counts
    themselves, nothing but `properties`."""
    others = NAMING - {keyword}
    if keyword not in COUNTS:
        others |= {"properties", "patternProperties"}
    return others.isdisjoint(schema) and not (keyword == "allOf" and len(schema["allOf"]) > 1)


def spelled(schema: dict[str, Any]) -> bool:
    """Whether a pattern spells out names, which become properties in the grammar."""
    return any(keywords.names_of(pattern) for pattern in schema.get("patternProperties", ()))


def only_required(schema: dict[str, Any]) -> bool:
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    parts = schema.get("properties", {}).items()
    return all(name in names or part is False for name, part in parts)
