"""Probes and metrics for operators."""

from __future__ import annotations

from litestar import Controller, MediaType, Response, get, route

from structgen.server.dependencies import ServiceDependency
from structgen.server.responses import json_response


class ProbesController(Controller):
    """Health, readiness and metrics."""

    @route("/health", http_method=["GET", "HEAD"])
    async def health(self) -> Response[bytes]:
        """Respond as long as the process is alive."""
        return json_response({"status": "ok"})

    @route("/ready", http_method=["GET", "HEAD"])
    async def ready(self, service: ServiceDependency) -> Response[bytes]:
        """Respond with 200 if requests can be served now, else with 503."""
        health = await service.require_ready()
        return json_response({"status": "ready", "running": health.running, "waiting": health.waiting})

    @get("/metrics", media_type=MediaType.TEXT)
    async def metrics(self, service: ServiceDependency) -> Response[bytes]:
        """Expose metrics in Prometheus' text format."""
        text = service.metrics.exposition()
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
