"""The Litestar application: routes, access, request ids, errors, and the engine's life."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.errors import StructgenError, Unauthorized
from structgen.server.errors import on_any_error, on_http_error, on_structgen_error, request_id
from structgen.server.routes import extract, info
from structgen.server.service import Service
from structgen.workers import Workers

log = logging.getLogger("structgen.access")
_OPEN = ("/health", "/ready", "/docs", "/openapi.json", "/problems/", "/favicon.ico")


def create_app(config: ServerConfig, engine: Engine) -> Litestar:
    """The service on an engine, which it starts and closes."""

    @asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        workers = Workers()
        try:
            await asyncio.gather(engine.start(), workers.start())
            app.state.service = Service(config, engine, workers)  # the engine knows its concurrency now
            yield
        finally:
            await asyncio.gather(engine.close(), workers.close())

    return Litestar(
        route_handlers=[
            extract.extract, extract.repair, extract.validate, extract.check, info.models, info.schemas,
            info.health, info.ready, info.metrics, info.problem_type, info.openapi, info.docs,
        ],
        lifespan=[life],
        state=State({"api_key": config.api_key}),
        before_request=_before,
        middleware=[_Account()],
        request_max_body_size=config.max_body,
        openapi_config=None,
        logging_config=None,
        exception_handlers={
            StructgenError: on_structgen_error,
            HTTPException: on_http_error,
            Exception: on_any_error,
        },
    )  # fmt: skip


async def _before(request: Request[Any, Any, Any]) -> None:
    """Let only callers with the key in."""
    key, path = request.app.state.api_key, request.url.path
    if key is None or path == "/" or path.startswith(_OPEN):
        return
    header = request.headers.get("authorization", "").strip()
    scheme, _, given = header.partition(" ")
    if not header:
        raise Unauthorized("the request has no API key: send the header Authorization: Bearer KEY")
    if scheme.lower() != "bearer" or not given.strip():
        raise Unauthorized("the header Authorization is not of the form: Bearer KEY")
    if not hmac.compare_digest(given.strip().encode(), key.encode()):
        raise Unauthorized("the API key is wrong: it is not the service's STRUCTGEN_API_KEY")


class _Account(ASGIMiddleware):
    """Puts the request id on every answer, counts it, and logs a line: no document, prompt or key."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = time.monotonic()
        request: Request[Any, Any, Any] = Request(scope)
        status = 499  # where nobody was there any more to be answered

        async def send_accounted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                headers["x-request-id"] = request_id(request)
            await send(message)

        try:
            await next_app(scope, receive, send_accounted)
        finally:
            seconds = time.monotonic() - began
            service: Service = request.app.state.service
            service.metrics.requests.labels(scope["path_template"], str(status)).inc()
            route = scope["path_template"]  # the path itself is the caller's text
            log.info("%s %s %s %d %.3fs", request_id(request), request.method, route, status, seconds)
