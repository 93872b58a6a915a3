"""The keywords of a schema that constrain values, and why a grammar may not enforce them."""

from __future__ import annotations

from typing import Any

_ASSERTIONS = frozenset({
    "type", "enum", "const", "required", "minLength", "maxLength", "pattern", "format", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "contains",
    "minContains", "maxContains", "minProperties", "maxProperties", "propertyNames", "additionalProperties",
    "additionalItems", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas", "dependencies",
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef",
})  # fmt: skip
DEFINITIONS = frozenset({"$defs", "definitions"})
OPAQUE = frozenset({"not", "if", "contains", "propertyNames", "contentSchema"})
"""Keywords that are reported as a whole, with all that their schemas ask for."""
CONDITIONAL = OPAQUE | DEFINITIONS | {"anyOf", "oneOf", "then", "else", "dependentSchemas", "dependencies"}
"""Keywords whose schemas do not always apply."""
CHOICES = ("anyOf", "oneOf", "if")
_REASONS = {
    "$ref": "the grammar does not follow each reference to it",
    "uniqueItems": "a grammar does not remember the items before",
    **dict.fromkeys(("contains", "minContains", "maxContains"), "a grammar does not count items of a kind"),
    "format": "the grammar does not know this format, or not beside a pattern",
    "pattern": "the grammar cannot read this regular expression as JSON Schema does",
    "propertyNames": "names are checked afterwards",
    "unevaluatedProperties": "what other keywords leave over is known afterwards",
    "unevaluatedItems": "what other keywords leave over is known afterwards",
    "multipleOf": "the grammar knows it for numbers from 0 on, whole divisors and decimal places only",
    "maxLength": "the length beside a pattern that counts is too large a grammar",
    "additionalProperties": "the patterns for names may have names in common",
}


def default_reason(keyword: str) -> str:
    """Return why a grammar does not enforce a keyword, where lowering gave no reason."""
    return _REASONS.get(keyword, "the grammar cannot say it")


def constraints(schema: dict[str, Any], formats: frozenset[str]) -> list[str]:
    """Return the keywords of a schema that can reject a value by themselves. Others only hold schemas."""
    return [
        keyword
        for keyword, value in schema.items()
        if keyword in _ASSERTIONS and _constrains(keyword, value, schema, formats)
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
