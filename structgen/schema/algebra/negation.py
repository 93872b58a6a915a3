"""Negate a schema: the whole complement, or more where a schema cannot express it.

A wider complement is safe beside other constraints, since validation follows.
"""

from __future__ import annotations

from typing import Any

from structgen.schema.algebra.complement import EVERYTHING, Complement, absent, all_of, any_of
from structgen.schema.algebra.excluded_values import other_types, other_values
from structgen.schema.keywords import ANNOTATIONS
from structgen.schema.traversal import Resolve

_MAX_DEPTH = 6
_MAX_MEMBER_LENGTH = 400
"""Characters of a member's complement: a longer one is not worth its grammar."""
_BESIDE_ITEMS = frozenset({"prefixItems", "additionalItems", "minContains", "maxContains"})
"""Keywords that `items` and `contains` depend on."""
_OPPOSITE_BOUNDS = {
    "minLength": ("string", "maxLength", -1), "maxLength": ("string", "minLength", 1),
    "minItems": ("array", "maxItems", -1), "maxItems": ("array", "minItems", 1),
    "minProperties": ("object", "maxProperties", -1), "maxProperties": ("object", "minProperties", 1),
    "minimum": ("number", "exclusiveMaximum", 0), "maximum": ("number", "exclusiveMinimum", 0),
    "exclusiveMinimum": ("number", "maximum", 0), "exclusiveMaximum": ("number", "minimum", 0),
}  # fmt: skip
"""The type that a bound applies to, the keyword of its negation, and the distance of the negated bound."""
_APPLIES_TO = {
    "pattern": "string", "format": "string", "multipleOf": "number", "items": "array", "contains": "array",
    "prefixItems": "array", "uniqueItems": "array", "additionalItems": "array", "unevaluatedItems": "array",
    "additionalProperties": "object", "patternProperties": "object", "propertyNames": "object",
    "unevaluatedProperties": "object", "dependentRequired": "object", "dependencies": "object",
}  # fmt: skip
"""Keywords whose negation is only known to be of a type."""
_ANY_TYPE = frozenset(
    {"$ref", "$dynamicRef", "$recursiveRef", "oneOf", "if", "then", "else", "dependentSchemas", "properties"}
)
"""Keywords that may reject a value of any type. Unknown keywords reject none."""


def complement(schema: Any, resolve: Resolve, depth: int = 0) -> Complement:
    """Return the complement by De Morgan: a value is rejected where any keyword rejects it."""
    if isinstance(schema, bool):
        return Complement(not schema, True)
    if depth > _MAX_DEPTH or not isinstance(schema, dict) or "$id" in schema:  # its references lead elsewhere
        return EVERYTHING
    items = {} if _BESIDE_ITEMS.intersection(schema) else {"items": _some_item, "contains": _no_item}
    return any_of(
        [
            items[keyword](complement(value, resolve, depth + 1))
            if keyword in items and isinstance(value, dict)
            else _of_keyword(keyword, value, resolve, depth + 1)
            for keyword, value in schema.items()
            if keyword not in ANNOTATIONS
        ]
    )


def _some_item(item: Complement) -> Complement:
    """Require an item that is rejected. The grammar only looks at the first ones."""
    if item.schema is False:
        return item
    some = {"minItems": 1} if item.schema is True else {"contains": item.schema}
    return Complement({"type": "array", **some}, False)


def _no_item(item: Complement) -> Complement:
    return Complement({"type": "array", "items": item.schema}, item.exact)


def _of_keyword(keyword: str, value: Any, resolve: Resolve, depth: int) -> Complement:
    match keyword:
        case "type":
            return other_types([value] if isinstance(value, str) else value)
        case "const":
            return other_values([value])
        case "enum":
            return other_values(value)
        case "required" if isinstance(value, list):
            return any_of([Complement(absent(name), True) for name in value])
        case "properties":
            return any_of([_member(name, member, resolve, depth) for name, member in value.items()])
        case "allOf":
            return any_of([complement(branch, resolve, depth) for branch in value])
        case "anyOf":
            return all_of([complement(branch, resolve, depth) for branch in value])
        case "not":  # several patterns for one string can take a grammar longer than it may
            costly = "'pattern'" in repr(value) or "'$ref'" in repr(value)
            return EVERYTHING if costly else Complement(value, True)
        case "$ref":
            target = resolve(value)
            return EVERYTHING if target is None else complement(target, resolve, depth)
        case "items" | "additionalProperties" if value is True or value == {}:
            return Complement(False, True)
    if keyword in _OPPOSITE_BOUNDS and not isinstance(value, bool):
        return _opposite_bound(keyword, value)
    if keyword in _APPLIES_TO:
        return Complement({"type": _APPLIES_TO[keyword]}, False)
    return EVERYTHING if keyword in _ANY_TYPE else Complement(False, True)


def _opposite_bound(keyword: str, value: float) -> Complement:
    instance_type, opposite, step = _OPPOSITE_BOUNDS[keyword]
    bound = value + step
    if opposite.startswith("max") and step and bound < 0:  # no length is negative
        return Complement(False, True)
    return Complement({"type": instance_type, opposite: bound}, True)


def _member(name: str, member: Any, resolve: Resolve, depth: int) -> Complement:
    """Require the member, with a value that its schema rejects."""
    inner = complement(member, resolve, depth)
    if inner.schema is False:
        return inner
    required = {"type": "object", "required": [name]}
    if inner.schema is True or len(repr(inner.schema)) > _MAX_MEMBER_LENGTH:
        return Complement(required, inner.schema is True and inner.exact)
    return Complement({**required, "properties": {name: inner.schema}}, inner.exact)
