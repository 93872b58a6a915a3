"""Read and validate the bodies of requests."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

from litestar import Request

from structgen import api
from structgen.api import BodyT
from structgen.errors import BadRequest
from structgen.server import access
from structgen.server.body_receiver import LARGE
from structgen.server.disconnect import WhileConnected
from structgen.server.service import Service
from structgen.types import Violation
from structgen.workers import CURRENT_CALLER

SMALL = 2**14
"""Bytes below which a body is parsed on the event loop: a switch to a thread would take longer."""


async def read_body(kind: type[BodyT], request: Request[Any, Any, Any], service: Service) -> BodyT:
    """Receive and validate the body of a request; later work in the queues counts for its caller.

    A small body is parsed on the event loop, a larger one in a thread, and a large one in another process.
    """
    access.check_media(request.scope)
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) != "identity":
        fault = Violation("", "content-encoding", f"a body in {coding!r} is not read: send it plain")
        raise BadRequest(fault.message, [fault])
    CURRENT_CALLER.set(_caller(request, service))
    async with service.bodies.received(request) as text:
        if len(text) < SMALL:
            return api.parse_body(kind, text)
        async with WhileConnected(request, service.refusals):
            if len(text) < LARGE:
                return await asyncio.to_thread(api.parse_body, kind, text)
            return await service.workers.read(kind, text, service.config.limits)


def _caller(request: Request[Any, Any, Any], service: Service) -> Hashable:
    """Return the caller that shares the queues: the API key if there are several, else the connection."""
    several = len(service.config.keys) > 1
    return request.scope["state"][access.CALLER_NAME] if several else request.scope.get("client")
