"""Errors as OpenAI's clients read them, on the routes that they call."""

from __future__ import annotations

import math
from typing import Any

from structgen.errors import StructgenError, Unavailable

_ROUTES = {
    "assistants", "audio", "chat", "completions", "embeddings", "images", "models", "moderations", "realtime",
    "responses", "threads",
}  # fmt: skip
"""First segments of the paths that OpenAI's clients call, with or without `/v1`."""
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_RETRIED = (408, 409, 429)
"""Statuses below 500 that clients retry."""
MAX_RETRY_AFTER = 60
"""Seconds of `Retry-After` that every client waits; some give up beyond them."""


def is_openai_path(path: str) -> bool:
    """Return whether a client of OpenAI's API calls the path."""
    segments = [segment for segment in path.split("/") if segment not in ("", "v1")]
    return bool(segments) and segments[0] in _ROUTES


def envelope(error: StructgenError) -> dict[str, Any]:
    """Return the body of an error; its member `structgen` has the members of the problem."""
    body: dict[str, Any] = {
        "message": str(error),
        "type": error_type(error.status),
        "param": param_of(error),
        "code": error.name,
    }
    if members := error.problem_members():
        body["structgen"] = members
    return {"error": body}


def param_of(error: StructgenError) -> str | None:
    """Return the pointer to what is wrong in the request; None where that is not one place."""
    if error.pointer is not None:
        return error.pointer
    violations = getattr(error, "violations", ()) if error.status == 400 else ()
    return violations[0].pointer or None if violations else None


def error_type(status: int) -> str:
    """Return the type of the errors with a status."""
    if status >= 500:
        return "server_error"
    return _TYPES.get(status, "invalid_request_error")


def retry_headers(error: StructgenError) -> dict[str, str]:
    """Return when a client may try again, or that it need not."""
    if isinstance(error, Unavailable):
        return {"Retry-After": str(min(MAX_RETRY_AFTER, max(1, math.ceil(error.retry_after))))}
    helps = error.status in _RETRIED or (error.status >= 500 and error.name not in ("deadline", "internal"))
    return {} if helps else {"x-should-retry": "false"}
