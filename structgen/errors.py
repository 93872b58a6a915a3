"""Everything that structgen raises on purpose, in one tree.

    StructgenError
    ├── BadRequest            the request is malformed
    ├── Unauthorized          the API key is missing or wrong
    ├── Forbidden             a web page of another site asked
    ├── UnsupportedMedia      the body is not declared to be JSON
    ├── NotFound              no such schema or route
    ├── RequestTimeout        the body did not arrive in time
    ├── TooLarge              the body is larger than the service takes
    ├── SchemaError
    │   ├── InvalidSchema     not a JSON Schema, or one that contradicts itself
    │   └── SchemaLimit       a schema beyond a configured limit
    ├── PromptTooLong         prompt and document do not fit the context
    ├── GenerationError       the model ran, and no valid object came of it
    │   ├── Incomplete        the token budget ended first
    │   ├── Unsatisfied       attempts ended with violations left
    │   └── DeadlineExceeded  the caller's deadline passed
    ├── Unavailable           try again later
    │   ├── Overloaded        the queue is full
    │   ├── RateLimited       this caller's share is used up
    │   └── EngineUnavailable the engine is down or restarting
    ├── ConnectionFailed      the service could not be reached, or the answer broke off
    ├── BadAnswer             the answer is not one of structgen's service, or is too large
    ├── EngineFailed          the engine failed on this request; a fault of ours
    ├── ClientGone            the client closed the connection before the response
    ├── ConfigError           a setting that cannot work
    └── MissingExtra          an optional dependency is not installed

`name` is the constant name of the problem on the wire (`/problems/<name>`); `members()` is what a
problem carries besides the detail. HTTP is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from structgen.distribution import install_command
from structgen.types import Attempt, Usage, Violation, shown

_SAID = 5
"""Faults of a request that its detail names; the others are in `violations`."""


class StructgenError(Exception):
    """Base of all errors of structgen. `str(error)` is the detail, in words."""

    name: ClassVar[str] = "internal"
    attempts: tuple[Attempt, ...] = ()
    """What had been tried by then, and what it cost."""
    usage: Usage = Usage()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by attributes: what the constructor takes differs from class to class."""
        return _again, (type(self), self.args, self.__dict__)

    def members(self) -> dict[str, Any]:
        """What the problem carries besides its detail: plain JSON values."""
        return {}

    def told(self) -> dict[str, Any]:
        """The members, and the account of what was tried before the error."""
        return {**self.members(), **(self.account() if self.attempts else {})}

    def account(self) -> dict[str, Any]:
        """The attempts before it, and their usage, as plain JSON values."""
        return {"attempts": [a.to_json() for a in self.attempts], "usage": self.usage.to_json()}


def _again(kind: type[StructgenError], args: tuple[Any, ...], data: dict[str, Any]) -> StructgenError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(data)
    return error


class BadRequest(StructgenError):
    """The request is malformed; `violations` holds every fault with its pointer into the request."""

    name = "bad-request"

    def __init__(self, detail: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(detail)
        self.violations = tuple(violations)

    @classmethod
    def of(cls, faults: Sequence[Violation], whole: str) -> Self:
        """With the first of the faults in words; `whole` is what has no pointer."""
        detail = "; ".join(f"{f.pointer or whole}: {f.message}" for f in faults[:_SAID])
        if (more := len(faults) - _SAID) > 0:
            detail = f"{detail}; and {more:,} more"
        return cls(detail, faults)

    def members(self) -> dict[str, Any]:
        return shown(self.violations)


class Unauthorized(StructgenError):
    """The API key is missing or wrong."""

    name = "unauthorized"


class Forbidden(StructgenError):
    """The request came from a web page that may not use the service."""

    name = "forbidden"


class UnsupportedMedia(StructgenError):
    """The body is not declared to be JSON."""

    name = "unsupported-media-type"


class NotFound(StructgenError):
    """No such schema or route."""

    name = "not-found"


class TooLarge(StructgenError):
    """The request body is larger than the service takes; sizes in bytes."""

    name = "too-large"

    def __init__(self, detail: str, allowed: int = 0) -> None:
        super().__init__(detail)
        self.allowed = allowed

    def members(self) -> dict[str, Any]:
        return {"allowed": self.allowed}


class RequestTimeout(StructgenError):
    """The body of the request did not arrive in time."""

    name = "request-timeout"


class SchemaError(StructgenError):
    """The caller's schema cannot be used."""


class InvalidSchema(SchemaError):
    """Not a JSON Schema, or one that contradicts itself; `violations` point into the schema."""

    name = "invalid-schema"

    def __init__(self, detail: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(detail)
        self.violations = tuple(violations)

    def members(self) -> dict[str, Any]:
        return shown(self.violations)


class SchemaLimit(SchemaError):
    """The schema is beyond a limit: its name in `limit`, what was found, what is allowed."""

    name = "schema-limit"

    def __init__(self, detail: str, limit: str, value: int, allowed: int) -> None:
        super().__init__(detail)
        self.limit, self.value, self.allowed = limit, value, allowed

    def members(self) -> dict[str, Any]:
        return {"limit": self.limit, "value": self.value, "allowed": self.allowed}


class PromptTooLong(StructgenError):
    """Prompt and document need `tokens`, the context has room for `allowed`."""

    name = "prompt-too-long"

    def __init__(self, detail: str, tokens: int, allowed: int) -> None:
        super().__init__(detail)
        self.tokens, self.allowed = tokens, allowed

    def members(self) -> dict[str, Any]:
        return {"tokens": self.tokens, "allowed": self.allowed}


class GenerationError(StructgenError):
    """The model ran and no valid object came of it: what was tried, and what it cost."""

    def __init__(self, detail: str, attempts: Sequence[Attempt], usage: Usage) -> None:
        super().__init__(detail)
        self.attempts, self.usage = tuple(attempts), usage

    def members(self) -> dict[str, Any]:
        return self.account()


class Incomplete(GenerationError):
    """The token budget ended first: `partial` holds what was complete, `cut_at` the pointer of the cut."""

    name = "incomplete"

    def __init__(
        self, detail: str, attempts: Sequence[Attempt], usage: Usage, partial: Any, cut_at: str
    ) -> None:
        super().__init__(detail, attempts, usage)
        self.partial, self.cut_at = partial, cut_at

    def members(self) -> dict[str, Any]:
        return {"partial": self.partial, "cut_at": self.cut_at, **super().members()}


class Unsatisfied(GenerationError):
    """Attempts, tokens or time ended with violations left; `last` is the last value."""

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

    def members(self) -> dict[str, Any]:
        return {**shown(self.violations), "last": self.last, **super().members()}


class DeadlineExceeded(GenerationError):
    """The caller's deadline passed."""

    name = "deadline"


class Unavailable(StructgenError):
    """Try again after `retry_after` seconds."""

    def __init__(self, detail: str, retry_after: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Overloaded(Unavailable):
    """The queue is full."""

    name = "overloaded"


class RateLimited(Unavailable):
    """This caller's share is used up."""

    name = "rate-limited"


class EngineUnavailable(Unavailable):
    """The engine is down or restarting."""

    name = "engine-unavailable"


class ConnectionFailed(StructgenError):
    """The service could not be reached, or its answer broke off."""

    name = "connection-failed"


class BadAnswer(StructgenError):
    """The answer is not one that structgen's service gives, or it is larger than the client reads."""

    name = "bad-answer"


class EngineFailed(StructgenError):
    """The engine failed on this request; the fault is ours, not the caller's."""

    name = "engine-failed"


class ClientGone(StructgenError):
    """The client closed the connection before the response."""

    name = "client-gone"


class ConfigError(StructgenError):
    """A setting that cannot work; the detail names it and the fix."""

    name = "config"


class MissingExtra(ConfigError):
    """An optional dependency is not installed; the detail names the extra to install."""

    def __init__(self, extra: str, cause: ImportError, package: str = "") -> None:
        command = install_command(extra, *package.split())
        super().__init__(f"this needs packages that are not installed ({cause}): {command}")
        self.extra = extra
