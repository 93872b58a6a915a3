"""Errors of `structgen.errors` from the problems of responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from structgen.client.results import read_coverage
from structgen.errors import PROBLEMS, StructgenError
from structgen.types import Attempt, Coverage, Usage, Violation

T = TypeVar("T")


def from_problem(problem: Mapping[str, Any]) -> StructgenError:
    """Return the error of a problem; unknown names give `StructgenError`.

    Malformed attempts and violations are left out. Raises `KeyError`, `TypeError` or `ValueError` if a
    required member is missing or malformed.
    """
    error = _named(problem)
    for member in ("attempts", "usage"):
        setattr(error, member, _READERS[member](problem.get(member)))
    return error


def _readable(entries: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Return the entries that can be read."""
    values = []
    for entry in entries if isinstance(entries, list | tuple) else ():
        with suppress(KeyError, TypeError, ValueError):
            values.append(read(entry))
    return tuple(values)


def _coverage(entries: Any) -> dict[str, Coverage] | None:
    """Return the coverage of lists; None if there is none that can be read."""
    with suppress(AttributeError, KeyError, TypeError, ValueError):
        return read_coverage(entries)
    return None


def _retry_after(value: Any) -> float:
    """Return the seconds to wait, 1 if the value is no number of seconds within a day."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 86_400 else 1.0


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "allowed": int,
    "attempts": lambda entries: _readable(entries, Attempt.from_json),
    "coverage": _coverage,
    "cut_at": str,
    "last": lambda value: value,
    "limit": str,
    "file": lambda value: None if value is None else str(value),
    "partial": lambda value: value,
    "reason": str,
    "retry_after": _retry_after,
    "tokens": int,
    "usage": Usage.from_json,
    "value": int,
    "violations": lambda entries: _readable(entries, Violation.from_json),
}
"""Readers of the members of problems, which are arguments of the errors' constructors."""
_OPTIONAL = {"attempts", "file", "last", "partial", "usage", "violations"}
"""Members that a problem may lack; for all others the constructor has a default or fails."""


def _named(problem: Mapping[str, Any]) -> StructgenError:
    name = str(problem.get("type", "")).rsplit("/", 1)[-1]
    detail = str(problem.get("detail") or problem.get("title") or name)
    kind: Any = PROBLEMS.get(name, StructgenError)
    given = [member for member in kind.members if member in problem or member in _OPTIONAL]
    error: StructgenError = kind(
        detail, **{member: _READERS[member](problem.get(member)) for member in given}
    )
    return error
