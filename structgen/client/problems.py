"""Errors from the problems of the wire."""

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
    """The error that a problem on the wire stands for; unknown names give `StructgenError`.

    Attempts and violations of an unexpected form are left out. `KeyError`, `TypeError` or `ValueError` where
    a member is missing or odd without which the error says nothing.
    """
    error = _named(problem)
    error.attempts = _readable(problem.get("attempts"), Attempt.from_json)
    error.usage = Usage.from_json(problem.get("usage"))
    return error


def _readable(entries: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    values = []
    for entry in entries if isinstance(entries, list | tuple) else ():
        with suppress(KeyError, TypeError, ValueError):
            values.append(read(entry))
    return tuple(values)


def _wait(value: Any) -> float:
    """Seconds to wait, where the problem tells a number that can be waited."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 86_400 else 1.0


def _named(problem: Mapping[str, Any]) -> StructgenError:
    name = str(problem.get("type", "")).rsplit("/", 1)[-1]
    detail = str(problem.get("detail") or problem.get("title") or name)
    violations = _readable(problem.get("violations"), Violation.from_json)
    nothing: tuple[Sequence[Attempt], Usage] = (), Usage()
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
            return Incomplete(detail, *nothing, problem.get("partial"), str(problem["cut_at"]))
        case "unsatisfied":
            return Unsatisfied(detail, *nothing, violations, problem.get("last"))
        case "deadline":
            return DeadlineExceeded(detail, *nothing)
        case "overloaded" | "rate-limited" | "engine-unavailable":
            later = {"overloaded": Overloaded, "rate-limited": RateLimited}
            return later.get(name, EngineUnavailable)(detail, _wait(problem.get("retry_after")))
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
