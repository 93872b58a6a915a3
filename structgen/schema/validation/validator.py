"""Every violation of a value under a full schema, by the `jsonschema` package."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from structgen.schema import json_value
from structgen.schema.dialects import Dialect
from structgen.schema.formats import checker
from structgen.schema.references import inside, registry_of
from structgen.schema.regex import PatternError, matches
from structgen.schema.traversal import pointer, subschemas
from structgen.schema.validation import ref_cache
from structgen.schema.validation.closest_branch import closest
from structgen.schema.validation.unevaluated import (
    additional_items,
    additional_properties,
    unevaluated_items,
    unevaluated_properties,
)
from structgen.types import Violation

MAX_VIOLATIONS = 10_000
"""Violations of one value that are looked for."""
_LONGEST = 200
Errors = Iterator[ValidationError]


class Validator:
    """A schema made ready to check values. Sound for threads: it keeps no state."""

    def __init__(self, definition: Any, dialect: Dialect) -> None:
        rules = {
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "multipleOf": _multiple_of,
            "uniqueItems": _unique_items,
            "additionalProperties": additional_properties,
        }
        if not _dynamic(definition):  # where a verdict hangs on the way that led there
            rules["$ref"] = ref_cache.reference
        if dialect.name != "draft2020-12":
            rules["additionalItems"] = additional_items
        if dialect.ref_siblings:
            rules |= {
                "unevaluatedProperties": unevaluated_properties,
                "unevaluatedItems": unevaluated_items,
            }
        extended = extend(dialect.validator, rules)  # type: ignore[no-untyped-call]
        _enter_resources(extended, dialect)
        self._validator = extended(
            definition,
            registry=registry_of(definition, dialect),
            format_checker=checker(dialect),
        )

    def accepts(self, subschema: Any, value: Any) -> bool:
        """Whether a value is valid under another schema, whose references lead into this one."""
        try:
            with ref_cache.kept(value):
                return bool(self._validator.evolve(schema=subschema).is_valid(value))
        except (RecursionError, PatternError):
            return False

    def violations(self, value: Any) -> list[Violation]:
        """All up to `MAX_VIOLATIONS`, in the order of the schema; of alternatives, why the closest failed."""
        if found := list(itertools.islice(json_value.faults(value), MAX_VIOLATIONS)):
            return found
        try:
            with ref_cache.kept(value):
                errors = itertools.islice(self._validator.iter_errors(value), MAX_VIOLATIONS)
                found.extend(_violation(error) for error in errors)
        except RecursionError:
            found.append(json_value.TOO_DEEP)
        except PatternError as error:  # took too long: to go on could take as long for each string
            found.append(Violation("", "pattern", f"the check stopped: {error}"))
        return found

    def places(self, value: Any) -> list[tuple[str | int, ...]]:
        """Paths to all faults; of alternatives that all failed, those of the closest one."""
        if list(json_value.faults(value)):
            return [()]
        try:
            with ref_cache.kept(value):
                return [path for error in self._validator.iter_errors(value) for path in _inside(error)]
        except (RecursionError, PatternError):
            return [()]


def _dynamic(definition: Any) -> bool:
    parts = (part for _, part in subschemas(definition) if isinstance(part, dict))
    return any("$dynamicRef" in part or "$recursiveRef" in part for part in parts)


def _enter_resources(validator: Any, dialect: Dialect) -> None:
    """Let `evolve` enter an embedded resource, whose references lead from its own `$id`, and keep the rules.

    The package enters resources in `descend` alone; `not`, `oneOf`, `if` and `contains` do without. And for
    a subschema with a `$schema` (the root, when a reference leads back to it) it takes its own class, whose
    patterns are Python's and have no time limit.
    """
    evolve = validator.evolve

    def entering(self: Any, **changes: Any) -> Any:
        if "schema" in changes and "_resolver" not in changes:
            changes["_resolver"] = inside(self._resolver, changes["schema"], dialect)
        evolved = evolve(self, **changes)
        if isinstance(evolved, validator):
            return evolved
        return validator(
            evolved.schema,
            registry=evolved._registry,
            format_checker=evolved.format_checker,
            _resolver=evolved._resolver,
        )

    validator.evolve = entering


def _inside(error: ValidationError, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """By the way from above: a cause that was kept has many parents."""
    at = (*above, *error.relative_path)
    if not error.context:
        yield at
        return
    for cause in closest(error.context):
        yield from _inside(cause, at)


def _violation(error: ValidationError) -> Violation:
    message = _short(error)
    if error.context:
        cause = closest(error.context)[0]
        inner = pointer([*error.absolute_path, *cause.relative_path])
        message = f"{message}; closest: {inner or 'the value'}: {_short(cause)}"
    return Violation(pointer(error.absolute_path), str(error.validator or "false"), message)


def _short(error: ValidationError) -> str:
    """The message without a long value in it: the caller has the value, the model the pointer."""
    if len(error.message) <= _LONGEST:
        return error.message
    shown = repr(error.instance)
    return error.message.replace(shown, f"{shown[:40]}…")[: 2 * _LONGEST]


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Errors:
    if isinstance(value, str) and not matches(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    for pattern, part in patterns.items():
        for name, member in value.items():
            if matches(pattern, name):
                yield from validator.descend(member, part, path=name, schema_path=pattern)


def _multiple_of(validator: Any, divisor: Any, value: Any, schema: Any) -> Errors:
    """In decimals: 19.99 is a multiple of 0.01, which binary floats deny."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if (Fraction(repr(value)) / Fraction(repr(divisor))).denominator != 1:
        yield ValidationError(f"{value!r} is not a multiple of {divisor!r}")


def _unique_items(validator: Any, wanted: Any, value: Any, schema: Any) -> Errors:
    """In linear time, by text: the package compares each with each."""
    if not wanted or not isinstance(value, list):
        return
    seen: dict[str, int] = {}
    for index, item in enumerate(value):
        text = json.dumps(_normal(item), sort_keys=True)
        if text in seen:
            yield ValidationError(f"items {seen[text]} and {index} are equal", path=[index])
            return
        seen[text] = index


def _normal(value: Any) -> Any:
    """Equal JSON values as equal Python ones that print alike: 1.0 is 1."""
    if isinstance(value, dict):
        return {name: _normal(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
