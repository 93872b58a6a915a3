"""Read and validate the bodies of requests."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

from litestar import Request

from structgen import api
from structgen.api import BodyT
from structgen.api.forms import MEDIA_TYPE
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
    access.check_media(request.scope, forms="file" in kind.model_fields)
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) != "identity":
        fault = Violation("", "content-encoding", f"a body in {coding!r} is not read: send it plain")
        raise BadRequest(fault.message, [fault])
    CURRENT_CALLER.set(_caller(request, service))
    async with service.bodies.received(request) as text:
        form = _form_type(request)
        if len(text) < SMALL:
            return _parse(kind, text, form)
        async with WhileConnected(request, service.refusals):
            if len(text) < LARGE:
                return await asyncio.to_thread(_parse, kind, text, form)
            return await service.workers.read(kind, text, service.config.limits, form)


def _form_type(request: Request[Any, Any, Any]) -> str | None:
    """Return the content type of a form; None for JSON."""
    content_type: str = request.headers.get("content-type", "")
    return content_type if content_type.partition(";")[0].strip().lower() == MEDIA_TYPE else None


def _parse(kind: type[BodyT], body: bytes, form: str | None) -> BodyT:
    return api.parse_body(kind, body) if form is None else api.parse_form(kind, body, form)


def _caller(request: Request[Any, Any, Any], service: Service) -> Hashable:
    """Return the caller that shares the queues: the API key if there are several, else the connection."""
    several = len(service.config.keys) > 1
    return request.scope["state"][access.CALLER_NAME] if several else request.scope.get("client")
