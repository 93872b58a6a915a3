"""Of alternatives that all failed, the one that came closest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jsonschema.exceptions import ValidationError


def closest(context: Sequence[ValidationError]) -> list[ValidationError]:
    """Why the alternative failed that came closest: of the right type first, then with fewest faults."""
    branches: dict[Any, list[ValidationError]] = {}
    for error in context:
        branch = error.relative_schema_path[0] if error.relative_schema_path else None  # of the schema false
        branches.setdefault(branch, []).append(error)

    def distance(errors: list[ValidationError]) -> tuple[bool, int]:
        return any(_wrong_type(e) for e in errors), len(errors)

    return min(branches.values(), key=distance)


def _wrong_type(error: ValidationError) -> bool:
    """Whether the alternative was meant for values of another type."""
    if error.relative_path:
        return False
    if error.validator == "enum" and isinstance(error.validator_value, list):
        return not any(isinstance(error.instance, type(value)) for value in error.validator_value)
    return error.validator == "type"


def root_cause(error: ValidationError) -> ValidationError:
    """The innermost fault, of the closest alternative at each level."""
    while error.context:
        parent, error = error, closest(error.context)[0]
        if error.parent is not parent:  # kept from another place: its path would lead elsewhere
            return parent
    return error
