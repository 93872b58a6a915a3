"""From the error tree to HTTP: the one map of statuses, and problem bodies as RFC 9457 has them."""

from __future__ import annotations

import logging
import math
import re
import secrets
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from structgen import json_text
from structgen.errors import StructgenError, TooLarge, Unauthorized, Unavailable
from structgen.suggestions import did_you_mean

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
    "bad-request": "The request is malformed; `violations` lists every fault with its pointer.",
    "unauthorized": "Send the API key: `Authorization: Bearer KEY`.",
    "forbidden": "A page of another site, or the name of another host, may not use a service without a key.",
    "not-found": "There is no such schema or route.",
    "method-not-allowed": "The route exists, but not for this method.",
    "request-timeout": "The body did not arrive in time; the connection is closed.",
    "too-large": "The body is larger than the service takes; the connection is closed.",
    "unsupported-media-type": "The body must be declared as JSON: `Content-Type: application/json`.",
    "invalid-schema": "Not a JSON Schema, or one that contradicts itself; `violations` point into it.",
    "schema-limit": "The schema exceeds `limit`: it has `value`, `allowed` is the bound.",
    "prompt-too-long": "Prompt and document have `tokens`, the context has room for `allowed`.",
    "incomplete": "The token budget ended first, or the answer ran in a loop: `partial` is what was "
    "complete, `cut_at` the place.",
    "unsatisfied": "Attempts, tokens or time ended with `violations` left; `last` is the last value.",
    "overloaded": "The queue is full, or all connections are taken: try again after `Retry-After` seconds.",
    "rate-limited": "Your share is used up: try again after `Retry-After` seconds.",
    "client-gone": "Nobody was there any more to read the answer; the generation was stopped.",
    "internal": "A fault of the service; its log has the request id.",
    "engine-failed": "The engine failed on this request; the fault is not yours.",
    "engine-unavailable": "The engine is down or restarting: try again after `Retry-After` seconds.",
    "deadline": "The deadline passed; `attempts` and `usage` tell what was done.",
}
_BY_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed"}
_LEFT = "client disconnected prematurely"
"""What Litestar says where the body breaks off."""
_ID = re.compile(r"[\w.:-]{1,128}")
log = logging.getLogger("structgen.server")


def title(name: str) -> str:
    """Return the constant title of a problem: its name in words."""
    return name.replace("-", " ").capitalize()


def request_id(request: Request[Any, Any, Any]) -> str:
    """The caller's `x-request-id` where it is a plain token, else one of ours."""
    state = request.scope.setdefault("state", {})
    if "request_id" not in state:
        given = request.headers.get("x-request-id", "")
        state["request_id"] = given if _ID.fullmatch(given) else secrets.token_hex(16)
    return str(state["request_id"])


def problem(error: StructgenError, instance: str, name: str | None = None) -> dict[str, Any]:
    """The body of a problem."""
    name = name or error.name
    body = {
        "type": f"/problems/{name}",
        "title": title(name),
        "status": STATUS.get(name, 500),
        "detail": str(error),
        "instance": instance,
        **error.problem_members(),
    }
    if isinstance(error, Unavailable):
        body["retry_after"] = error.retry_after
    return body


def respond(
    request: Request[Any, Any, Any], error: StructgenError, name: str | None = None
) -> Response[bytes]:
    """The response for an error of the tree."""
    body = problem(error, request_id(request), name)
    headers = {"x-request-id": request_id(request)}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(body, body["status"], headers, "application/problem+json")


def json_response(
    body: Any,
    status: int = 200,
    headers: dict[str, str] | None = None,
    media_type: str = "application/json",
) -> Response[bytes]:
    """Compact JSON, integers of any size, keys in their order."""
    text = json_text.dumps(body).encode()
    return Response(text, status_code=status, media_type=media_type, headers=headers)


def on_structgen_error(request: Request[Any, Any, Any], error: StructgenError) -> Response[bytes]:
    """Known errors are answered as they are."""
    return respond(request, error)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What Litestar finds: unknown routes and methods, bodies too large.

    What no route matches never comes to the middleware, and is counted here.
    """
    if "path_template" not in request.scope:
        request.app.state.service.metrics.requests.labels("none", str(error.status_code)).inc()
    if error.status_code == 413:
        allowed = int(request.app.state.service.config.max_body)
        detail = f"the request body has more than {allowed} bytes, the bound of this service (--max-body)"
        return respond(request, TooLarge(detail, allowed))
    if error.detail == _LEFT:
        return respond(request, StructgenError("the client left before its request was whole"), "client-gone")
    name = _BY_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "bad-request")
    detail, allow = error.detail or name, (error.headers or {}).get("allow")
    if allow is not None:
        detail = f"{request.method} is not for this route, which takes {allow}"
    elif error.status_code == 404:
        detail = _no_route(request)
    answer = respond(request, StructgenError(detail), name)
    if allow is not None:
        answer.headers["Allow"] = allow
    return answer


def _no_route(request: Request[Any, Any, Any]) -> str:
    """Name the path that was asked for, and the route that it may mean."""
    path = request.url.path
    shown = f"no route {request.method} {path[:200]}"
    if path.startswith("/v1/v1/"):
        return f"{shown}: the client adds /v1 itself, give it the base URL without /v1"
    routes = [route.path for route in request.app.routes if "{" not in route.path]
    if f"/v1{path}" in routes:
        return f"{shown}: it is /v1{path}"
    return f"{shown}{did_you_mean(path, routes) or '; the routes are described at /docs'}"


def on_any_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Faults of ours: the type goes to the log, nothing of the request does."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    log.error("request %s failed: %s at %s", request_id(request), type(error).__name__, place)
    return respond(request, StructgenError("an internal error; the log has the request id"))
