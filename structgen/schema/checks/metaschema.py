"""Check a schema against the meta-schema of its draft, with a hint of what to write instead."""

from __future__ import annotations

from typing import Any

from jsonschema.exceptions import ValidationError

from structgen.errors import InvalidSchema
from structgen.schema.checks import metaschema_hints, not_a_schema
from structgen.schema.checks.metaschema_fast_path import well_formed
from structgen.schema.dialects import Dialect
from structgen.schema.duplicates import deduplicated
from structgen.schema.keywords import DATA
from structgen.schema.traversal import pointer, subschemas
from structgen.schema.validation.closest_branch import root_cause
from structgen.suggestions import did_you_mean
from structgen.types import Violation

_MAX_MESSAGE = 200


def check(definition: Any, dialect: Dialect) -> None:
    """Raise `InvalidSchema` with all violations of the meta-schema, except for duplicates in lists."""
    if not well_formed(definition, dialect.validator) and (violations := _violations(definition, dialect)):
        first = violations[0]
        hint = not_a_schema.example_hint(definition, dialect.name)
        raise InvalidSchema(f"{first.pointer or 'the schema'}: {first.message}{hint}", violations)
    _check_other_drafts(definition, dialect)


def _violations(definition: Any, dialect: Dialect) -> list[Violation]:
    meta = dialect.validator(dialect.validator.META_SCHEMA)
    errors = meta.iter_errors(tolerated(definition))
    return list(dict.fromkeys(_violation(definition, root_cause(error)) for error in errors))


def _violation(definition: Any, error: ValidationError) -> Violation:
    path = tuple(error.absolute_path)
    message = error.message
    if len(message) >= _MAX_MESSAGE:
        message = f"{message[:_MAX_MESSAGE]}…"
    if hint := metaschema_hints.correction(definition, path):
        message = f"{message}: {hint}"
    elif error.validator == "enum" and isinstance(error.instance, str):
        values: Any = error.validator_value
        message += did_you_mean(error.instance, [value for value in values if isinstance(value, str)])
    return Violation(pointer(path), str(error.validator), message)


def tolerated(schema: Any) -> Any:
    """Return a copy without harmless violations: duplicates in lists, and empty lists of required names.

    Pointers stay the same, except behind a duplicate.
    """
    if isinstance(schema, list):
        return [tolerated(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = deduplicated(schema)
    if isinstance(dependencies := schema.get("dependencies"), dict):
        named = {name: value for name, value in dependencies.items() if value != []}
        schema = {**schema, "dependencies": named}
    return {
        keyword: value if keyword in DATA else tolerated(value)
        for keyword, value in schema.items()
        if not (keyword == "required" and value == [])
    }


_SHAPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("dependentSchemas", "dependentRequired", "dependencies"), ("an object", dict)),
    **dict.fromkeys(("if", "then", "else", "contains", "propertyNames", "additionalItems", "unevaluatedItems",
                     "unevaluatedProperties"), ("a schema", (dict, bool))),
    "prefixItems": ("an array", list),
}  # fmt: skip
"""Keywords that some drafts lack, and the shape of their values in the others."""


def _check_other_drafts(definition: Any, dialect: Dialect) -> None:
    """Raise `InvalidSchema` for keywords of other drafts whose values have not the shape they have there.

    The draft ignores them, but traversal reads them.
    """
    violations = [
        Violation(f"{at}/{keyword}", keyword, f"must be {shape}, also in {dialect.name}, which ignores it")
        for at, schema in subschemas(definition)
        if isinstance(schema, dict)
        for keyword, (shape, types) in _SHAPES.items()
        if keyword in schema and not isinstance(schema[keyword], types)
    ]
    if violations:
        raise InvalidSchema(f"{violations[0].pointer}: {violations[0].message}", violations)
