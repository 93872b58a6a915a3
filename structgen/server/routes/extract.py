"""`POST /v1/extract`, `POST /v1/validate` and `POST /v1/schemas/check`."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextlib import aclosing
from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.response import Stream

from structgen import api
from structgen.api import B, CheckRequest, ExtractRequest, RepairRequest, ValidateRequest
from structgen.errors import BadRequest, StructgenError
from structgen.server.errors import json_response, request_id
from structgen.server.leaving import WhileConnected
from structgen.server.service import Service
from structgen.server.stream import sent, started
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
    body = await _read(ExtractRequest, request)
    async with WhileConnected(request):
        if not body.stream:
            return json_response((await _run(service, body)).to_json())
        begun = await started(service.events(body))
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
    return json_response({"valid": not violations, **shown(violations)})


@post("/v1/repair", status_code=200)
async def repair(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """Texts that were meant to be JSON, put right, with an account of every change."""
    service: Service = state.service
    body = await _read(RepairRequest, request)
    async with WhileConnected(request):
        results = await service.repair(body)
    found = [result.to_json() for result in results]
    return json_response(found[0] if body.texts is None else {"results": found})


@post("/v1/schemas/check", status_code=200)
async def check(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """Which constraints of a schema are enforced while decoding, which afterwards, and warnings."""
    service: Service = state.service
    body = await _read(CheckRequest, request)
    async with WhileConnected(request):
        schema, refusal = await service.checked(body.schema_)
        return json_response(await asyncio.to_thread(schema.check, refusal))


async def _read(kind: type[B], request: Request[Any, Any, Any]) -> B:
    """A small body at once, a larger one in a thread, and a large one in a process of its own.

    From here on, the work of this request counts for its caller in every queue.
    """
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) != "identity":
        fault = Violation("", "content-encoding", f"a body in {coding!r} is not read: send it plain")
        raise BadRequest(fault.message, [fault])
    CALLER.set(_caller(request))
    body = await request.body()
    if len(body) < SMALL:
        return api.read(kind, body)
    service: Service = request.app.state.service
    async with WhileConnected(request):
        if len(body) < LARGE:
            return await asyncio.to_thread(api.read, kind, body)
        return await service.workers.read(kind, body, service.config.limits)


def _caller(request: Request[Any, Any, Any]) -> Hashable:
    """Who shares the queues: the name that access gave to the key, or else the connection."""
    state = request.scope.get("state") or {}
    return state.get("caller") or request.scope.get("client")


async def _run(service: Service, body: ExtractRequest) -> Result:
    async with aclosing(service.events(body)) as events:
        async for event in events:
            if isinstance(event, Completed):
                return event.result
    raise StructgenError("the run ended without a result")
