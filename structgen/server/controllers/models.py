"""`GET /v1/models` and `GET /v1/models/NAME`."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from structgen.engines import Engine
from structgen.errors import NotFound
from structgen.server.dependencies import ServiceDependency
from structgen.server.responses import json_response


class ModelsController(Controller):
    """The model served."""

    @get("/v1/models")
    async def models(self, service: ServiceDependency) -> Response[bytes]:
        """List the one model, in the form that OpenAI clients expect."""
        return json_response({"object": "list", "data": [_entry(service.engine)]})

    @get("/v1/models/{name:path}")
    async def model(self, name: FromPath[str], service: ServiceDependency) -> Response[bytes]:
        """Describe the model of that name, which may have slashes."""
        given, served = name.removeprefix("/"), service.engine.model
        if given not in (served, served.removeprefix("/")):
            raise NotFound(f"there is no model {given[:200]!r}: the service has one, {served!r}")
        return json_response(_entry(service.engine))


def _entry(engine: Engine) -> dict[str, Any]:
    entry = {"id": engine.model, "object": "model", "created": 0, "owned_by": "structgen"}
    return entry | {"demo": True, "description": engine.card.warning} if engine.card.demo else entry
