"""The application under uvicorn."""

from __future__ import annotations

import asyncio
import logging
import math
import sys

import uvicorn

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.errors import ConfigError
from structgen.server.app import create_app
from structgen.server.connections import Connections
from structgen.server.descriptors import RESERVE, allowed_connections, log_exhaustion_briefly
from structgen.server.guarded_protocol import guarded_protocol

BACKLOG = 512
"""Connections that the system queues until they are accepted: fewer than descriptors, for asyncio accepts as
many at once before it closes any."""
ENGINE_CLOSE_LEAD = 2.0
"""Seconds before the end of the grace period at which the engine is closed under the running requests."""


class _Server(uvicorn.Server):
    """A uvicorn server that starts the engine first, so that its errors reach the caller.

    It prints its address once it listens. Towards the end of the grace period it closes the engine, so that
    every request still gets a response, and every stream its problem.
    """

    def __init__(
        self, settings: uvicorn.Config, engine: Engine, grace: float, connections: Connections
    ) -> None:
        super().__init__(settings)
        self._engine, self._grace, self._connections = engine, grace, connections

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        grace = asyncio.ensure_future(asyncio.sleep(self._grace - min(ENGINE_CLOSE_LEAD, self._grace / 2)))
        closing = asyncio.ensure_future(self._close_engine_after(grace))
        try:
            await super().shutdown(sockets)  # type: ignore[arg-type]
        finally:
            grace.cancel()
            self._watch.cancel()
            # Wait for a close that has begun.
            await asyncio.gather(closing, self._watch, return_exceptions=True)

    async def _close_engine_after(self, grace: asyncio.Future[None]) -> None:
        await grace
        await self._engine.close()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await self._engine.start()
        log_exhaustion_briefly(asyncio.get_running_loop())
        wanted = self._connections.maximum
        try:
            self._connections.maximum = allowed_connections(wanted)
        except ConfigError:
            await self._engine.close()
            raise
        if self._connections.maximum < wanted:
            self.config.backlog = RESERVE // 2
        self._watch = asyncio.ensure_future(self._connections.watch())
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers if self.started else ():
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                host = f"[{host}]" if ":" in host else host
                print(f"structgen listens on http://{host}:{port}", file=sys.stderr, flush=True)


def make_server(config: ServerConfig, engine: Engine) -> uvicorn.Server:
    """Return a server that does not run yet; a stop lets running requests end within the grace period.

    Its `run` raises `ConfigError` if the engine cannot start.
    """
    connections = Connections(config.max_connections, config.timeouts)
    settings = uvicorn.Config(
        create_app(config, engine),
        host=config.host,
        port=config.port,
        access_log=False,
        http=guarded_protocol(connections),
        ws="none",
        log_config=None,
        log_level=logging.WARNING,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=config.shutdown_grace,
        timeout_keep_alive=math.ceil(config.timeouts.idle),
        server_header=False,
    )
    return _Server(settings, engine, config.shutdown_grace, connections)
