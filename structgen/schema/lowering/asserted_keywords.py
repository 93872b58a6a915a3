"""The keywords of a schema that constrain values, and why a grammar may not enforce them."""

from __future__ import annotations

from typing import Any

from structgen.schema.keywords import ASSERTED

DEFINITIONS = frozenset({"$defs", "definitions"})
OPAQUE = frozenset({"not", "if", "contains", "propertyNames", "contentSchema"})
"""Keywords that are reported as a whole, with all that their schemas ask for."""
CONDITIONAL = OPAQUE | DEFINITIONS | {"anyOf", "oneOf", "then", "else", "dependentSchemas", "dependencies"}
"""Keywords whose schemas do not always apply."""
CHOICES = ("anyOf", "oneOf", "if")
_REASONS = {
    "$ref": "the grammar does not follow each reference to it",
    "uniqueItems": "a grammar cannot compare an item with earlier items",
    **dict.fromkeys(("contains", "minContains", "maxContains"), "a grammar does not count matching items"),
    "format": "the grammar does not support this format, or not beside a pattern",
    "pattern": "the grammar cannot read this regular expression as JSON Schema does",
    "propertyNames": "property names are checked only by validation",
    "unevaluatedProperties": "which properties are unevaluated is known only after validation",
    "unevaluatedItems": "which items are unevaluated is known only after validation",
    "multipleOf": "enforced only with minimum >= 0 and a divisor like 3, 0.5, 0.02 or 0.001",
    "maxLength": "maxLength beside a pattern with large repetition counts would make the grammar too large",
    "additionalProperties": "several of the patterns for property names may match one name",
}


def default_reason(keyword: str) -> str:
    """Return why a grammar does not enforce a keyword, where lowering gave no reason."""
    return _REASONS.get(keyword, "grammars cannot express this keyword")


def constraints(schema: dict[str, Any], formats: frozenset[str]) -> list[str]:
    """Return the keywords of a schema that can reject a value by themselves. Others only hold schemas."""
    return [
        keyword
        for keyword, value in schema.items()
        if keyword in ASSERTED and _constrains(keyword, value, schema, formats)
    ]


def _constrains(keyword: str, value: Any, schema: dict[str, Any], formats: frozenset[str]) -> bool:
    match keyword:
        case "additionalProperties" | "additionalItems":
            return value is False or not isinstance(value, dict | bool)
        case "format":
            return value in formats
        case "uniqueItems":
            return bool(value)
        case "minContains" | "maxContains":
            return "contains" in schema
        case "if":
            return "then" in schema or "else" in schema
        case _:
            return True
