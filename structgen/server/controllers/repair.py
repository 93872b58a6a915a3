"""`POST /v1/repair`."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, post

from structgen.api import RepairRequest
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.request_bodies import read_body
from structgen.server.responses import json_response, warning_members


class RepairController(Controller):
    """Repair of broken JSON texts."""

    @post("/v1/repair", status_code=200)
    async def repair(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[bytes]:
        """Repair one text or many, with an account of every change."""
        body = await read_body(RepairRequest, request, service)
        async with WhileConnected(request, service.refusals):
            schema = None if body.schema_ is None else await service.schema(body.schema_)
            results = [result.to_json() for result in await service.repair(body)]
        answer = results[0] if body.texts is None else {"results": results}
        return json_response({**answer, **warning_members(schema)})
