"""The bodies of problems: RFC 9457, with the members that each kind has."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from structgen.api.base import Problem, UsageBody
from structgen.api.extract import AttemptBody
from structgen.types import Violation

_TOTAL = Field(default=None, description="How many there are, where there are more than are listed.")


class WithViolations(Problem):
    violations: list[Violation] = Field(description="Every fault with its pointer.")
    violations_total: int | None = _TOTAL


class WithAllowed(Problem):
    allowed: int = Field(description="The bound of this service.")


class WithRetryAfter(Problem):
    retry_after: float = Field(description="Seconds after which to try again; also in `Retry-After`.")


class WithAttempts(Problem):
    attempts: list[AttemptBody] = Field(description="What was tried.")
    usage: UsageBody = Field(description="The sum over all attempts.")


class OfSchemaLimit(WithAllowed):
    limit: str = Field(description="The name of the limit.")
    value: int = Field(description="What the schema has.")


class OfPromptTooLong(WithAllowed):
    tokens: int = Field(description="What prompt and document have.")


class OfIncomplete(WithAttempts):
    partial: Any = Field(description="What was complete: members, items and values without a cut.")
    cut_at: str = Field(description="Pointer to the place where the budget ended.")


class OfUnsatisfied(WithAttempts):
    violations: list[Violation] = Field(description="What is wrong with `last`.")
    violations_total: int | None = _TOTAL
    last: Any = Field(description="The last value.")


MEMBERS: dict[str, type[Problem]] = {
    "bad-request": WithViolations,
    "too-large": WithAllowed,
    "invalid-schema": WithViolations,
    "schema-limit": OfSchemaLimit,
    "prompt-too-long": OfPromptTooLong,
    "incomplete": OfIncomplete,
    "unsatisfied": OfUnsatisfied,
    "deadline": WithAttempts,
    "overloaded": WithRetryAfter,
    "rate-limited": WithRetryAfter,
    "engine-unavailable": WithRetryAfter,
}
"""By the name of the problem; one that is not here has the members of every problem alone."""
