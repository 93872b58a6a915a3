"""Find every violation of a value under a full schema, with the `jsonschema` package."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from structgen.schema import json_value
from structgen.schema.dialects import Dialect
from structgen.schema.formats import checker
from structgen.schema.references import inside, registry_of
from structgen.schema.regex import PatternError
from structgen.schema.traversal import JsonPath, pointer, subschemas
from structgen.schema.validation import keyword_rules, ref_cache, unevaluated
from structgen.schema.validation.closest_branch import closest_branch
from structgen.types import Violation

MAX_VIOLATIONS = 10_000
"""Violations of one value that are reported."""
_MAX_MESSAGE = 200


class Validator:
    """A schema compiled for validation. Safe for threads: it keeps no state."""

    def __init__(self, definition: Any, dialect: Dialect) -> None:
        rules: dict[str, Any] = {
            "pattern": keyword_rules.pattern,
            "patternProperties": keyword_rules.pattern_properties,
            "multipleOf": keyword_rules.multiple_of,
            "uniqueItems": keyword_rules.unique_items,
            "additionalProperties": unevaluated.additional_properties,
        }
        if not _has_dynamic_references(definition):  # whose target depends on the path to them
            rules["$ref"] = ref_cache.ref
        if dialect.name != "draft2020-12":
            rules["additionalItems"] = unevaluated.additional_items
        if dialect.ref_siblings:
            rules["unevaluatedProperties"] = unevaluated.unevaluated_properties
            rules["unevaluatedItems"] = unevaluated.unevaluated_items
        validator_class = extend(dialect.validator, rules)  # type: ignore[no-untyped-call]
        _enter_resources(validator_class, dialect)
        self._validator = validator_class(
            definition,
            registry=registry_of(definition, dialect),
            format_checker=checker(dialect),
        )

    def accepts(self, subschema: Any, value: Any) -> bool:
        """Return whether a value is valid under another schema, whose references lead into this one."""
        try:
            with ref_cache.ref_cache(value):
                return bool(self._validator.evolve(schema=subschema).is_valid(value))
        except (RecursionError, PatternError):
            return False

    def violations(self, value: Any) -> list[Violation]:
        """Return up to `MAX_VIOLATIONS`, in the order of the schema.

        Where all branches of `anyOf` or `oneOf` fail, the message has the reason of the closest one.
        """
        if violations := list(itertools.islice(json_value.representation_violations(value), MAX_VIOLATIONS)):
            return violations
        try:
            with ref_cache.ref_cache(value):
                errors = itertools.islice(self._validator.iter_errors(value), MAX_VIOLATIONS)
                violations.extend(_violation(error) for error in errors)
        except RecursionError:
            violations.append(json_value.TOO_DEEP)
        except PatternError as error:  # a timeout: each further string could take as long
            violations.append(Violation("", "pattern", f"the check stopped: {error}"))
        return violations

    def error_paths(self, value: Any) -> list[JsonPath]:
        """Return the paths to all errors; where all branches fail, those of the closest one."""
        if list(json_value.representation_violations(value)):
            return [()]
        try:
            with ref_cache.ref_cache(value):
                return [path for error in self._validator.iter_errors(value) for path in _leaf_paths(error)]
        except (RecursionError, PatternError):
            return [()]


def _has_dynamic_references(definition: Any) -> bool:
    return any(
        "$dynamicRef" in schema or "$recursiveRef" in schema
        for _, schema in subschemas(definition)
        if isinstance(schema, dict)
    )


def _enter_resources(validator_class: Any, dialect: Dialect) -> None:
    """Make `evolve` resolve references of an embedded resource from its `$id`, and keep the rules.

    The package enters resources only in `descend`, which `not`, `oneOf`, `if` and `contains` do not call. And
    for a subschema with a `$schema` (the root, when a reference leads back to it) it takes its own class,
    whose patterns are Python's and have no time limit.
    """
    evolve = validator_class.evolve

    def entering(self: Any, **changes: Any) -> Any:
        if "schema" in changes and "_resolver" not in changes:
            changes["_resolver"] = inside(self._resolver, changes["schema"], dialect)
        evolved = evolve(self, **changes)
        if isinstance(evolved, validator_class):
            return evolved
        return validator_class(
            evolved.schema,
            registry=evolved._registry,
            format_checker=evolved.format_checker,
            _resolver=evolved._resolver,
        )

    validator_class.evolve = entering


def _leaf_paths(error: ValidationError, parent_path: JsonPath = ()) -> Iterator[JsonPath]:
    """Yield the paths of the innermost errors.

    They are joined on the way down: a memoised error has several parents.
    """
    path = (*parent_path, *error.relative_path)
    if not error.context:
        yield path
        return
    for cause in closest_branch(error.context):
        yield from _leaf_paths(cause, path)


def _violation(error: ValidationError) -> Violation:
    message = _short_message(error)
    if error.context:
        cause = closest_branch(error.context)[0]
        inner = pointer([*error.absolute_path, *cause.relative_path])
        message = f"{message}; closest: {inner or 'the value'}: {_short_message(cause)}"
    return Violation(pointer(error.absolute_path), str(error.validator or "false"), message)


def _short_message(error: ValidationError) -> str:
    """Return the message without a long value in it: the caller has the value, the model the pointer."""
    if len(error.message) <= _MAX_MESSAGE:
        return error.message
    shown = repr(error.instance)
    return error.message.replace(shown, f"{shown[:40]}…")[: 2 * _MAX_MESSAGE]
