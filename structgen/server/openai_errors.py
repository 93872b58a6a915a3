"""Errors as OpenAI's clients read them, on the routes that they call."""

from __future__ import annotations

import math
from typing import Any

from structgen.errors import Forbidden, StructgenError, Unauthorized, Unavailable

_ROUTES = {
    "assistants", "audio", "chat", "completions", "embeddings", "images", "models", "moderations", "realtime",
    "responses", "threads",
}  # fmt: skip
"""First segments of the paths that OpenAI's clients call, with or without `/v1`."""
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
        "type": _type(error),
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


def _type(error: StructgenError) -> str:
    if isinstance(error, Unauthorized):
        return "authentication_error"
    if isinstance(error, Forbidden):
        return "permission_error"
    if error.status == 429:
        return "rate_limit_error"
    return "server_error" if error.status >= 500 else "invalid_request_error"


def retry_headers(error: StructgenError) -> dict[str, str]:
    """Return when a client may try again, or that it need not."""
    if isinstance(error, Unavailable):
        return {"Retry-After": str(min(MAX_RETRY_AFTER, max(1, math.ceil(error.retry_after))))}
    helps = error.status in _RETRIED or (error.status >= 500 and error.name not in ("deadline", "internal"))
    return {} if helps else {"x-should-retry": "false"}
