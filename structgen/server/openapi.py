"""The OpenAPI 3.1 document, made of the wire structs, the one map of statuses, and examples."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from structgen import api
from structgen.distribution import VERSION
from structgen.parsing.pipeline import by_rules
from structgen.schema import Schema
from structgen.server.errors import MEANING, STATUS

_EXTRACT_PROBLEMS = (
    "bad-request", "unauthorized", "not-found", "too-large", "invalid-schema", "schema-limit",
    "prompt-too-long", "incomplete", "unsatisfied", "overloaded", "engine-failed",
    "engine-unavailable", "deadline",
)  # fmt: skip
_USAGE = {
    "prompt_tokens": 310, "completion_tokens": 41, "total_tokens": 351, "cached_tokens": 0,
    "forced_tokens": 22, "decode_steps": 19,
}  # fmt: skip
_RESULT = {
    "id": "0d4f7c1e6f5b4f0a9a52d1c1f0b7a3de",
    "status": "completed",
    "data": {"invoice_number": "INV-2026-0042", "total": 1234.5},
    "attempts": [
        {
            "number": 1, "strategy": "constrained", "status": "valid", "usage": _USAGE, "violations": [],
            "seconds": 0.31,
        }
    ],
    "usage": _USAGE,
    "schema": {"name": "invoice", "hash": "f72742a0", "dialect": "draft2020-12"},
    "model": "structgen-copyist",
}  # fmt: skip
_STREAM = (
    'event: attempt\ndata: {"number":1,"strategy":"constrained"}\n\n'
    'event: text\ndata: {"delta":"{\\"total\\":"}\n\n'
    'event: partial\ndata: {"data":{"total":1234.5}}\n\n'
    'event: result\ndata: {"id":"0d4f","status":"completed","data":{"total":1234.5}}\n\n'
)


@cache
def document() -> dict[str, Any]:
    """The whole document, of the service that serves it."""
    bodies = (
        api.ExtractRequest, api.ExtractResponse, api.ValidateRequest, api.ValidateResponse, api.CheckRequest,
        api.CheckResponse, api.RepairRequest, api.RepairResponse, api.Problem,
    )  # fmt: skip
    template = "#/components/schemas/{model}"
    _, models = models_json_schema([(b, "validation") for b in bodies], ref_template=template)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "structgen",
            "version": VERSION,
            "description": "A JSON Schema and a document in, a validated object out.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "schemas": models["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> dict[str, Any]:
    return {"/v1/extract": _extract(), "/v1/repair": _repair(), **_checks(), **_names(), **_state()}


def _extract() -> dict[str, Any]:
    stream = {"text/event-stream": {"schema": {"type": "string"}, "example": _STREAM}}
    return {
        "post": _operation(
            "extract", "A schema and a document in, a validated object out.",
            _json("ExtractResponse", _RESULT) | stream, _EXTRACT_PROBLEMS,
            body=_json("ExtractRequest", api.INVOICE_EXAMPLE),
        )
    }  # fmt: skip


def _repair() -> dict[str, Any]:
    return {
        "post": _operation(
            "repair", "Texts that were meant to be JSON, put right, with an account of every change.",
            _json("RepairResponse", by_rules(_TO_REPAIR, Schema.parse(_TOTAL)).to_json()),
            _REPAIR_PROBLEMS,
            body=_json("RepairRequest", {"text": _TO_REPAIR, "schema": _TOTAL}),
        )
    }  # fmt: skip


def _checks() -> dict[str, Any]:
    return {
        "/v1/validate": {
            "post": _operation(
                "validate", "All violations of a value under a schema.",
                _json("ValidateResponse", _VALIDATED), _CHECK_PROBLEMS,
                body=_json("ValidateRequest", {"schema": {"type": "integer"}, "value": 1.5}),
            )
        },
        "/v1/schemas/check": {
            "post": _operation(
                "check", "Which constraints of a schema are enforced while decoding, and which afterwards.",
                _json("CheckResponse", _CHECKED),
                _CHECK_PROBLEMS,
                body=_json("CheckRequest", {"schema": {"type": "array", "uniqueItems": True}}),
            )
        },
    }  # fmt: skip


def _names() -> dict[str, Any]:
    return {
        "/v1/models": {"get": _operation("models", "The model served.", _any(_MODELS), ("unauthorized",))},
        "/v1/schemas": {
            "get": _operation(
                "schemas", "The schemas known by name.", _any({"schemas": ["invoice"]}), ("unauthorized",)
            )
        },
    }  # fmt: skip


def _state() -> dict[str, Any]:
    return {
        "/health": {"get": _operation("health", "The process is alive.", _any({"status": "ok"}), ())},
        "/ready": {
            "get": _operation(
                "ready", "Requests can be served now.",
                _any({"status": "ready", "running": 0, "waiting": 0}), ("engine-unavailable",),
            )
        },
        "/metrics": {
            "get": _operation(
                "metrics", "Prometheus metrics.", {"text/plain": {"schema": {"type": "string"}}},
                ("unauthorized",),
            )
        },
    }  # fmt: skip


_TOTAL = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}
_REPAIR_PROBLEMS = (
    "bad-request", "unauthorized", "not-found", "too-large", "invalid-schema", "schema-limit", "overloaded",
    "engine-failed", "engine-unavailable", "deadline",
)  # fmt: skip
_CHECK_PROBLEMS = (
    "bad-request", "unauthorized", "not-found", "too-large", "invalid-schema", "schema-limit", "overloaded",
    "engine-unavailable",
)  # fmt: skip
_TO_REPAIR = "{total: '12.50',}"
_VALIDATED = {
    "valid": False,
    "violations": [{"pointer": "", "keyword": "type", "message": "1.5 is not of type 'integer'"}],
}
_CHECKED = {
    "schema": {"name": None, "hash": "6f0b", "dialect": "draft2020-12"},
    "report": {
        "/type": {"by": "decoded"},
        "/uniqueItems": {"by": "validated", "reason": "a grammar does not remember the items before"},
    },
    "warnings": [],
}
_MODELS = {
    "object": "list",
    "data": [{"id": "structgen-copyist", "object": "model", "created": 0, "owned_by": "structgen"}],
}


def _json(model: str, example: Any) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}, "example": example}}


def _any(example: Any) -> dict[str, Any]:
    return {"application/json": {"schema": {"type": "object"}, "example": example}}


def _operation(
    name: str, summary: str, content: dict[str, Any], problems: tuple[str, ...], body: Any = None
) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": summary, "content": content}}
    for status in sorted({STATUS[p] for p in problems}):
        responses[str(status)] = _problem_response([p for p in problems if STATUS[p] == status])
    made = {"operationId": name, "summary": summary, "responses": responses}
    if body is not None:
        made["requestBody"] = {"required": True, "content": body}
    return made


def _problem_response(names: list[str]) -> dict[str, Any]:
    examples = {
        name: {
            "value": {
                "type": f"/problems/{name}",
                "title": name.replace("-", " ").capitalize(),
                "status": STATUS[name],
                "detail": MEANING[name],
                "instance": "6b1f0c",
            }
        }
        for name in names
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema, "examples": examples}}
    return {"description": " ".join(MEANING[name] for name in names), "content": content}
