"""The operations of the OpenAPI document: summaries, bodies and problems of each route."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel

from structgen import api
from structgen.api.events import AttemptEvent, ItemEvent, PartialEvent, TextEvent
from structgen.api.models import ModelEntry, ModelList
from structgen.api.openai.chat_reply import ChatCompletion, ChatCompletionChunk
from structgen.api.openai.chat_request import CHAT_EXAMPLE, ChatCompletionRequest
from structgen.api.openai.responses_reply import ResponseBody, ResponseEvent
from structgen.api.openai.responses_request import RESPONSES_EXAMPLE, ResponsesRequest
from structgen.api.probes import Health, Readiness
from structgen.api.schemas import SchemaNames
from structgen.errors import PROBLEMS
from structgen.server import openapi_chat_examples, openapi_examples

Model = type[BaseModel]
EVERY = ""
"""Stands for every event of a stream in OpenAI's protocols."""
_UNLISTED = {"method-not-allowed", "client-gone", "internal"}
"""Problems that no operation lists: faults of the service, or of the method."""
_GENERATION = {"prompt-too-long", "incomplete", "unsatisfied", "deadline", "engine-failed"}
_WITH_BODY = frozenset(PROBLEMS) - _UNLISTED
_WITHOUT_GENERATION = _WITH_BODY - _GENERATION
_ACCESS = frozenset({"bad-request", "unauthorized", "forbidden"})
"""Problems of every route that checks access: a malformed header Host is a bad request."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route and method."""

    method: str
    path: str
    name: str
    summary: str
    description: str = ""
    request: tuple[Model, Any] | None = None
    """Model and example of the request's body."""
    response: tuple[Model, Any] | None = None
    """Model and example of the 200 as JSON."""
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Content of the 200 as text, by media type."""
    events: dict[str, Model] = field(default_factory=dict)
    """Models of the data of server-sent events, by the name of the event. `EVERY` stands for all names."""
    stream: str = ""
    """Example of a stream of these events."""
    problems: frozenset[str] = frozenset()
    openai: bool = False
    """Whether errors have OpenAI's envelope."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Examples of the parameters in the path."""

    @property
    def needs_key(self) -> bool:
        """Whether a service with API keys requires a key."""
        return "unauthorized" in self.problems


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations, in the order of the document."""
    return (*_with_bodies(), *_openai(), *_without_bodies())


def _with_bodies() -> tuple[Operation, ...]:
    return (
        Operation(
            "post",
            "/v1/extract",
            "extract",
            "Extract a valid object from a document.",
            "The service decodes under a grammar built from the schema, validates under the full schema, and "
            "tries again if there are violations. With `output` in place of `schema`, the answer is plain "
            "text. With `stream`, it sends [server-sent events](#streaming).",
            request=(api.ExtractRequest, openapi_examples.EXTRACT),
            response=(api.ExtractResponse, openapi_examples.RESULT),
            events={
                "attempt": AttemptEvent,
                "text": TextEvent,
                "partial": PartialEvent,
                "item": ItemEvent,
                "result": api.ExtractResponse,
            },
            stream=openapi_examples.STREAM,
            problems=_WITH_BODY,
        ),
        Operation(
            "post",
            "/v1/repair",
            "repair",
            "Repair malformed JSON texts.",
            "A text that could be read gets a 200 with its `status` (also if that is `failed`) and a list of "
            "every change. For `texts`, the response has `results` in the same order.",
            request=(api.RepairRequest, openapi_examples.REPAIR),
            response=(api.RepairResponse, openapi_examples.repaired()),
            problems=_WITHOUT_GENERATION | {"engine-failed", "deadline"},
        ),
        Operation(
            "post",
            "/v1/validate",
            "validate",
            "List the violations of a value under a schema.",
            "An invalid value gets a 200 too: the response lists its violations.",
            request=(api.ValidateRequest, openapi_examples.VALIDATE),
            response=(api.ValidateResponse, openapi_examples.VALIDATED),
            problems=_WITHOUT_GENERATION,
        ),
        Operation(
            "post",
            "/v1/schemas/check",
            "check",
            "Report which constraints of a schema the grammar enforces, with warnings.",
            "`report` has an entry for each constraint, by JSON Pointer: `decoded` constraints are enforced "
            "during decoding, `validated` ones afterwards, with the reason.",
            request=(api.CheckRequest, openapi_examples.CHECK),
            response=(api.CheckResponse, openapi_examples.CHECKED),
            problems=_WITHOUT_GENERATION,
        ),
    )


def _openai() -> tuple[Operation, ...]:
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
            problems=_WITH_BODY - {"not-found"},
            events={EVERY: ChatCompletionChunk},
            stream=openapi_chat_examples.CHUNKS,
            openai=True,
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
            problems=_WITH_BODY - {"not-found"},
            events={EVERY: ResponseEvent},
            stream=openapi_chat_examples.RESPONSE_EVENTS,
            openai=True,
        ),
        Operation(
            "get",
            "/v1/models",
            "models",
            "List the served model.",
            response=(ModelList, openapi_examples.MODELS),
            problems=_ACCESS,
            openai=True,
        ),
        Operation(
            "get",
            "/v1/models/{name}",
            "model",
            "Describe the served model.",
            response=(ModelEntry, openapi_examples.MODEL),
            problems=_ACCESS | {"not-found"},
            openai=True,
            parameters={"name": openapi_examples.MODEL["id"]},
        ),
    )


def _without_bodies() -> tuple[Operation, ...]:
    return (
        Operation(
            "get",
            "/v1/schemas",
            "schemas",
            "List the schemas that requests may name.",
            response=(SchemaNames, openapi_examples.NAMES),
            problems=_ACCESS,
        ),
        Operation(
            "get",
            "/health",
            "health",
            "Report that the process is alive.",
            response=(Health, openapi_examples.HEALTH),
        ),
        Operation(
            "get",
            "/ready",
            "ready",
            "Report whether requests can be served now.",
            response=(Readiness, openapi_examples.READY),
            problems=frozenset({"engine-unavailable"}),
        ),
        Operation(
            "get",
            "/metrics",
            "metrics",
            "Expose metrics in Prometheus' text format.",
            texts={"text/plain": {"schema": {"type": "string"}}},
            problems=_ACCESS,
        ),
    )
