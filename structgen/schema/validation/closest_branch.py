"""Choose the branch of `anyOf` or `oneOf` that came closest to accepting a value, where all failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jsonschema.exceptions import ValidationError


def closest_branch(context: Sequence[ValidationError]) -> list[ValidationError]:
    """Return the errors of the closest branch: of the right type first, then with the fewest errors.

    `context` has the errors of all branches, as `ValidationError.context` does.
    """
    branches: dict[Any, list[ValidationError]] = {}
    for error in context:
        # The schema false has no path of its own.
        branch = error.relative_schema_path[0] if error.relative_schema_path else None
        branches.setdefault(branch, []).append(error)

    def distance(errors: list[ValidationError]) -> tuple[bool, int]:
        return any(_is_type_mismatch(error) for error in errors), len(errors)

    return min(branches.values(), key=distance)


def _is_type_mismatch(error: ValidationError) -> bool:
    """Return whether the branch is for values of another type than the value itself."""
    if error.relative_path:
        return False
    if error.validator == "enum" and isinstance(error.validator_value, list):
        return not any(isinstance(error.instance, type(value)) for value in error.validator_value)
    return error.validator == "type"


def root_cause(error: ValidationError) -> ValidationError:
    """Return the innermost error, of the closest branch at each level."""
    while error.context:
        parent, error = error, closest_branch(error.context)[0]
        if error.parent is not parent:  # memoised at another location: its path would lead elsewhere
            return parent
    return error
