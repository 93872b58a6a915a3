"""`POST /v1/chat/completions`."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, Request, Response, post

from structgen.api.openai.chat_request import ChatCompletionRequest
from structgen.server.body_receiver import ARRIVED
from structgen.server.controllers.openai_answers import ignored_header, reply_events, with_priority
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.openai.chat_reply import ChatShape, chat_completion
from structgen.server.openai.chat_request import chat_turn, uses_functions
from structgen.server.openai.chat_stream import ChatStream
from structgen.server.request_bodies import read_body
from structgen.server.responses import event_response, json_response, request_id


class ChatController(Controller):
    """Chat completions, as OpenAI's clients ask for them."""

    @post("/v1/chat/completions", status_code=200)
    async def complete(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[Any]:
        """Answer a conversation, at once or as server-sent events."""
        arrived = request.scope["state"][ARRIVED]
        body = await read_body(ChatCompletionRequest, request, service)
        turn = with_priority(chat_turn(body, service.engine), request)
        shape = ChatShape(turn.warnings, uses_functions(body), _includes_usage(body))
        headers = ignored_header(turn)
        async with WhileConnected(request, service.refusals):
            run = partial(service.chats.run, turn, arrived)
            if not body.stream:
                return json_response(chat_completion(await run(), shape), headers=headers)
            stream = ChatStream(service.engine.model, shape)
            events = await reply_events(run, stream, request_id(request))
        return event_response(events, headers)


def _includes_usage(body: ChatCompletionRequest) -> bool:
    return body.stream_options is not None and body.stream_options.include_usage is True
