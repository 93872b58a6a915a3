"""The operations of the OpenAPI document: summaries, bodies and problems of each route."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel

from structgen import api
from structgen.api.models import ModelList
from structgen.api.probes import Health, Readiness
from structgen.api.schemas import SchemaNames
from structgen.errors import PROBLEMS
from structgen.server import openapi_examples

Model = type[BaseModel]
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
    problems: frozenset[str] = frozenset()

    @property
    def needs_key(self) -> bool:
        """Whether a service with API keys requires a key."""
        return "unauthorized" in self.problems


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations, in the order of the document."""
    return (*_with_bodies(), *_without_bodies())


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
            texts={"text/event-stream": {"schema": {"type": "string"}, "example": openapi_examples.STREAM}},
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


def _without_bodies() -> tuple[Operation, ...]:
    return (
        Operation(
            "get",
            "/v1/models",
            "models",
            "Describe the served model.",
            response=(ModelList, openapi_examples.MODELS),
            problems=_ACCESS,
        ),
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
