"""Errors of `structgen.errors` from the problems of responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from structgen.errors import (
    BadRequest,
    DeadlineExceeded,
    EngineFailed,
    EngineUnavailable,
    Forbidden,
    Incomplete,
    InvalidSchema,
    NotFound,
    Overloaded,
    PromptTooLong,
    RateLimited,
    RequestTimeout,
    SchemaLimit,
    StructgenError,
    TooLarge,
    Unauthorized,
    Unsatisfied,
    UnsupportedMedia,
)  # fmt: skip
from structgen.types import Attempt, Usage, Violation

T = TypeVar("T")


def from_problem(problem: Mapping[str, Any]) -> StructgenError:
    """Return the error of a problem; unknown names give `StructgenError`.

    Malformed attempts and violations are left out. Raises `KeyError`, `TypeError` or `ValueError` if a
    required member is missing or malformed.
    """
    error = _named(problem)
    error.attempts = _readable(problem.get("attempts"), Attempt.from_json)
    error.usage = Usage.from_json(problem.get("usage"))
    return error


def _readable(entries: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Return the entries that can be read."""
    values = []
    for entry in entries if isinstance(entries, list | tuple) else ():
        with suppress(KeyError, TypeError, ValueError):
            values.append(read(entry))
    return tuple(values)


def _retry_after(value: Any) -> float:
    """Return the seconds to wait, 1 if the value is no number of seconds within a day."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 86_400 else 1.0


def _named(problem: Mapping[str, Any]) -> StructgenError:
    name = str(problem.get("type", "")).rsplit("/", 1)[-1]
    detail = str(problem.get("detail") or problem.get("title") or name)
    violations = _readable(problem.get("violations"), Violation.from_json)
    no_account: tuple[Sequence[Attempt], Usage] = (), Usage()
    match name:
        case "bad-request":
            return BadRequest(detail, violations)
        case "invalid-schema":
            return InvalidSchema(detail, violations)
        case "schema-limit":
            return SchemaLimit(detail, str(problem["limit"]), int(problem["value"]), int(problem["allowed"]))
        case "prompt-too-long":
            return PromptTooLong(detail, int(problem["tokens"]), int(problem["allowed"]))
        case "too-large":
            return TooLarge(detail, int(problem.get("allowed", 0)))
        case "incomplete":
            return Incomplete(detail, *no_account, problem.get("partial"), str(problem["cut_at"]))
        case "unsatisfied":
            return Unsatisfied(detail, *no_account, violations, problem.get("last"))
        case "deadline":
            return DeadlineExceeded(detail, *no_account)
        case "overloaded" | "rate-limited" | "engine-unavailable":
            later = {"overloaded": Overloaded, "rate-limited": RateLimited}
            return later.get(name, EngineUnavailable)(detail, _retry_after(problem.get("retry_after")))
        case "unauthorized":
            return Unauthorized(detail)
        case "forbidden":
            return Forbidden(detail)
        case "unsupported-media-type":
            return UnsupportedMedia(detail)
        case "request-timeout":
            return RequestTimeout(detail)
        case "not-found":
            return NotFound(detail)
        case "engine-failed":
            return EngineFailed(detail)
    return StructgenError(detail)
