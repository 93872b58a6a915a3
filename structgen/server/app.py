"""The Litestar application: routes, access, request ids, errors, and the engine's life."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.config.cors import CORSConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.errors import StructgenError
from structgen.server.access import CALLER, KEY_NAME, Access
from structgen.server.errors import on_any_error, on_http_error, on_structgen_error, request_id
from structgen.server.refusals import Refusals
from structgen.server.request_bodies import ARRIVED, BODY_READ, Bodies
from structgen.server.routes import extract, info
from structgen.server.service import Service
from structgen.workers import Workers

FIELDS = ("request_id", "method", "route", "status", "seconds", "caller")
"""Attributes of a record of the access log."""
log = logging.getLogger("structgen.access")


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
        state=State({"access": Access(config), "bodies": Bodies(config.max_body), "refusals": Refusals()}),
        before_request=_before,
        before_send=[_close_early],
        middleware=[_Account()],
        request_max_body_size=config.max_body,
        cors_config=_cors(config),
        openapi_config=None,
        logging_config=None,
        exception_handlers={
            StructgenError: on_structgen_error,
            HTTPException: on_http_error,
            Exception: on_any_error,
        },
    )  # fmt: skip


def _cors(config: ServerConfig) -> CORSConfig | None:
    """Let pages of the allowed origins read the answers; browsers ask beforehand."""
    if not config.allowed_origins:
        return None
    return CORSConfig(
        allow_origins=list(config.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-request-id"],
        expose_headers=["x-request-id", "retry-after"],
    )


async def _before(request: Request[Any, Any, Any]) -> None:
    """Let only callers in who may call."""
    request.app.state.access.admit(request.scope)


async def _close_early(message: Message, scope: Scope) -> None:
    """End the connection with an answer that comes before the end of the body, and with every 401 and 413:
    what such a client goes on to send is not read."""
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    sends = any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
    if message["status"] in (401, 413) or (sends and not scope["state"].get(BODY_READ)):
        MutableScopeHeaders.from_message(message)["connection"] = "close"


class _Account(ASGIMiddleware):
    """Puts the request id on every answer, counts it, and logs a line: no document, prompt or key."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = scope.setdefault("state", {})[ARRIVED] = time.monotonic()
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
            seconds = round(time.monotonic() - began, 6)
            service: Service = request.app.state.service
            service.metrics.requests.labels(scope["path_template"], str(status)).inc()
            if KEY_NAME in scope["state"]:
                service.metrics.callers.labels(scope["state"][KEY_NAME], str(status)).inc()
            if log.isEnabledFor(logging.INFO):
                route = scope["path_template"]  # the path itself is the caller's text
                caller = scope["state"].get(CALLER, "-")
                fields = request_id(request), request.method, route, status, seconds, caller
                extra = dict(zip(FIELDS, fields, strict=True))
                log.info("%s %s %s %d %.3fs %s", *fields, extra=extra)
