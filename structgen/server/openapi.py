"""The OpenAPI 3.1 document, from the models of the bodies, the one map of statuses, and examples.

Litestar's own OpenAPI is off: it describes handlers by their signatures, and these read a body by the strict
reader (duplicate keys, every fault with its pointer) and return bytes with integers of any size. Nor can it
describe problems by a discriminator, with an example of each, or the bounds of this service.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, create_model
from pydantic.json_schema import models_json_schema

from structgen import api
from structgen.api.events import AttemptEvent, PartialEvent, TextEvent
from structgen.api.models import ModelList
from structgen.api.operations import Health, Readiness
from structgen.api.problems import MEMBERS
from structgen.api.schemas import SchemaNames
from structgen.distribution import VERSION
from structgen.problem_details import title
from structgen.server import openapi_examples
from structgen.server.errors import MEANING, STATUS

ABOUT = Path(__file__).parent / "static" / "about.md"
BODIES: tuple[type[BaseModel], ...] = (
    api.ExtractRequest, api.ExtractResponse, api.ValidateRequest, api.ValidateResponse, api.CheckRequest,
    api.CheckResponse, api.RepairRequest, api.RepairResponse, api.Problem, AttemptEvent, TextEvent,
    PartialEvent, SchemaNames, ModelList, Health, Readiness,
)  # fmt: skip
Bounds = tuple[tuple[str, int | float], ...]
_NEVER = {"method-not-allowed", "client-gone", "internal", "rate-limited"}
"""Problems that no operation lists: faults of the service, or of the method."""
_GENERATION = {"prompt-too-long", "incomplete", "unsatisfied", "deadline", "engine-failed"}
_WITH_BODY = set(STATUS) - _NEVER
_KEY = {"unauthorized", "forbidden"} & set(STATUS)
_GROUPS = {"limits": "--schema-limit", "timeouts": "--timeout"}
"""Options that set several bounds, by the group that these stand in."""


def bounds_of(settings: Any, prefix: str = "") -> Bounds:
    """List the numbers among the settings of a service, by name: the bounds that callers meet."""
    found: list[tuple[str, int | float]] = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if is_dataclass(value):
            found += bounds_of(value, f"{prefix}{field.name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool) and field.name != "port":
            found.append((f"{prefix}{field.name}", value))
    return tuple(found)


@lru_cache(maxsize=4)
def document(bounds: Bounds) -> dict[str, Any]:
    """Return the document of a service with these bounds."""
    problems = [problem_model(name) for name in STATUS]
    template = "#/components/schemas/{model}"
    _, models = models_json_schema([(b, "validation") for b in (*BODIES, *problems)], ref_template=template)
    schemas = dict(sorted(models["$defs"].items()))
    if (longest := dict(bounds).get("max_deadline")) is not None:
        deadline = schemas["Limits"]["properties"]["deadline"]
        deadline["description"] = f"Seconds. This service takes at most {longest:g} for any request."
    return {
        "openapi": "3.1.0",
        "info": {"title": "structgen", "version": VERSION, "description": _about(bounds)},
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def problem_model(name: str) -> type[BaseModel]:
    """Return the body of one kind of problem, as the schema that programs read."""
    fixed: Any = {
        "type": (Literal[f"/problems/{name}"], ...),
        "title": (Literal[title(name)], ...),
        "status": (Literal[STATUS[name]], ...),
    }
    base = MEMBERS.get(name, api.Problem)
    return create_model(problem_schema(name), __base__=base, __doc__=MEANING[name], **fixed)


def problem_schema(name: str) -> str:
    """Return the name of a problem's schema: `InvalidSchemaProblem`."""
    return "".join(word.capitalize() for word in name.split("-")) + "Problem"


def _about(bounds: Bounds) -> str:
    rows = "".join(f"| `{name}` | {value:,} | `{_option(name)}` |\n" for name, value in bounds)
    head = "| bound | value | option of `structgen serve` |\n|---|---:|---|\n"
    return f"{ABOUT.read_text('utf-8')}\n## Bounds of this service\n\n{head}{rows}"


def _option(bound: str) -> str:
    """Return the option of the command line that sets a bound."""
    group, _, name = bound.rpartition(".")
    if group:
        return f"{_GROUPS[group]} {name}=NUMBER"
    return "--grace" if bound == "shutdown_grace" else f"--{name.replace('_', '-')}"


def _paths() -> dict[str, Any]:
    stream = {"text/event-stream": {"schema": {"type": "string"}, "example": openapi_examples.STREAM}}
    checks = _WITH_BODY - _GENERATION
    return {
        "/v1/extract": _post(
            "extract",
            "Extract a valid object from a document.",
            "Decodes under a grammar made of the schema, validates under the full schema, and tries again on "
            "violations. With `stream`, [server-sent events](#streaming).",
            _json("ExtractRequest", openapi_examples.EXTRACT),
            _json("ExtractResponse", openapi_examples.RESULT) | stream,
            _WITH_BODY,
        ),
        "/v1/repair": _post(
            "repair",
            "Repair texts that were meant to be JSON.",
            "Every text that could be read is a 200 with its `status`, `failed` included, and an account "
            "of every change. With `texts` the response has `results`, in their order.",
            _json("RepairRequest", openapi_examples.REPAIR),
            _json("RepairResponse", openapi_examples.repaired()),
            checks | {"engine-failed", "deadline"},
        ),
        "/v1/validate": _post(
            "validate",
            "List the violations of a value under a schema.",
            "An invalid value is a 200 too: the response lists its violations.",
            _json("ValidateRequest", openapi_examples.VALIDATE),
            _json("ValidateResponse", openapi_examples.VALIDATED),
            checks,
        ),
        "/v1/schemas/check": _post(
            "check",
            "Report which constraints of a schema the grammar enforces, with warnings.",
            "`report` is by the constraints' JSON Pointers: `decoded` is enforced while decoding, "
            "`validated` afterwards, with the reason.",
            _json("CheckRequest", openapi_examples.CHECK),
            _json("CheckResponse", openapi_examples.CHECKED),
            checks,
        ),
        "/v1/models": _get(
            "models", "Name the model served.", _json("ModelList", openapi_examples.MODELS), _KEY
        ),
        "/v1/schemas": _get(
            "schemas",
            "List the schemas that requests may name.",
            _json("SchemaNames", openapi_examples.NAMES),
            _KEY,
        ),
        "/health": _get(
            "health", "Respond as long as the process is alive.", _json("Health", openapi_examples.HEALTH)
        ),
        "/ready": _get(
            "ready",
            "Report whether requests can be served now.",
            _json("Readiness", openapi_examples.READY),
            {"engine-unavailable"},
        ),
        "/metrics": _get(
            "metrics",
            "Expose metrics in Prometheus' text format.",
            {"text/plain": {"schema": {"type": "string"}}},
            _KEY,
        ),
    }


def _post(
    name: str, summary: str, about: str, body: Any, answer: dict[str, Any], problems: set[str]
) -> dict[str, Any]:
    operation = _operation(name, summary, answer, problems)
    return {"post": {**operation, "description": about, "requestBody": {"required": True, "content": body}}}


def _get(name: str, summary: str, answer: dict[str, Any], problems: set[str] | None = None) -> dict[str, Any]:
    """Return an operation without a body; only those with the problems of `_KEY` need a key."""
    operation = _operation(name, summary, answer, problems or set())
    return {"get": operation if problems is _KEY else {**operation, "security": []}}


def _json(model: str, example: Any) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}, "example": example}}


def _operation(name: str, summary: str, answer: dict[str, Any], problems: set[str]) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": summary, "content": answer}}
    for status in sorted({STATUS[p] for p in problems}):
        names = [p for p in STATUS if p in problems and STATUS[p] == status]
        responses[str(status)] = _problem_response(names)
    return {"operationId": name, "summary": summary, "responses": responses}


def _problem_response(names: list[str]) -> dict[str, Any]:
    references = {name: f"#/components/schemas/{problem_schema(name)}" for name in names}
    schema: dict[str, Any] = {"$ref": references[names[0]]}
    if len(names) > 1:
        mapping = {f"/problems/{name}": reference for name, reference in references.items()}
        schema = {
            "oneOf": [{"$ref": reference} for reference in references.values()],
            "discriminator": {"propertyName": "type", "mapping": mapping},
        }
    examples = {name: {"value": openapi_examples.problem(name)} for name in names}
    content = {"application/problem+json": {"schema": schema, "examples": examples}}
    return {"description": " ".join(MEANING[name] for name in names), "content": content}
