"""Responses as JSON text, and the request id that each of them carries."""

from __future__ import annotations

import math
import re
import secrets
from typing import Any

from litestar import Request, Response

from structgen import json_text
from structgen.errors import StructgenError, Unauthorized, Unavailable
from structgen.schema import Schema
from structgen.server.errors import problem

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
    text = json_text.dumps(body).encode()
    return Response(text, status_code=status, media_type=media_type, headers=headers)


def warning_members(schema: Schema | None) -> dict[str, Any]:
    """Return the member `warnings` about a schema, or no member where there are none."""
    warnings = () if schema is None else schema.diagnostics()
    return {"warnings": [warning.to_json() for warning in warnings]} if warnings else {}


def problem_response(request: Request[Any, Any, Any], error: StructgenError) -> Response[bytes]:
    """Return the problem of an error, with the headers that its kind needs."""
    body = problem(error, request_id(request))
    headers = {"x-request-id": request_id(request)}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(body, error.status, headers, "application/problem+json")
