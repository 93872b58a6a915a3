"""All errors that structgen raises on purpose, in one tree.

    StructgenError
    ├── BadRequest            the request is malformed
    ├── Unauthorized          the API key is missing or wrong
    ├── Forbidden             another site's web page sent the request, or it names another host
    ├── UnsupportedMedia      the content type of the body is not JSON
    ├── NotFound              the schema or route does not exist
    ├── MethodNotAllowed      the route does not support the method of the request
    ├── RequestTimeout        the body did not arrive in time
    ├── TooLarge              the body is larger than the service accepts
    ├── SchemaError
    │   ├── InvalidSchema     the schema is not valid JSON Schema, or contradicts itself
    │   └── SchemaLimit       the schema exceeds a configured limit
    ├── InputLimit            an object and its source exceed a limit of grounding
    ├── UnreadableFile        a file has no text that can be read, or exceeds a limit
    ├── PromptTooLong         prompt and document do not fit the context
    ├── GenerationError       the model ran but produced no valid object
    │   ├── Incomplete        the token budget ended first
    │   ├── Unsatisfied       violations remain when attempts, tokens or time run out
    │   └── DeadlineExceeded  the caller's deadline passed
    ├── Unavailable           the caller can try again later
    │   ├── Overloaded        the queue is full
    │   └── EngineUnavailable the engine is down or restarting
    ├── ConnectionFailed      the service is unreachable, or the response broke off
    ├── BadResponse           the response does not come from structgen's service, or is too large
    ├── EngineFailed          the engine failed on this request; not the caller's fault
    ├── ConverterFailed       the configured converter of files cannot be reached, or failed
    ├── ClientGone            the client closed the connection before the response
    └── ConfigError           a setting is unusable
        ├── MissingExtra      an optional dependency is not installed
        └── Unplannable       structgen cannot make a memory plan for vLLM

A class has all that the service, the client and the command line derive from an error:

- `name`: the constant name of the problem on the wire (`/problems/<name>`);
- `status` and `meaning`: the HTTP status and the text that documents the problem; a class without its own
  `meaning` is no problem of the service;
- `members`: the attributes that are members of the problem, and arguments of the constructor. A new member
  also needs its type in `api.problems` and its reader in `client.problems`;
- `exit_code` of the command line: 1 without a valid object, 2 if the caller must change something, else 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

from structgen.distribution import install_command
from structgen.error_members import json_members
from structgen.messages import violations_detail
from structgen.types import Attempt, Coverage, Usage, Violation

_ACCOUNT = ("attempts", "usage")
"""Members of every error after the model ran."""


class StructgenError(Exception):
    """Base of all errors of structgen. `str(error)` is the detail in plain English."""

    name: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    meaning = "The service failed; its log has the request id."
    exit_code: ClassVar[int] = 3
    members: ClassVar[tuple[str, ...]] = ()
    attempts: tuple[Attempt, ...] = ()
    """Attempts of the model before the error."""
    usage: Usage = Usage()
    pointer: str | None = None
    """Pointer to the member of the request that is at fault, where the error is about one."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes: the constructors of the classes take different arguments."""
        return _restore, (type(self), self.args, self.__dict__)

    def problem_members(self) -> dict[str, Any]:
        """Return the members of the problem beside type, title and detail, as plain JSON values.

        These are the members of the class, and the attempts with their usage if there were any.
        """
        names = dict.fromkeys((*self.members, *(_ACCOUNT if self.attempts else ())))
        return json_members(self, names)


def _restore(kind: type[StructgenError], args: tuple[Any, ...], data: dict[str, Any]) -> StructgenError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(data)
    return error


class BadRequest(StructgenError):
    """The request is malformed; `violations` has every error with its pointer into the request."""

    name = "bad-request"
    status = 400
    meaning = "The request is malformed; `violations` lists every error with its pointer."
    exit_code = 2
    members = ("violations",)

    def __init__(self, detail: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(detail)
        self.violations = tuple(violations)

    @classmethod
    def from_violations(cls, violations: Sequence[Violation], whole: str) -> Self:
        """Build the error with the first violations in its detail; `whole` names an empty pointer."""
        return cls(violations_detail(violations, whole), violations)


class Unauthorized(StructgenError):
    """The API key is missing or wrong."""

    name = "unauthorized"
    status = 401
    meaning = "Send the API key: `Authorization: Bearer KEY`."
    exit_code = 2


class Forbidden(StructgenError):
    """A web page that may not use the service sent the request, or the request names another host."""

    name = "forbidden"
    status = 403
    meaning = "A service without an API key refuses web pages of other sites, and other host names."
    exit_code = 2


class UnsupportedMedia(StructgenError):
    """The content type of the body is not JSON."""

    name = "unsupported-media-type"
    status = 415
    meaning = "The body must be declared as JSON: `Content-Type: application/json`."
    exit_code = 2


class NotFound(StructgenError):
    """The schema or route does not exist."""

    name = "not-found"
    status = 404
    meaning = "The schema or route does not exist."
    exit_code = 2


class MethodNotAllowed(StructgenError):
    """The route does not support the method of the request."""

    name = "method-not-allowed"
    status = 405
    meaning = "The route does not support this method."
    exit_code = 2


class TooLarge(StructgenError):
    """The request body has more than `allowed` bytes."""

    name = "too-large"
    status = 413
    meaning = "The body is larger than `allowed` bytes; the connection is closed."
    exit_code = 2
    members = ("allowed",)

    def __init__(self, detail: str, allowed: int = 0) -> None:
        super().__init__(detail)
        self.allowed = allowed


class RequestTimeout(StructgenError):
    """The body of the request did not arrive in time."""

    name = "request-timeout"
    status = 408
    meaning = "The body did not arrive in time; the connection is closed."


class SchemaError(StructgenError):
    """The caller's schema cannot be used."""

    exit_code = 2


class InvalidSchema(SchemaError):
    """The schema is not valid JSON Schema, or contradicts itself; `violations` point into the schema."""

    name = "invalid-schema"
    status = 422
    meaning = "The schema is not a JSON Schema, or contradicts itself; `violations` point into it."
    members = ("violations",)

    def __init__(self, detail: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(detail)
        self.violations = tuple(violations)


class SchemaLimit(SchemaError):
    """The schema exceeds `limit`: its `value` is higher than `allowed`."""

    name = "schema-limit"
    status = 422
    meaning = "The schema exceeds `limit`: its `value` is above `allowed`."
    members = ("limit", "value", "allowed")

    def __init__(self, detail: str, limit: str, value: int, allowed: int) -> None:
        super().__init__(detail)
        self.limit, self.value, self.allowed = limit, value, allowed


class InputLimit(StructgenError):
    """An object, or the source that it is grounded in, exceeds `limit`: its `value` is above `allowed`."""

    name = "input-limit"
    status = 422
    meaning = "The data or its source exceeds `limit`: its `value` is above `allowed`."
    exit_code = 2
    members = ("limit", "value", "allowed")

    def __init__(self, detail: str, limit: str, value: int, allowed: int) -> None:
        super().__init__(detail)
        self.limit, self.value, self.allowed = limit, value, allowed


class UnreadableFile(StructgenError):
    """A file has no text that can be read; `reason` is a stable word for why, `file` the file's name."""

    name = "unreadable-file"
    status = 422
    meaning = (
        "The file cannot be read: `reason` is empty, unknown-format, encrypted, damaged, no-text or limit."
    )
    exit_code = 2
    members = ("reason", "file")

    def __init__(self, detail: str, reason: str, file: str | None = None) -> None:
        super().__init__(detail)
        self.reason, self.file = reason, file


class PromptTooLong(StructgenError):
    """Prompt and document have `tokens` tokens; the context has room for `allowed`."""

    name = "prompt-too-long"
    status = 422
    meaning = "The prompt has `tokens` tokens or more; the context has room for `allowed`."
    exit_code = 2
    members = ("tokens", "allowed")

    def __init__(self, detail: str, tokens: int, allowed: int) -> None:
        super().__init__(detail)
        self.tokens, self.allowed = tokens, allowed


class GenerationError(StructgenError):
    """The model ran but produced no valid object; `attempts` and `usage` have the details."""

    exit_code = 1
    members: ClassVar[tuple[str, ...]] = _ACCOUNT

    def __init__(self, detail: str, attempts: Sequence[Attempt], usage: Usage) -> None:
        super().__init__(detail)
        self.attempts, self.usage = tuple(attempts), usage


class Incomplete(GenerationError):
    """The token budget ended first, or a list lacks rows of the document.

    `partial` has the complete members, `cut_at` the pointer of the cut, `coverage` the rows of each list.
    """

    name = "incomplete"
    status = 422
    meaning = (
        "The token budget ended first, the answer ran in a loop, or a list lacks rows of the document: "
        "`partial` has the complete members, `cut_at` the pointer of the cut or of the list, `coverage` "
        "the rows of each list."
    )
    members = ("partial", "cut_at", "coverage", *_ACCOUNT)

    def __init__(
        self,
        detail: str,
        attempts: Sequence[Attempt],
        usage: Usage,
        partial: Any,
        cut_at: str,
        coverage: Mapping[str, Coverage] | None = None,
    ) -> None:
        super().__init__(detail, attempts, usage)
        self.partial, self.cut_at, self.coverage = partial, cut_at, coverage


class Unsatisfied(GenerationError):
    """Violations remain when attempts, tokens or time run out; `last` is the last value."""

    name = "unsatisfied"
    status = 422
    meaning = "`violations` remain when attempts, tokens or time run out; `last` is the last value."
    members = ("violations", "last", *_ACCOUNT)

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


class DeadlineExceeded(GenerationError):
    """The caller's deadline passed."""

    name = "deadline"
    status = 504
    meaning = "The deadline passed; `attempts` and `usage` show the work done."


class Unavailable(StructgenError):
    """The caller can try again after `retry_after` seconds."""

    members = ("retry_after",)

    def __init__(self, detail: str, retry_after: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Overloaded(Unavailable):
    """The queue is full."""

    name = "overloaded"
    status = 429
    meaning = "The queue is full, or all connections are in use: try again after `Retry-After` seconds."


class EngineUnavailable(Unavailable):
    """The engine is down or restarting."""

    name = "engine-unavailable"
    status = 503
    meaning = "The engine is down or restarting: try again after `Retry-After` seconds."


class ConnectionFailed(StructgenError):
    """The service is unreachable, or the connection was lost during the response."""

    name = "connection-failed"


class BadResponse(StructgenError):
    """The response does not come from structgen's service, or is larger than the client accepts."""

    name = "bad-response"


class EngineFailed(StructgenError):
    """The engine failed on this request; the caller is not at fault."""

    name = "engine-failed"
    status = 500
    meaning = "The engine failed on this request; the caller is not at fault."


class ConverterFailed(StructgenError):
    """The configured converter of files cannot be reached, or failed; the caller is not at fault."""

    name = "converter-failed"
    status = 502
    meaning = "The service's converter of files cannot be reached, or failed; the caller is not at fault."


class ClientGone(StructgenError):
    """The client closed the connection before the response."""

    name = "client-gone"
    status = 499
    meaning = "The client closed the connection before the response; the generation was stopped."


class ConfigError(StructgenError):
    """A setting is unusable; the detail names it and the remedy."""

    name = "config"
    exit_code = 2


class MissingExtra(ConfigError):
    """An optional dependency is not installed; the detail has the command that installs it."""

    def __init__(self, extra: str, cause: ImportError, package: str = "") -> None:
        command = install_command(extra, *package.split())
        super().__init__(f"required packages are not installed ({cause}); install them with: {command}")
        self.extra = extra


class Unplannable(ConfigError):
    """No memory plan for vLLM can be made. vLLM may run with its own defaults."""


def _subtree(kind: type[StructgenError]) -> Iterator[type[StructgenError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _subtree(child)


PROBLEMS: Mapping[str, type[StructgenError]] = {
    kind.name: kind
    for kind in sorted(_subtree(StructgenError), key=lambda kind: kind.status)
    if "meaning" in vars(kind)
}
"""The errors that are problems of the service, by their names, in the order of their statuses."""
