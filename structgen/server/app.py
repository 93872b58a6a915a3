"""The Litestar application: controllers, access, request ids, errors, and the lifespan of the engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.config.cors import CORSConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import Message, Scope

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.evidence.calibration.files import calibrations_of
from structgen.server.access import Access
from structgen.server.body_receiver import BODY_READ
from structgen.server.controllers import CONTROLLERS
from structgen.server.dependencies import DEPENDENCIES
from structgen.server.exception_handlers import EXCEPTION_HANDLERS
from structgen.server.request_log import RequestLog
from structgen.server.service import Service
from structgen.workers import WorkerPool

_STAINLESS = (
    "arch", "custom-poll-interval", "helper-method", "lang", "os", "package-version", "poll-helper",
    "raw-response", "read-timeout", "retry-count", "runtime", "runtime-version", "timeout",
)  # fmt: skip
_OPENAI_HEADERS = ("openai-organization", "openai-project", *(f"x-stainless-{name}" for name in _STAINLESS))
"""Headers that OpenAI's client sends from a page."""


def create_app(config: ServerConfig, engine: Engine) -> Litestar:
    """Return the application on an engine, which its lifespan starts and closes."""
    access = Access(config)
    calibrations = tuple(calibrations_of(config.calibration).values())

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        workers = WorkerPool()
        try:
            await asyncio.gather(engine.start(), workers.start())
            # A started engine knows its concurrency.
            app.state.service = Service(config, engine, workers, calibrations)
            yield
        finally:
            await asyncio.gather(engine.close(), workers.close())

    async def check_access(request: Request[Any, Any, Any]) -> None:
        # Not one of Litestar's guards: for these it copies the route handler in each request (50 µs).
        access.admit(request.scope)

    return Litestar(
        route_handlers=CONTROLLERS,
        dependencies=DEPENDENCIES,
        before_request=check_access,
        lifespan=[lifespan],
        before_send=[_close_early],
        middleware=[RequestLog()],
        request_max_body_size=config.max_body,
        cors_config=_cors(config),
        openapi_config=None,  # see structgen.server.openapi
        logging_config=None,
        exception_handlers=EXCEPTION_HANDLERS,
    )


def _cors(config: ServerConfig) -> CORSConfig | None:
    """Let pages of the allowed origins read the responses."""
    if not config.allowed_origins:
        return None
    return CORSConfig(
        allow_origins=list(config.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-request-id", *_OPENAI_HEADERS],
        expose_headers=["x-request-id", "x-should-retry", "x-structgen-ignored", "retry-after"],
    )


async def _close_early(message: Message, scope: Scope) -> None:
    """Close the connection after a response that precedes the end of the body, and after every 401 and 413.

    The rest of what such a client sends is not read.
    """
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    has_body = any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
    if message["status"] in (401, 413) or (has_body and not scope["state"].get(BODY_READ)):
        MutableScopeHeaders.from_message(message)["connection"] = "close"
