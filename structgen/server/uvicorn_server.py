"""The service under uvicorn."""

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
from structgen.server.connections import Connections, guarded
from structgen.server.descriptors import RESERVE, connections_within, quiet_when_exhausted

BACKLOG = 512
"""Connections that the system holds until they are accepted. asyncio accepts as many in one go, before it
closes any: fewer than there are descriptors."""
LAST = 2.0
"""Seconds before the end of the grace at which those who still run are told that there is no more time."""


class _Server(uvicorn.Server):
    """Starts the engine before all else, so that what is wrong with it is raised to the caller.

    Says where it listens, once it does: port 0 is known only then. Towards the end of the grace it closes
    the engine, so that every request ends with an answer, and every stream with its problem.
    """

    def __init__(
        self, settings: uvicorn.Config, engine: Engine, grace: float, connections: Connections
    ) -> None:
        super().__init__(settings)
        self._engine, self._grace, self._connections = engine, grace, connections

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        wait = asyncio.ensure_future(asyncio.sleep(self._grace - min(LAST, self._grace / 2)))
        last = asyncio.ensure_future(self._close_after(wait))
        try:
            await super().shutdown(sockets)  # type: ignore[arg-type]
        finally:
            wait.cancel()
            self._watch.cancel()
            # A close that has begun comes to its end.
            await asyncio.gather(last, self._watch, return_exceptions=True)

    async def _close_after(self, wait: asyncio.Future[None]) -> None:
        await wait
        await self._engine.close()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await self._engine.start()
        quiet_when_exhausted(asyncio.get_running_loop())
        wanted = self._connections.most
        try:
            self._connections.most = connections_within(self._connections.most)
        except ConfigError:
            await self._engine.close()
            raise
        if self._connections.most < wanted:
            self.config.backlog = RESERVE // 2
        self._watch = asyncio.ensure_future(self._connections.watch())
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers if self.started else ():
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                host = f"[{host}]" if ":" in host else host
                print(f"structgen listens on http://{host}:{port}", file=sys.stderr, flush=True)


def make_server(config: ServerConfig, engine: Engine) -> uvicorn.Server:
    """A server not yet running; a stop lets running requests end within the grace.

    Its `run` raises `ConfigError` where the engine cannot start.
    """
    connections = Connections(config.max_connections, config.timeouts)
    settings = uvicorn.Config(
        create_app(config, engine),
        host=config.host,
        port=config.port,
        access_log=False,
        http=guarded(connections),
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
