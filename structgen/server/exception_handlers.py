"""Exception handlers: every failure becomes a problem of RFC 9457, on OpenAI's routes OpenAI's envelope.

Litestar's `ProblemDetailsPlugin` is not used: it converts an exception without the request, whose id is the
problem's `instance`, and its encoder refuses the large integers that `last` and `partial` may hold.
"""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from structgen.errors import BadRequest, ClientGone, MethodNotAllowed, NotFound, StructgenError, TooLarge
from structgen.server.responses import error_response, request_id
from structgen.suggestions import did_you_mean
from structgen.types import Violation

_DISCONNECTED = "client disconnected prematurely"
"""Litestar's detail for a body that breaks off."""
log = logging.getLogger("structgen.server")


def on_structgen_error(request: Request[Any, Any, Any], error: StructgenError) -> Response[bytes]:
    """Respond with the error's own body."""
    return error_response(request, error)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Respond to what Litestar refuses: unknown routes and methods, bodies too large.

    Requests without a route do not reach the middleware and are counted here.
    """
    if "path_template" not in request.scope:
        request.app.state.service.metrics.requests.labels("none", str(error.status_code)).inc()
    if error.status_code == TooLarge.status:
        allowed = int(request.app.state.service.config.max_body)
        detail = f"the request body has more than {allowed} bytes, the bound of this service (--max-body)"
        return error_response(request, TooLarge(detail, allowed))
    if error.detail == _DISCONNECTED:
        return error_response(request, ClientGone("the client left before its request was whole"))
    if error.status_code == NotFound.status:
        return error_response(request, NotFound(_unknown_route(request)))
    if error.status_code == MethodNotAllowed.status:
        allow = (error.headers or {}).get("allow", "")
        detail = f"the route does not support {request.method}: use {allow}"
        response = error_response(request, MethodNotAllowed(detail))
        response.headers["Allow"] = allow
        return response
    if error.status_code >= 500:
        return error_response(request, StructgenError(error.detail or StructgenError.name))
    detail = error.detail or BadRequest.name
    return error_response(request, BadRequest(detail, [Violation("", "request", detail)]))


def _unknown_route(request: Request[Any, Any, Any]) -> str:
    """Name the path of the request, and the route that it may mean."""
    path = request.url.path
    message = f"no route {request.method} {path[:200]}"
    if path.startswith("/v1/v1/"):
        return f"{message}: the client adds /v1 itself, give it the base URL without /v1"
    routes = [route.path for route in request.app.routes if "{" not in route.path]
    if f"/v1{path}" in routes:
        return f"{message}: it is /v1{path}"
    return f"{message}{did_you_mean(path, routes) or '; the routes are described at /docs'}"


def on_any_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Log the type and the place of an unexpected exception, and no text of the request."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    log.error("request %s failed: %s at %s", request_id(request), type(error).__name__, place)
    return error_response(request, StructgenError("an internal error; the log has the request id"))


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    StructgenError: on_structgen_error,
    HTTPException: on_http_error,
    Exception: on_any_error,
}
