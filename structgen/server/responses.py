"""Responses as JSON text, and the request id that each of them carries."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from litestar import Request, Response
from litestar.response import Stream

from structgen import json_text
from structgen.errors import StructgenError, Unauthorized, Unavailable
from structgen.schema import Schema
from structgen.server.errors import problem
from structgen.server.openai_errors import envelope, is_openai_path, retry_headers
from structgen.types import Diagnostic

_REQUEST_ID = re.compile(r"[\w.:-]{1,128}")


def request_id(request: Request[Any, Any, Any]) -> str:
    """Return the caller's `x-request-id` if it is a plain token, else a new one."""
    state = request.scope.setdefault("state", {})
    if "request_id" not in state:
        given = request.headers.get("x-request-id", "")
        state["request_id"] = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
    return str(state["request_id"])


def json_response(
    body: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
    media_type: str = "application/json",
) -> Response[bytes]:
    """Return compact JSON with integers of any size and keys in their order.

    Litestar's own encoder refuses integers of more than 64 bits.
    """
    return text_response(json_text.dumps(body), status, headers, media_type)


def text_response(
    text: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    media_type: str = "application/json",
) -> Response[bytes]:
    """Return a response whose body is JSON text already."""
    return Response(text.encode(), status_code=status, media_type=media_type, headers=headers)


def event_response(
    events: AsyncGenerator[bytes, None], headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """Return the response that sends server-sent events as they come."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no", **(headers or {})}
    return Stream(events, media_type="text/event-stream", headers=headers, status_code=200)


def warning_members(schema: Schema | None, more: Sequence[Diagnostic] = ()) -> dict[str, Any]:
    """Return the member `warnings` about a schema, with `more` ones, or no member where there are none."""
    warnings = [*(() if schema is None else schema.diagnostics()), *more]
    return {"warnings": [warning.to_json() for warning in warnings]} if warnings else {}


def error_response(request: Request[Any, Any, Any], error: StructgenError) -> Response[bytes]:
    """Return an error's problem, or its envelope on OpenAI's routes, with the headers of its kind."""
    headers = {"x-request-id": request_id(request)}
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if is_openai_path(request.scope["path"]):
        return json_response(envelope(error), error.status, headers | retry_headers(error))
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    body = problem(error, request_id(request))
    return json_response(body, error.status, headers, "application/problem+json")
