"""`POST /v1/calibrate`."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, post

from structgen.api import CalibrateRequest
from structgen.server.dependencies import ServiceDependency
from structgen.server.disconnect import WhileConnected
from structgen.server.request_bodies import read_body
from structgen.server.responses import json_response


class CalibrateController(Controller):
    """Calibration of the scores of a schema."""

    @post("/v1/calibrate", status_code=200)
    async def calibrate(self, request: Request[Any, Any, Any], service: ServiceDependency) -> Response[bytes]:
        """Fit a calibration to labelled rows, and report what it is worth."""
        body = await read_body(CalibrateRequest, request, service)
        async with WhileConnected(request, service.refusals):
            schema = None if body.schema_ is None else await service.schema(body.schema_)
            definition = None if schema is None else schema.definition
            return json_response(await service.calibrations.calibrate(definition, body.rows))
