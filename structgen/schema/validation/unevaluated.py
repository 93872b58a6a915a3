r"""Validate `additionalProperties`, `additionalItems`, `unevaluatedProperties` and `unevaluatedItems`.

The rules of the `jsonschema` package search with `re`, without a time limit and without `\p{…}`, report in
the order of a set, and lose the base URI of embedded resources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.jsonschema import lookup_recursive_ref

from structgen.schema.regex import matches

_MAX_LISTED = 20
"""Names that a message shows."""


def additional_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Validate each property that neither `properties` nor a pattern covers, in the order of the value."""
    if not isinstance(value, dict):
        return
    additional = [name for name in value if not _is_declared(name, schema)]
    if isinstance(rule, dict):
        for name in additional:
            yield from validator.descend(value[name], rule, path=name)
    elif rule is False and additional:
        yield ValidationError(f"additional properties are not allowed: {_listed(additional)}")


def additional_items(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Validate the items behind a tuple, as drafts before 2020-12 write it."""
    first = schema.get("items")
    if isinstance(value, list) and isinstance(first, list):
        for index in range(len(first), len(value)):
            yield from validator.descend(value[index], rule, path=index)


def unevaluated_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Validate each property that no adjacent keyword and no matching in-place subschema has evaluated."""
    if not isinstance(value, dict):
        return
    evaluated = _evaluated(validator, value, _without(schema, "unevaluatedProperties"), _evaluated_names)
    invalid = [n for n in value if n not in evaluated and not _is_valid(validator, value[n], rule)]
    if invalid:
        yield ValidationError(f"unevaluated properties are not allowed: {_listed(invalid)}")


def unevaluated_items(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Validate each item that no adjacent keyword and no matching in-place subschema has evaluated."""
    if not isinstance(value, list):
        return
    evaluated = _evaluated(validator, value, _without(schema, "unevaluatedItems"), _evaluated_indices)
    invalid = [
        i for i, item in enumerate(value) if i not in evaluated and not _is_valid(validator, item, rule)
    ]
    if invalid:
        yield ValidationError(f"unevaluated items are not allowed: {_listed([str(i) for i in invalid])}")


OwnKeywords = Callable[[Any, Any, Any], set[Any]]
"""Returns the names, or indices, that a schema's own keywords evaluate: of validator, value, schema."""


def _evaluated(validator: Any, value: Any, schema: Any, own: OwnKeywords) -> set[Any]:
    """Return the names, or indices, that the schema evaluates with all that applies in place.

    `validator` is that of the schema, so that references resolve from there.
    """
    if not isinstance(schema, dict):
        return set()
    evaluated = own(validator, value, schema)
    if len(evaluated) == len(value):
        return evaluated
    for subschema in _in_place(validator, value, schema):
        if _is_valid(validator, value, subschema):
            evaluated |= _evaluated(validator.evolve(schema=subschema), value, subschema, own)
    for target in _targets(validator, schema):
        inner = validator.evolve(schema=target.contents, _resolver=target.resolver)
        evaluated |= _evaluated(inner, value, target.contents, own)
    return evaluated


def _evaluated_names(validator: Any, value: Any, schema: Any) -> set[str]:
    if "additionalProperties" in schema or "unevaluatedProperties" in schema:
        return set(value)
    return {name for name in value if _is_declared(name, schema)}


def _evaluated_indices(validator: Any, value: Any, schema: Any) -> set[int]:
    items, every = schema.get("items"), set(range(len(value)))
    if "unevaluatedItems" in schema or isinstance(items, dict | bool):
        return every
    if isinstance(items, list):
        return every if "additionalItems" in schema else set(range(min(len(items), len(value))))
    evaluated = set(range(min(len(schema.get("prefixItems", ())), len(value))))
    if "contains" in schema:
        evaluated |= {i for i in every if _is_valid(validator, value[i], schema["contains"])}
    return evaluated


def _targets(validator: Any, schema: Any) -> Iterator[Any]:
    """Yield the resolved references of the schema."""
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema:
            yield validator._resolver.lookup(schema[keyword])
    if "$recursiveRef" in schema:
        yield lookup_recursive_ref(validator._resolver)


def _without(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != keyword}


def _in_place(validator: Any, value: Any, schema: Any) -> Iterator[Any]:
    """Yield the subschemas that apply to the value itself."""
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(keyword, ())
    for name, subschema in schema.get("dependentSchemas", {}).items():
        if isinstance(value, dict) and name in value:
            yield subschema
    if "if" in schema:
        yield schema["if"]
        yield schema.get("then" if _is_valid(validator, value, schema["if"]) else "else", True)


def _is_valid(validator: Any, value: Any, schema: Any) -> bool:
    return next(iter(validator.descend(value, schema)), None) is None


def _is_declared(name: str, schema: Any) -> bool:
    patterns = schema.get("patternProperties", ())
    return name in schema.get("properties", ()) or any(matches(pattern, name) for pattern in patterns)


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:_MAX_LISTED])
    return shown if len(names) <= _MAX_LISTED else f"{shown} and {len(names) - _MAX_LISTED} more"
