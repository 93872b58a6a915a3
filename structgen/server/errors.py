"""The one map from errors to HTTP statuses, and the problem bodies of responses."""

from __future__ import annotations

from typing import Any

from structgen.errors import StructgenError, Unavailable
from structgen.problem_details import problem_details

STATUS = {
    "bad-request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "request-timeout": 408,
    "too-large": 413,
    "unsupported-media-type": 415,
    "invalid-schema": 422,
    "schema-limit": 422,
    "prompt-too-long": 422,
    "incomplete": 422,
    "unsatisfied": 422,
    "overloaded": 429,
    "rate-limited": 429,
    "client-gone": 499,
    "internal": 500,
    "engine-failed": 500,
    "engine-unavailable": 503,
    "deadline": 504,
}
MEANING = {
    "bad-request": "The request is malformed; `violations` lists every error with its pointer.",
    "unauthorized": "Send the API key: `Authorization: Bearer KEY`.",
    "forbidden": "A service without an API key refuses web pages of other sites, and other host names.",
    "not-found": "The schema or route does not exist.",
    "method-not-allowed": "The route does not support this method.",
    "request-timeout": "The body did not arrive in time; the connection is closed.",
    "too-large": "The body is larger than `allowed` bytes; the connection is closed.",
    "unsupported-media-type": "The body must be declared as JSON: `Content-Type: application/json`.",
    "invalid-schema": "The schema is not a JSON Schema, or contradicts itself; `violations` point into it.",
    "schema-limit": "The schema exceeds `limit`: its `value` is above `allowed`.",
    "prompt-too-long": "The prompt has `tokens` tokens or more; the context has room for `allowed`.",
    "incomplete": "The token budget ended first, or the answer ran in a loop: `partial` has the "
    "complete members, `cut_at` the pointer of the cut.",
    "unsatisfied": "`violations` remain when attempts, tokens or time run out; `last` is the last value.",
    "overloaded": "The queue is full, or all connections are in use: try again after `Retry-After` seconds.",
    "rate-limited": "The caller has used up its share: try again after `Retry-After` seconds.",
    "client-gone": "The client closed the connection before the response; the generation was stopped.",
    "internal": "The service failed; its log has the request id.",
    "engine-failed": "The engine failed on this request; the caller is not at fault.",
    "engine-unavailable": "The engine is down or restarting: try again after `Retry-After` seconds.",
    "deadline": "The deadline passed; `attempts` and `usage` show the work done.",
}
"""Descriptions of the problems, for the documentation."""


def problem(error: StructgenError, instance: str, name: str | None = None) -> dict[str, Any]:
    """Return the body of a problem; `instance` is the request id."""
    status = STATUS.get(name or error.name, 500)
    body = problem_details(error, name, status=status, members={"instance": instance})
    if isinstance(error, Unavailable):
        body["retry_after"] = error.retry_after
    return body
