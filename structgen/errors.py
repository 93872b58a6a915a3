"""All errors that structgen raises on purpose, in one tree.

    StructgenError
    ├── BadRequest            the request is malformed
    ├── Unauthorized          the API key is missing or wrong
    ├── Forbidden             another site's web page sent the request, or it names another host
    ├── UnsupportedMedia      the content type of the body is not JSON
    ├── NotFound              the schema or route does not exist
    ├── RequestTimeout        the body did not arrive in time
    ├── TooLarge              the body is larger than the service accepts
    ├── SchemaError
    │   ├── InvalidSchema     the schema is not valid JSON Schema, or contradicts itself
    │   └── SchemaLimit       the schema exceeds a configured limit
    ├── PromptTooLong         prompt and document do not fit the context
    ├── GenerationError       the model ran but produced no valid object
    │   ├── Incomplete        the token budget ended first
    │   ├── Unsatisfied       violations remain when attempts, tokens or time run out
    │   └── DeadlineExceeded  the caller's deadline passed
    ├── Unavailable           the caller can try again later
    │   ├── Overloaded        the queue is full
    │   ├── RateLimited       the caller has used up its share (reserved)
    │   └── EngineUnavailable the engine is down or restarting
    ├── ConnectionFailed      the service is unreachable, or the connection was lost
    ├── BadAnswer             the response does not come from structgen's service, or is too large
    ├── EngineFailed          the engine failed on this request; the caller is not at fault
    ├── ClientGone            the client closed the connection before the response
    └── ConfigError           a setting is unusable
        ├── MissingExtra      an optional dependency is not installed
        └── Unplannable       structgen cannot make a memory plan for vLLM

`name` is the constant name of the problem on the wire (`/problems/<name>`). `problem_members()` are the
other members of the problem. This module does not know HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from structgen.distribution import install_command
from structgen.types import Attempt, Usage, Violation, violation_members

_MAX_IN_DETAIL = 5
"""Violations of a request that its detail names; `violations` has all."""


class StructgenError(Exception):
    """Base of all errors of structgen. `str(error)` is the detail in plain English."""

    name: ClassVar[str] = "internal"
    attempts: tuple[Attempt, ...] = ()
    """Attempts of the model before the error."""
    usage: Usage = Usage()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes: the constructors of the classes take different arguments."""
        return _restore, (type(self), self.args, self.__dict__)

    def problem_members(self) -> dict[str, Any]:
        """Return the members of the problem beside type, title and detail, as plain JSON values.

        These are the members of the class, and the attempts with their usage if there were any.
        """
        return {**self._members(), **(self._attempts_and_usage() if self.attempts else {})}

    def _members(self) -> dict[str, Any]:
        return {}

    def _attempts_and_usage(self) -> dict[str, Any]:
        return {"attempts": [a.to_json() for a in self.attempts], "usage": self.usage.to_json()}


def _restore(kind: type[StructgenError], args: tuple[Any, ...], data: dict[str, Any]) -> StructgenError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(data)
    return error


class BadRequest(StructgenError):
    """The request is malformed; `violations` has every error with its pointer into the request."""

    name = "bad-request"

    def __init__(self, detail: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(detail)
        self.violations = tuple(violations)

    @classmethod
    def from_violations(cls, violations: Sequence[Violation], whole: str) -> Self:
        """Build the error with the first violations in its detail; `whole` names an empty pointer."""
        detail = "; ".join(f"{v.pointer or whole}: {v.message}" for v in violations[:_MAX_IN_DETAIL])
        if (more := len(violations) - _MAX_IN_DETAIL) > 0:
            detail = f"{detail}; and {more:,} more"
        return cls(detail, violations)

    def _members(self) -> dict[str, Any]:
        return violation_members(self.violations)


class Unauthorized(StructgenError):
    """The API key is missing or wrong."""

    name = "unauthorized"


class Forbidden(StructgenError):
    """A web page that may not use the service sent the request, or the request names another host."""

    name = "forbidden"


class UnsupportedMedia(StructgenError):
    """The content type of the body is not JSON."""

    name = "unsupported-media-type"


class NotFound(StructgenError):
    """The schema or route does not exist."""

    name = "not-found"


class TooLarge(StructgenError):
    """The request body has more than `allowed` bytes."""

    name = "too-large"

    def __init__(self, detail: str, allowed: int = 0) -> None:
        super().__init__(detail)
        self.allowed = allowed

    def _members(self) -> dict[str, Any]:
        return {"allowed": self.allowed}


class RequestTimeout(StructgenError):
    """The body of the request did not arrive in time."""

    name = "request-timeout"


class SchemaError(StructgenError):
    """The caller's schema cannot be used."""


class InvalidSchema(SchemaError):
    """The schema is not valid JSON Schema, or contradicts itself; `violations` point into the schema."""

    name = "invalid-schema"

    def __init__(self, detail: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(detail)
        self.violations = tuple(violations)

    def _members(self) -> dict[str, Any]:
        return violation_members(self.violations)


class SchemaLimit(SchemaError):
    """The schema exceeds `limit`: its `value` is higher than `allowed`."""

    name = "schema-limit"

    def __init__(self, detail: str, limit: str, value: int, allowed: int) -> None:
        super().__init__(detail)
        self.limit, self.value, self.allowed = limit, value, allowed

    def _members(self) -> dict[str, Any]:
        return {"limit": self.limit, "value": self.value, "allowed": self.allowed}


class PromptTooLong(StructgenError):
    """Prompt and document have `tokens` tokens; the context has room for `allowed`."""

    name = "prompt-too-long"

    def __init__(self, detail: str, tokens: int, allowed: int) -> None:
        super().__init__(detail)
        self.tokens, self.allowed = tokens, allowed

    def _members(self) -> dict[str, Any]:
        return {"tokens": self.tokens, "allowed": self.allowed}


class GenerationError(StructgenError):
    """The model ran but produced no valid object; `attempts` and `usage` have the details."""

    def __init__(self, detail: str, attempts: Sequence[Attempt], usage: Usage) -> None:
        super().__init__(detail)
        self.attempts, self.usage = tuple(attempts), usage

    def _members(self) -> dict[str, Any]:
        return self._attempts_and_usage()


class Incomplete(GenerationError):
    """The token budget ended first; `partial` has the complete members, `cut_at` the pointer of the cut."""

    name = "incomplete"

    def __init__(
        self, detail: str, attempts: Sequence[Attempt], usage: Usage, partial: Any, cut_at: str
    ) -> None:
        super().__init__(detail, attempts, usage)
        self.partial, self.cut_at = partial, cut_at

    def _members(self) -> dict[str, Any]:
        return {"partial": self.partial, "cut_at": self.cut_at, **super()._members()}


class Unsatisfied(GenerationError):
    """Violations remain when attempts, tokens or time run out; `last` is the last value."""

    name = "unsatisfied"

    def __init__(
        self,
        detail: str,
        attempts: Sequence[Attempt],
        usage: Usage,
        violations: Sequence[Violation],
        last: Any,
    ) -> None:
        super().__init__(detail, attempts, usage)
        self.violations, self.last = tuple(violations), last

    def _members(self) -> dict[str, Any]:
        return {**violation_members(self.violations), "last": self.last, **super()._members()}


class DeadlineExceeded(GenerationError):
    """The caller's deadline passed."""

    name = "deadline"


class Unavailable(StructgenError):
    """The caller can try again after `retry_after` seconds."""

    def __init__(self, detail: str, retry_after: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Overloaded(Unavailable):
    """The queue is full."""

    name = "overloaded"


class RateLimited(Unavailable):
    """The caller has used up its share.

    Reserved: the API has the problem `rate-limited` for jobs, which do not exist yet. Only the client raises
    this error, if a service sends the problem.
    """

    name = "rate-limited"


class EngineUnavailable(Unavailable):
    """The engine is down or restarting."""

    name = "engine-unavailable"


class ConnectionFailed(StructgenError):
    """The service is unreachable, or the connection was lost during the response."""

    name = "connection-failed"


class BadAnswer(StructgenError):
    """The response does not come from structgen's service, or is larger than the client accepts."""

    name = "bad-answer"


class EngineFailed(StructgenError):
    """The engine failed on this request; the caller is not at fault."""

    name = "engine-failed"


class ClientGone(StructgenError):
    """The client closed the connection before the response."""

    name = "client-gone"


class ConfigError(StructgenError):
    """A setting is unusable; the detail names it and the remedy."""

    name = "config"


class MissingExtra(ConfigError):
    """An optional dependency is not installed; the detail has the command that installs it."""

    def __init__(self, extra: str, cause: ImportError, package: str = "") -> None:
        command = install_command(extra, *package.split())
        super().__init__(f"required packages are not installed ({cause}); install them with: {command}")
        self.extra = extra


class Unplannable(ConfigError):
    """structgen cannot make a memory plan for vLLM. vLLM may run with its own defaults."""
