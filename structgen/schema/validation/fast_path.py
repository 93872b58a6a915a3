"""Decide cheaply that a value is valid: `jsonschema-rs`, for schemas whose cost has a small static bound.

`Validator` decides all else. The fast path only ever answers "surely valid" or "unknown": it accepts schemas
each of whose keywords both packages decide alike (a test compares them), without remote or circular
references, of a small expanded size. Its time is then bounded by that size and the size of the value, so that
it may run in the process that serves requests.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from structgen.schema.dialects import LATEST, Dialect
from structgen.schema.formats import checker, formats
from structgen.schema.validation.schema_weight import LINEAR_FORMATS

MAX_WORK = 200_000
"""Units of a schema times units of a value (eight bytes each) that one check may cost."""
MAX_CONTAINERS = 500
"""Objects and lists of a value: no value with fewer is nested too deeply for the full validator."""
_VALIDATORS = {
    "draft4": "Draft4Validator",
    "draft6": "Draft6Validator",
    "draft7": "Draft7Validator",
    "draft2019-09": "Draft201909Validator",
    "draft2020-12": "Draft202012Validator",
}
"""Names in `jsonschema_rs`, which is imported when a value is first checked."""


class FastPath:
    """One schema, compiled by `jsonschema-rs`. `weight` is the result of `weight_of`."""

    def __init__(self, definition: Any, dialect: Dialect, weight: int) -> None:
        import jsonschema_rs

        checkers = checker(dialect).checkers
        unchecked = formats(LATEST) - checkers.keys()
        conforms: dict[str, Callable[[str], bool]] = dict.fromkeys(unchecked, _conforms_always)
        conforms |= {name: _conforms(*checkers[name]) for name in LINEAR_FORMATS & checkers.keys()}
        self._weight = weight
        validator_class = getattr(jsonschema_rs, _VALIDATORS[dialect.name])
        self._is_valid: Callable[[Any], bool] = validator_class(
            definition, formats=conforms, validate_formats=True, offline=True
        ).is_valid

    def surely_valid(self, value: Any) -> bool:
        """Return whether a value that `json_text` read is valid; False also where it would cost too much."""
        try:
            pickled = pickle.dumps(value, 5)
            if self._weight * len(pickled) > 8 * MAX_WORK:
                return False
            # Each container has its opcode: counting those (and the same bytes in strings) takes no walk.
            if pickled.count(b"}") + pickled.count(b"]") > MAX_CONTAINERS:
                return False
            return self._is_valid(value)
        except (ValueError, TypeError, RecursionError):  # such as lone surrogates: the validator names them
            return False


def compiled(definition: Any, dialect: Dialect, weight: int) -> FastPath | None:
    """Return the compiled schema; None where the package rejects it."""
    try:
        return FastPath(definition, dialect, weight)
    except Exception:  # whatever the package rejects, the full validator decides
        return None


def _conforms_always(text: str) -> bool:
    """Accept any string for a format that the draft does not check."""
    return True


def _conforms(check: Callable[[object], bool], raised: Any) -> Callable[[str], bool]:
    """Adapt a check of `jsonschema` to `jsonschema-rs`."""

    def conforms(text: str) -> bool:
        try:
            return bool(check(text))
        except raised:
            return False

    return conforms
