"""`POST /v1/responses`."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, Request, Response, post

from structgen.api.openai.responses_request import ResponsesRequest
from structgen.server.body_receiver import ARRIVED
from structgen.server.controllers.openai_answers import ignored_header, reply_events, with_priority
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.openai.responses_reply import ResponseShape, response_body
from structgen.server.openai.responses_request import responses_turn
from structgen.server.openai.responses_stream import ResponseStream
from structgen.server.request_bodies import read_body
from structgen.server.responses import event_response, json_response, request_id


class ResponsesController(Controller):
    """Responses, as OpenAI's clients ask for them."""

    @post("/v1/responses", status_code=200)
    async def respond(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[Any]:
        """Answer a conversation of items, at once or as server-sent events."""
        arrived = request.scope["state"][ARRIVED]
        body = await read_body(ResponsesRequest, request, service)
        turn = with_priority(responses_turn(body, service.engine), request)
        shape = ResponseShape(body, service.engine.model, turn.warnings)
        headers = ignored_header(turn)
        async with WhileConnected(request, service.refusals):
            run = partial(service.chats.run, turn, arrived)
            if not body.stream:
                return json_response(response_body(await run(), shape), headers=headers)
            events = await reply_events(run, ResponseStream(shape), request_id(request))
        return event_response(events, headers)
