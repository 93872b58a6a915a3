"""The operations of OpenAI's routes in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from structgen.api.models import ModelEntry, ModelList
from structgen.api.openai.chat_reply import ChatCompletion, ChatCompletionChunk
from structgen.api.openai.chat_request import CHAT_EXAMPLE, ChatCompletionRequest
from structgen.api.openai.responses_reply import ResponseBody, ResponseEvent
from structgen.api.openai.responses_request import RESPONSES_EXAMPLE, ResponsesRequest
from structgen.server import openapi_chat_examples, openapi_examples
from structgen.server.openapi_operation import ACCESS, EVERY, WITH_BODY, Operation

_HEADERS: dict[str, Any] = {
    "x-structgen-ignored": {
        "description": "Pointers to members of the request that have no effect, percent-encoded.",
        "schema": {"type": "string"},
    }
}


def chat_operations() -> tuple[Operation, ...]:
    """Return the operations of OpenAI's routes, in the order of the document."""
    return (
        Operation(
            "post",
            "/v1/chat/completions",
            "chat",
            "Answer a conversation, as OpenAI's clients ask for it.",
            "JSON formats and the arguments of tool calls are always valid under the full schema. See "
            "[OpenAI's protocols](#openai).",
            request=(ChatCompletionRequest, CHAT_EXAMPLE),
            response=(ChatCompletion, openapi_chat_examples.COMPLETION),
            problems=WITH_BODY - {"not-found"},
            events={EVERY: ChatCompletionChunk},
            stream=openapi_chat_examples.CHUNKS,
            openai=True,
            headers=_HEADERS,
        ),
        Operation(
            "post",
            "/v1/responses",
            "responses",
            "Answer a conversation of items, as OpenAI's clients ask for it.",
            "Responses are not stored: each request has the whole conversation. See "
            "[OpenAI's protocols](#openai).",
            request=(ResponsesRequest, RESPONSES_EXAMPLE),
            response=(ResponseBody, openapi_chat_examples.RESPONSE),
            problems=WITH_BODY - {"not-found"},
            events={EVERY: ResponseEvent},
            stream=openapi_chat_examples.RESPONSE_EVENTS,
            openai=True,
            headers=_HEADERS,
        ),
        Operation(
            "get",
            "/v1/models",
            "models",
            "List the served model.",
            response=(ModelList, openapi_examples.MODELS),
            problems=ACCESS,
            openai=True,
        ),
        Operation(
            "get",
            "/v1/models/{name}",
            "model",
            "Describe the served model.",
            response=(ModelEntry, openapi_examples.MODEL),
            problems=ACCESS | {"not-found"},
            openai=True,
            parameters={"name": openapi_examples.MODEL["id"]},
        ),
    )
