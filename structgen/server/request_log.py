"""Middleware that gives every response its request id, counts it and logs it: no document, prompt or key."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from structgen.errors import ClientGone
from structgen.server.access import CALLER_NAME, KEY_NAME
from structgen.server.body_receiver import ARRIVED
from structgen.server.responses import request_id

if TYPE_CHECKING:
    from structgen.server.service import Service

FIELDS = ("request_id", "method", "route", "status", "seconds", "caller")
"""Attributes of a record of the access log."""
log = logging.getLogger("structgen.access")


class RequestLog(ASGIMiddleware):
    """Add the request id to every response, count the response, and log one line."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Run the application, and account for its response."""
        began = scope.setdefault("state", {})[ARRIVED] = time.monotonic()
        request: Request[Any, Any, Any] = Request(scope)
        status = ClientGone.status  # unless a response starts

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                headers["x-request-id"] = request_id(request)
            await send(message)

        try:
            await next_app(scope, receive, send_with_id)
        finally:
            _count(request, status)
            if log.isEnabledFor(logging.INFO):
                _log(request, status, round(time.monotonic() - began, 6))


def _count(request: Request[Any, Any, Any], status: int) -> None:
    service: Service = request.app.state.service
    service.metrics.requests.labels(request.scope["path_template"], str(status)).inc()
    if (key := request.scope["state"].get(KEY_NAME)) is not None:
        service.metrics.callers.labels(key, str(status)).inc()


def _log(request: Request[Any, Any, Any], status: int, seconds: float) -> None:
    route = request.scope["path_template"]  # the path itself is the caller's text
    caller = request.scope["state"].get(CALLER_NAME, "-")
    values = request_id(request), request.method, route, status, seconds, caller
    log.info("%s %s %s %d %.3fs %s", *values, extra=dict(zip(FIELDS, values, strict=True)))
