"""The operations of the OpenAPI document: summaries, bodies and problems of each route."""

from __future__ import annotations

from functools import cache

from structgen import api
from structgen.api.events import AttemptEvent, ItemEvent, PartialEvent, ProgressEvent, TextEvent
from structgen.api.probes import Health, Readiness
from structgen.api.schemas import SchemaNames
from structgen.server import openapi_examples
from structgen.server.openapi_chat_operations import chat_operations
from structgen.server.openapi_operation import ACCESS, FILES, WITH_BODY, WITHOUT_GENERATION, Operation


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations, in the order of the document."""
    return (*_with_bodies(), *chat_operations(), *_without_bodies())


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
            takes_files=True,
            response=(api.ExtractResponse, openapi_examples.RESULT),
            events={
                "attempt": AttemptEvent,
                "text": TextEvent,
                "partial": PartialEvent,
                "item": ItemEvent,
                "progress": ProgressEvent,
                "result": api.ExtractResponse,
            },
            stream=openapi_examples.STREAM,
            problems=WITH_BODY | FILES,
        ),
        Operation(
            "post",
            "/v1/repair",
            "repair",
            "Repair malformed JSON texts.",
            "A text that could be read gets a 200 with its `status` (`failed` included), every change, "
            "and what the value leaves out. For `texts`, the response has `results` in the same order.",
            request=(api.RepairRequest, openapi_examples.REPAIR),
            response=(api.RepairResponse, openapi_examples.repaired()),
            problems=WITHOUT_GENERATION | {"engine-failed", "deadline"},
        ),
        Operation(
            "post",
            "/v1/ground",
            "ground",
            "Find where a text says the values of an object.",
            "The values are searched in the text, with regard to their types: a number, a date, a choice or "
            "a truth is also found in another notation. No model runs. Each scalar has its place, the kind "
            "of the match, and a score that ranks the values by how sure they are.",
            request=(api.GroundRequest, openapi_examples.GROUND),
            takes_files=True,
            response=(api.GroundResponse, openapi_examples.grounded()),
            problems=WITHOUT_GENERATION | FILES | {"deadline", "input-limit"},
        ),
        Operation(
            "post",
            "/v1/calibrate",
            "calibrate",
            "Turn the scores of a schema into confidences.",
            "A calibration is fitted to labelled rows, and judged by documents that it has not seen. Its "
            "report says how many values to review for 99% and 99.5% of the rest to be right, or that it "
            "cannot rank. It runs in a process of its own.",
            request=(api.CalibrateRequest, openapi_examples.CALIBRATE),
            response=(api.CalibrateResponse, openapi_examples.CALIBRATED),
            problems=WITHOUT_GENERATION | {"input-limit"},
        ),
        Operation(
            "post",
            "/v1/validate",
            "validate",
            "List the violations of a value under a schema.",
            "An invalid value gets a 200 too: the response lists its violations.",
            request=(api.ValidateRequest, openapi_examples.VALIDATE),
            response=(api.ValidateResponse, openapi_examples.VALIDATED),
            problems=WITHOUT_GENERATION,
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
            problems=WITHOUT_GENERATION,
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
            problems=ACCESS,
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
            problems=ACCESS,
        ),
    )
