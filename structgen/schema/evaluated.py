"""`additionalProperties` and `unevaluatedProperties` with our patterns.

The package's own search with `re`, without a time limit and without `\\p{…}`, and report in the order of
a set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from structgen.schema.patterns import matches

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


def unevaluated_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Each property that no keyword beside, and no subschema in place that holds, has looked at."""
    if not isinstance(value, dict):
        return
    beside = {keyword: part for keyword, part in schema.items() if keyword != "unevaluatedProperties"}
    seen = _evaluated(validator, value, beside)
    left = [name for name in value if name not in seen and not _holds(validator, value[name], rule)]
    if left:
        yield ValidationError(f"unevaluated properties are not allowed: {_listed(left)}")


def _evaluated(validator: Any, value: Any, schema: Any) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    if "additionalProperties" in schema or "unevaluatedProperties" in schema:
        return set(value)
    seen = {name for name in value if _named(name, schema)}
    for part in _parts(validator, value, schema):
        if _holds(validator, value, part):
            seen |= _evaluated(validator, value, part)
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema:
            found = validator._resolver.lookup(schema[keyword])
            inner = validator.evolve(schema=found.contents, _resolver=found.resolver)
            seen |= _evaluated(inner, value, found.contents)
    return seen


def _parts(validator: Any, value: Any, schema: Any) -> Iterator[Any]:
    """The subschemas that apply to the same value."""
    for keyword in _IN_PLACE:
        yield from schema.get(keyword, ())
    for name, part in schema.get("dependentSchemas", {}).items():
        if name in value:
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
