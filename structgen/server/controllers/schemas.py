"""Schemas: their names, what a grammar enforces of one, and the violations of a value under one."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Controller, Request, Response, get, post

from structgen.api import CheckRequest, ValidateRequest
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.request_bodies import read_body
from structgen.server.responses import json_response, warning_members
from structgen.types import violation_members


class SchemasController(Controller):
    """Named schemas, checks of schemas, and validation of values."""

    @get("/v1/schemas")
    async def schemas(self, service: ServiceDependency) -> Response[bytes]:
        """List the names that a request may give in place of a schema."""
        return json_response({"schemas": service.registry.names()})

    @post("/v1/schemas/check", status_code=200)
    async def check(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[bytes]:
        """Report which constraints are enforced while decoding and which afterwards, with warnings."""
        body = await read_body(CheckRequest, request, service)
        async with WhileConnected(request, service.refusals):
            schema, refusal = await service.checked(body.schema_)
            return json_response(await asyncio.to_thread(schema.check, refusal))

    @post("/v1/validate", status_code=200)
    async def validate(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[bytes]:
        """List the violations of a value under a schema."""
        body = await read_body(ValidateRequest, request, service)
        async with WhileConnected(request, service.refusals):
            schema = await service.schema(body.schema_)
            violations = await service.workers.violations(schema, body.value)
        members = {"valid": not violations, **violation_members(violations), **warning_members(schema)}
        return json_response(members)
