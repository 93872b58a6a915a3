"""`POST /v1/extract`, `POST /v1/validate` and `POST /v1/schemas/check`."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.response import Stream

from structgen import api
from structgen.api import B, CheckRequest, ExtractRequest, RepairRequest, ValidateRequest
from structgen.errors import BadRequest, StructgenError
from structgen.schema import Schema
from structgen.server import access
from structgen.server.access import PRIORITY, check_media
from structgen.server.disconnect import WhileConnected
from structgen.server.errors import json_response, request_id
from structgen.server.request_bodies import ARRIVED
from structgen.server.service import Service
from structgen.server.sse import sent, started
from structgen.strategies.base import Completed, Result
from structgen.types import Violation, shown
from structgen.workers import CALLER

SMALL = 2**14
"""Bytes up to which a body is read at once: a thread would take longer."""
LARGE = 2**17
"""Bytes from which on a body is read in another process."""


@post("/v1/extract", status_code=200)
async def extract(request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """A schema and a document in, a validated object out."""
    service: Service = state.service
    arrived = request.scope["state"][ARRIVED]
    body = _permitted(await _read(ExtractRequest, request), request)
    async with WhileConnected(request):
        if not body.stream:
            return json_response((await _run(service, body, arrived)).to_json())
        begun = await started(service.events(body, arrived))
    events = sent(begun, request_id(request))
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Stream(events, media_type="text/event-stream", headers=headers, status_code=200)


@post("/v1/validate", status_code=200)
async def validate(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """The violations of a value under a schema."""
    service: Service = state.service
    body = await _read(ValidateRequest, request)
    async with WhileConnected(request):
        schema = await service.schema(body.schema_)
        violations = await service.workers.violations(schema, body.value)
    return json_response({"valid": not violations, **shown(violations), **_warnings(schema)})


@post("/v1/repair", status_code=200)
async def repair(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """Texts that were meant to be JSON, put right, with an account of every change."""
    service: Service = state.service
    body = await _read(RepairRequest, request)
    async with WhileConnected(request):
        schema = None if body.schema_ is None else await service.schema(body.schema_)
        results = await service.repair(body)
    found = [result.to_json() for result in results]
    return json_response({**(found[0] if body.texts is None else {"results": found}), **_warnings(schema)})


@post("/v1/schemas/check", status_code=200)
async def check(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """Which constraints of a schema are enforced while decoding, which afterwards, and warnings."""
    service: Service = state.service
    body = await _read(CheckRequest, request)
    async with WhileConnected(request):
        schema, refusal = await service.checked(body.schema_)
        return json_response(await asyncio.to_thread(schema.check, refusal))


def _permitted(body: ExtractRequest, request: Request[Any, Any, Any]) -> ExtractRequest:
    """The same, no more urgent than the caller's key allows."""
    priority = max(body.limits.priority, request.scope["state"][PRIORITY])
    if priority == body.limits.priority:
        return body
    return body.model_copy(update={"limits": replace(body.limits, priority=priority)})


def _warnings(schema: Schema | None) -> dict[str, Any]:
    """The member that tells what is worth knowing about a schema; none where there is nothing."""
    warnings = () if schema is None else schema.diagnostics()
    return {"warnings": [warning.to_json() for warning in warnings]} if warnings else {}


async def _read(kind: type[B], request: Request[Any, Any, Any]) -> B:
    """Read the body of a request; from here on, work in the queues counts for its caller.

    A small body is read at once, a larger one in a thread, and a large one in a process of its own.
    """
    check_media(request.scope)
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) != "identity":
        fault = Violation("", "content-encoding", f"a body in {coding!r} is not read: send it plain")
        raise BadRequest(fault.message, [fault])
    service: Service = request.app.state.service
    CALLER.set(_caller(request, service))
    async with request.app.state.bodies.received(request, LARGE) as text:
        if len(text) < SMALL:
            return api.read(kind, text)
        async with WhileConnected(request):
            if len(text) < LARGE:
                return await asyncio.to_thread(api.read, kind, text)
            return await service.workers.read(kind, text, service.config.limits)


def _caller(request: Request[Any, Any, Any], service: Service) -> Hashable:
    """Who shares the queues: the API key where there are several, else the connection."""
    several = len(service.config.keys) > 1
    return request.scope["state"][access.CALLER] if several else request.scope.get("client")


async def _run(service: Service, body: ExtractRequest, arrived: float) -> Result:
    async with aclosing(service.events(body, arrived)) as events:
        async for event in events:
            if isinstance(event, Completed):
                return event.result
    raise StructgenError("the run ended without a result")
