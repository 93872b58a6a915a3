"""`GET /v1/models`."""

from __future__ import annotations

from litestar import Controller, Response, get

from structgen.server.dependencies import ServiceDependency
from structgen.server.responses import json_response


class ModelsController(Controller):
    """The model served."""

    @get("/v1/models")
    async def models(self, service: ServiceDependency) -> Response[bytes]:
        """List the one model, in the form that OpenAI clients expect."""
        engine = service.engine
        entry = {"id": engine.model, "object": "model", "created": 0, "owned_by": "structgen"}
        if engine.card.demo:
            entry |= {"demo": True, "description": engine.card.warning}
        return json_response({"object": "list", "data": [entry]})
