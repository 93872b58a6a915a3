"""`POST /v1/ground`."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Controller, Request, Response, post

from structgen import json_text
from structgen.api import GroundRequest
from structgen.server.body_receiver import ARRIVED
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.request_bodies import read_body
from structgen.server.responses import text_response, warning_members


class GroundController(Controller):
    """Grounding of objects in the texts that they came from."""

    @post("/v1/ground", status_code=200)
    async def ground(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[bytes]:
        """Find the place of each scalar of an object in its source."""
        arrived = request.scope["state"][ARRIVED]
        body = await read_body(GroundRequest, request, service)
        async with WhileConnected(request, service.refusals):
            schema = None if body.schema_ is None else await service.schema(body.schema_)
            members, warnings = await service.ground(body, schema, arrived)
        head = json_text.dumps({"id": secrets.token_hex(16), **warning_members(schema, warnings)})
        return text_response(f"{head[:-1]},{members[1:]}")
