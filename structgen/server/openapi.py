"""The OpenAPI 3.1 document, from the operations, the models of the bodies and the tree of errors.

Litestar's own OpenAPI is off: it describes handlers by their signatures, and these read a body by a strict
reader (duplicate keys, every error with its pointer) and return bytes with integers of any size. It
also cannot describe problems by a discriminator, with an example of each, or the bounds of this service.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, create_model
from pydantic.json_schema import models_json_schema

from structgen import api
from structgen.api.openai.account import ErrorEnvelope
from structgen.api.problems import member_fields
from structgen.distribution import VERSION
from structgen.errors import PROBLEMS
from structgen.problem_details import title
from structgen.server import openapi_examples
from structgen.server.openapi_forms import form_content, form_schema
from structgen.server.openapi_operation import EVERY, Operation
from structgen.server.openapi_operations import operations

ABOUT = Path(__file__).parent / "static" / "about.md"
Bounds = tuple[tuple[str, int | float], ...]
_REFERENCE = "#/components/schemas/{model}"
_GROUPS = {"limits": "--schema-limit", "files": "--file-limit", "timeouts": "--timeout"}
"""Options that set several bounds, by the group of the settings."""


def bounds_of(settings: Any, prefix: str = "") -> Bounds:
    """List the numbers among the settings of a service, by name: the bounds that callers meet."""
    bounds: list[tuple[str, int | float]] = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if is_dataclass(value):
            bounds += bounds_of(value, f"{prefix}{field.name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool) and field.name != "port":
            bounds.append((f"{prefix}{field.name}", value))
    return tuple(bounds)


@lru_cache(maxsize=4)
def document(bounds: Bounds) -> dict[str, Any]:
    """Return the document of a service with these bounds."""
    schemas = _schemas()
    if (max_deadline := dict(bounds).get("max_deadline")) is not None:
        deadline = schemas["Limits"]["properties"]["deadline"]
        deadline["description"] = f"Seconds, at most {max_deadline:g} for any request to this service."
    paths: dict[str, Any] = {}
    for operation in operations():
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "structgen", "version": VERSION, "description": _about(bounds)},
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas() -> dict[str, Any]:
    """Return the JSON Schemas of all bodies, events and problems by their names."""
    models: list[type[BaseModel]] = [api.Problem, ErrorEnvelope]
    for operation in operations():
        models += [body[0] for body in (operation.request, operation.response) if body]
        models += operation.events.values()
    models += [problem_model(name) for name in PROBLEMS]
    _, schemas = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    named = schemas["$defs"]
    for operation in operations():
        if operation.takes_files and operation.request:
            model = operation.request[0].__name__
            named[_form(model)] = form_schema(named[model], model)
    return dict(sorted(named.items()))


def _form(model: str) -> str:
    """Return the name of the schema of a form with the members of a body: `ExtractForm`."""
    return f"{model.removesuffix('Request')}Form"


def problem_model(name: str) -> type[BaseModel]:
    """Return the model of one kind of problem."""
    kind = PROBLEMS[name]
    members: Any = {
        **member_fields(kind),
        "type": (Literal[f"/problems/{name}"], ...),
        "title": (Literal[title(name)], ...),
        "status": (Literal[kind.status], ...),
    }
    return create_model(problem_schema(name), __base__=api.Problem, __doc__=kind.meaning, **members)


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


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    content = {**(_json(*operation.response) if operation.response else {}), **operation.texts}
    if operation.events:
        # OpenAPI 3.2's name for the schema of one event: 3.1, which more tools read, has none.
        content["text/event-stream"] = {"itemSchema": _event(operation), "example": operation.stream}
    responses: dict[str, Any] = {"200": {"description": operation.summary, "content": content}}
    if operation.headers:
        responses["200"]["headers"] = operation.headers
    for status in sorted({PROBLEMS[name].status for name in operation.problems}):
        names = [
            name for name, kind in PROBLEMS.items() if name in operation.problems and kind.status == status
        ]
        responses[str(status)] = _envelope_response(names) if operation.openai else _problem_response(names)
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": responses,
    }
    if operation.description:
        described["description"] = operation.description
    if operation.parameters:
        described["parameters"] = [_parameter(*each) for each in operation.parameters.items()]
    if operation.request:
        described["requestBody"] = {"required": True, "content": _json(*operation.request)}
        if operation.takes_files:
            model, example = operation.request
            reference = _REFERENCE.format(model=_form(model.__name__))
            form = form_content(schemas[model.__name__], reference, example)
            described["requestBody"]["content"] |= form
    return described if operation.needs_key else {**described, "security": []}


def _json(model: type[BaseModel], example: Any) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=model.__name__)}
    return {"application/json": {"schema": schema, "example": example}}


def _parameter(name: str, example: Any) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def _envelope_response(names: list[str]) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=ErrorEnvelope.__name__)}
    examples = {name: {"value": openapi_examples.envelope(name)} for name in names}
    content = {"application/json": {"schema": schema, "examples": examples}}
    return {"description": " ".join(PROBLEMS[name].meaning for name in names), "content": content}


def _event(operation: Operation) -> dict[str, Any]:
    """Return the schema of one server-sent event: its name decides the schema of its data."""
    models = {
        name: {"$ref": _REFERENCE.format(model=model.__name__)} for name, model in operation.events.items()
    }
    if EVERY in models:
        error = {"$ref": _REFERENCE.format(model=ErrorEnvelope.__name__)}
        data = _embedded({"anyOf": [models[EVERY], error]})
        return {
            "type": "object",
            "description": "One event. An error, or else `[DONE]` where the protocol has it, is the last.",
            "required": ["data"],
            "properties": {"data": {"anyOf": [{"const": "[DONE]"}, data]}},
        }
    models["problem"] = _problem([name for name in PROBLEMS if name in operation.problems])
    return {
        "type": "object",
        "description": "One event. A stream has several; `result` or `problem` is the last.",
        "required": ["event", "data"],
        "oneOf": [
            {"properties": {"event": {"const": name}, "data": _embedded(schema)}}
            for name, schema in models.items()
        ],
    }


def _embedded(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a text that is JSON of a schema."""
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}


def _problem_response(names: list[str]) -> dict[str, Any]:
    examples = {name: {"value": openapi_examples.problem(name)} for name in names}
    content = {"application/problem+json": {"schema": _problem(names), "examples": examples}}
    return {"description": " ".join(PROBLEMS[name].meaning for name in names), "content": content}


def _problem(names: list[str]) -> dict[str, Any]:
    """Return the schema of one of these problems."""
    references = {name: _REFERENCE.format(model=problem_schema(name)) for name in names}
    if len(names) == 1:
        return {"$ref": references[names[0]]}
    return {
        "oneOf": [{"$ref": reference} for reference in references.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {f"/problems/{name}": reference for name, reference in references.items()},
        },
    }
