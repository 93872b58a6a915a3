"""`POST /v1/extract`."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, Request, Response, post

from structgen.api import ExtractRequest
from structgen.server.access import permitted
from structgen.server.body_receiver import ARRIVED
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.request_bodies import read_body
from structgen.server.responses import event_response, json_response, request_id
from structgen.server.sse import open_stream


class ExtractController(Controller):
    """Extraction of objects from documents."""

    @post("/v1/extract", status_code=200)
    async def extract(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[Any]:
        """Extract a valid object from a document, at once or as server-sent events."""
        arrived = request.scope["state"][ARRIVED]
        body = _with_priority(await read_body(ExtractRequest, request, service), request)
        async with WhileConnected(request, service.refusals):
            if not body.stream:
                return json_response((await service.extract(body, arrived)).to_json())
            run = partial(service.extract, body, arrived)
            events = await open_stream(run, request_id(request))
        return event_response(events)


def _with_priority(body: ExtractRequest, request: Request[Any, Any, Any]) -> ExtractRequest:
    """Raise the priority number of a request to the lowest that the caller's key allows."""
    limits = permitted(body.limits, request.scope)
    return body if limits is body.limits else body.model_copy(update={"limits": limits})
