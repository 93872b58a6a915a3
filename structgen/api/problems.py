"""Bodies of problems: RFC 9457, with the members of each kind."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from structgen.api.base import VIOLATIONS_TOTAL, Problem, UsageBody
from structgen.api.extract import AttemptBody
from structgen.types import Violation

_TOTAL = Field(default=None, description=VIOLATIONS_TOTAL)


class WithViolations(Problem):
    """A problem that lists violations."""

    violations: list[Violation] = Field(description="Every error with its pointer.")
    violations_total: int | None = _TOTAL


class WithAllowed(Problem):
    """A problem about a limit of the service."""

    allowed: int = Field(description="The limit of this service.")


class WithRetryAfter(Problem):
    """A problem that a later retry may avoid."""

    retry_after: float = Field(description="Seconds to wait before a retry; also in `Retry-After`.")


class WithAttempts(Problem):
    """A problem that occurs after the model ran."""

    attempts: list[AttemptBody] = Field(description="All attempts.")
    usage: UsageBody = Field(description="The sum over all attempts.")


class SchemaLimitMembers(WithAllowed):
    """Members of `schema-limit`."""

    limit: str = Field(description="The name of the limit.")
    value: int = Field(description="The value of the schema, above `allowed`.")


class PromptTooLongMembers(WithAllowed):
    """Members of `prompt-too-long`."""

    tokens: int = Field(description="Tokens of prompt and document.")


class IncompleteMembers(WithAttempts):
    """Members of `incomplete`."""

    partial: Any = Field(description="The complete members, items and values.")
    cut_at: str = Field(description="Pointer to the value at which the budget ended.")


class UnsatisfiedMembers(WithAttempts):
    """Members of `unsatisfied`."""

    violations: list[Violation] = Field(description="The violations of `last`.")
    violations_total: int | None = _TOTAL
    last: Any = Field(description="The last value.")


MEMBERS: dict[str, type[Problem]] = {
    "bad-request": WithViolations,
    "too-large": WithAllowed,
    "invalid-schema": WithViolations,
    "schema-limit": SchemaLimitMembers,
    "prompt-too-long": PromptTooLongMembers,
    "incomplete": IncompleteMembers,
    "unsatisfied": UnsatisfiedMembers,
    "deadline": WithAttempts,
    "overloaded": WithRetryAfter,
    "rate-limited": WithRetryAfter,
    "engine-unavailable": WithRetryAfter,
}
"""Models by the name of the problem; a problem without a model has only the common members."""
