"""`POST /v1/extract`."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import Any

from litestar import Controller, Request, Response, post
from litestar.response import Stream

from structgen.api import ExtractRequest
from structgen.errors import StructgenError
from structgen.server.access import PRIORITY
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.request_bodies import ARRIVED, read_body
from structgen.server.responses import json_response, request_id
from structgen.server.service import Service
from structgen.server.sse import sent, started
from structgen.strategies.base import Completed, Result


class ExtractController(Controller):
    """Extraction of objects from documents."""

    @post("/v1/extract", status_code=200)
    async def extract(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[Any]:
        """Extract a valid object from a document, at once or as server-sent events."""
        arrived = request.scope["state"][ARRIVED]
        body = _with_priority(await read_body(ExtractRequest, request, service), request)
        async with WhileConnected(request, service.refusals):
            if not body.stream:
                return json_response((await _result(service, body, arrived)).to_json())
            events = await started(service.events(body, arrived))
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return Stream(
            sent(events, request_id(request)),
            media_type="text/event-stream",
            headers=headers,
            status_code=200,
        )


def _with_priority(body: ExtractRequest, request: Request[Any, Any, Any]) -> ExtractRequest:
    """Raise the priority number of a request to the lowest that the caller's key allows."""
    priority = max(body.limits.priority, request.scope["state"][PRIORITY])
    if priority == body.limits.priority:
        return body
    return body.model_copy(update={"limits": replace(body.limits, priority=priority)})


async def _result(service: Service, body: ExtractRequest, arrived: float) -> Result:
    async with aclosing(service.events(body, arrived)) as events:
        async for event in events:
            if isinstance(event, Completed):
                return event.result
    raise StructgenError("the run ended without a result")
