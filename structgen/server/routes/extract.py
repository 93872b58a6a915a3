"""`POST /v1/extract`, `POST /v1/validate` and `POST /v1/schemas/check`."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.response import Stream

from structgen import api
from structgen.api import B, CheckRequest, ExtractRequest, RepairRequest, ValidateRequest
from structgen.errors import BadRequest, StructgenError
from structgen.schema import Schema
from structgen.server.errors import json_response, request_id
from structgen.server.service import Service
from structgen.server.stream import sent, started
from structgen.strategies.base import Completed, Result
from structgen.types import Violation

R = TypeVar("R")
LARGE = 2**17
"""Bytes from which on a body is read elsewhere."""


@post("/v1/extract", status_code=200)
async def extract(request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """A schema and a document in, a validated object out."""
    body = await _read(ExtractRequest, request)
    service: Service = state.service
    if body.stream:
        begun = await _unless_gone(request, started(service.events(body)))
        events = sent(begun, request_id(request))
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return Stream(events, media_type="text/event-stream", headers=headers, status_code=200)
    result = await _unless_gone(request, _run(service, body))
    return json_response(result.to_json())


@post("/v1/validate", status_code=200)
async def validate(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """All violations of a value under a schema."""
    body = await _read(ValidateRequest, request)
    schema = await state.service.schema(body.schema_)
    violations = await state.service.workers.violations(schema, body.value)
    found = [violation.to_json() for violation in violations]
    return json_response({"valid": not found, "violations": found, **_warnings(schema)})


@post("/v1/repair", status_code=200)
async def repair(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """Texts that were meant to be JSON, put right, with an account of every change."""
    body = await _read(RepairRequest, request)
    schema = None if body.schema_ is None else await state.service.schema(body.schema_)
    results = await _unless_gone(request, state.service.repair(body))
    found = [result.to_json() for result in results]
    return json_response({**(found[0] if body.texts is None else {"results": found}), **_warnings(schema)})


@post("/v1/schemas/check", status_code=200)
async def check(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """Which constraints of a schema are enforced while decoding, which afterwards, and warnings."""
    body = await _read(CheckRequest, request)
    schema, refusal = await state.service.checked(body.schema_)
    return json_response(await asyncio.to_thread(schema.check, refusal))


def _warnings(schema: Schema | None) -> dict[str, Any]:
    """The member that tells what is worth knowing about a schema; none where there is nothing."""
    warnings = () if schema is None else schema.diagnostics()
    return {"warnings": [warning.to_json() for warning in warnings]} if warnings else {}


async def _read(kind: type[B], request: Request[Any, Any, Any]) -> B:
    """Off the event loop, and a large body in a process of its own."""
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) != "identity":
        fault = Violation("", "content-encoding", f"a body in {coding!r} is not read: send it plain")
        raise BadRequest(fault.message, [fault])
    body = await request.body()
    if len(body) < LARGE:
        return await asyncio.to_thread(api.read, kind, body)
    service: Service = request.app.state.service
    return await service.workers.read(kind, body, service.config.limits)


async def _run(service: Service, body: ExtractRequest) -> Result:
    async with aclosing(service.events(body)) as events:
        async for event in events:
            if isinstance(event, Completed):
                return event.result
    raise StructgenError("the run ended without a result")


async def _unless_gone(request: Request[Any, Any, Any], work: Coroutine[Any, Any, R]) -> R:
    """The result of the work, which is cancelled when the client goes away."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone("the client went away")
        return task.result()
    finally:
        for future in (task, gone):
            future.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await future


class ClientGone(StructgenError):
    """Nobody is there to read the answer."""

    name = "client-gone"


async def _disconnected(request: Request[Any, Any, Any]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
