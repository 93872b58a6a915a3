"""Which property names an object schema declares."""

from __future__ import annotations

from typing import Any

from structgen.schema.name_lists import names_of
from structgen.schema.regex import matches_safely

PROPERTY_COUNTS = ("minProperties", "maxProperties")
_DECLARING = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "not", "if",
                        "dependentSchemas", "dependentRequired", "dependencies"})  # fmt: skip
"""Keywords that may declare properties beside those of `properties`."""


def declared(properties: dict[str, Any], patterns: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Move patterns that only list names from `patternProperties` to `properties`."""
    names = {pattern: listed for pattern in patterns if (listed := names_of(pattern))}
    if not names:
        return properties, patterns
    merged = dict(properties)
    for name in dict.fromkeys(name for listed in names.values() for name in listed):
        applying = [subschema for pattern, subschema in patterns.items() if matches_safely(pattern, name)]
        applying += [properties[name]] if name in properties else []
        merged[name] = False if False in applying else {"allOf": applying}
    return merged, {pattern: subschema for pattern, subschema in patterns.items() if pattern not in names}


def declares_all_names(schema: dict[str, Any]) -> bool:
    """Whether every property name is in `properties`, which no pattern and no other keyword extends."""
    return _DECLARING.isdisjoint(schema) and not any(
        names_of(pattern) for pattern in schema.get("patternProperties", ())
    )


def is_sole(schema: dict[str, Any], keyword: str) -> bool:
    """Whether at most one subschema of `keyword` applies and no sibling keyword declares properties.

    Beside `minProperties` and `maxProperties`, `properties` may declare them.
    """
    others = _DECLARING - {keyword}
    if keyword not in PROPERTY_COUNTS:
        others |= {"properties", "patternProperties"}
    return others.isdisjoint(schema) and not (keyword == "allOf" and len(schema["allOf"]) > 1)


def all_required(schema: dict[str, Any]) -> bool:
    """Whether each property that the object may have is required."""
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    properties = schema.get("properties", {}).items()
    return all(name in names or subschema is False for name, subschema in properties)
