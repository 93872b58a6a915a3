"""What other keywords leave over: `additionalProperties`, `unevaluatedProperties`, and the same of items.

The package's own search with `re`, without a time limit and without `\\p{…}`, report in the order of
a set, and lose the base of embedded resources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.jsonschema import lookup_recursive_ref

from structgen.schema.regex import matches

_IN_PLACE = ("allOf", "anyOf", "oneOf")


def additional_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Each property that neither `properties` nor a pattern covers, in the order of the value."""
    if not isinstance(value, dict):
        return
    extras = [name for name in value if not _named(name, schema)]
    if isinstance(rule, dict):
        for name in extras:
            yield from validator.descend(value[name], rule, path=name)
    elif rule is False and extras:
        yield ValidationError(f"additional properties are not allowed: {_listed(extras)}")


def additional_items(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """What stands after a tuple, as drafts before 2020-12 write it."""
    first = schema.get("items")
    if isinstance(value, list) and isinstance(first, list):
        for index in range(len(first), len(value)):
            yield from validator.descend(value[index], rule, path=index)


def unevaluated_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Each property that no keyword beside, and no subschema in place that holds, has looked at."""
    if not isinstance(value, dict):
        return
    seen = _evaluated(validator, value, _without(schema, "unevaluatedProperties"), _names_here)
    left = [name for name in value if name not in seen and not _holds(validator, value[name], rule)]
    if left:
        yield ValidationError(f"unevaluated properties are not allowed: {_listed(left)}")


def unevaluated_items(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Each item that no keyword beside, and no subschema in place that holds, has looked at."""
    if not isinstance(value, list):
        return
    seen = _evaluated(validator, value, _without(schema, "unevaluatedItems"), _indices_here)
    left = [i for i in range(len(value)) if i not in seen and not _holds(validator, value[i], rule)]
    if left:
        yield ValidationError(f"unevaluated items are not allowed: {_listed([str(i) for i in left])}")


Here = Callable[[Any, Any, Any], set[Any]]
"""The members, or items, that a schema's own keywords look at: of the validator, the value, the schema."""


def _evaluated(validator: Any, value: Any, schema: Any, here: Here) -> set[Any]:
    """`validator` stands in the schema, so that references lead from there."""
    if not isinstance(schema, dict):
        return set()
    seen = here(validator, value, schema)
    if len(seen) == len(value):
        return seen
    for part in _parts(validator, value, schema):
        if _holds(validator, value, part):
            seen |= _evaluated(validator.evolve(schema=part), value, part, here)
    for found in _targets(validator, schema):
        inner = validator.evolve(schema=found.contents, _resolver=found.resolver)
        seen |= _evaluated(inner, value, found.contents, here)
    return seen


def _names_here(validator: Any, value: Any, schema: Any) -> set[str]:
    if "additionalProperties" in schema or "unevaluatedProperties" in schema:
        return set(value)
    return {name for name in value if _named(name, schema)}


def _indices_here(validator: Any, value: Any, schema: Any) -> set[int]:
    items, every = schema.get("items"), set(range(len(value)))
    if "unevaluatedItems" in schema or isinstance(items, dict | bool):
        return every
    if isinstance(items, list):
        return every if "additionalItems" in schema else set(range(min(len(items), len(value))))
    seen = set(range(min(len(schema.get("prefixItems", ())), len(value))))
    if "contains" in schema:
        seen |= {i for i in every if _holds(validator, value[i], schema["contains"])}
    return seen


def _targets(validator: Any, schema: Any) -> Iterator[Any]:
    """What the references in the schema lead to."""
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema:
            yield validator._resolver.lookup(schema[keyword])
    if "$recursiveRef" in schema:
        yield lookup_recursive_ref(validator._resolver)


def _without(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {name: part for name, part in schema.items() if name != keyword}


def _parts(validator: Any, value: Any, schema: Any) -> Iterator[Any]:
    """The subschemas that apply to the same value."""
    for keyword in _IN_PLACE:
        yield from schema.get(keyword, ())
    for name, part in schema.get("dependentSchemas", {}).items():
        if isinstance(value, dict) and name in value:
            yield part
    if "if" in schema:
        yield schema["if"]
        yield schema.get("then" if _holds(validator, value, schema["if"]) else "else", True)


def _holds(validator: Any, value: Any, schema: Any) -> bool:
    return next(iter(validator.descend(value, schema)), None) is None


def _named(name: str, schema: Any) -> bool:
    patterns = schema.get("patternProperties", ())
    return name in schema.get("properties", ()) or any(matches(pattern, name) for pattern in patterns)


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:20])
    return shown if len(names) <= 20 else f"{shown} and {len(names) - 20} more"
