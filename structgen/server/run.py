"""The service under uvicorn."""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.server.app import create_app

LAST = 2.0
"""Seconds before the end of the grace at which those who still run are told that there is no more time."""
KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than balancers and clients keep theirs (60 is usual), so
that none sends a request on one that is being closed."""


class _Server(uvicorn.Server):
    """Starts the engine before all else, so that what is wrong with it is raised to the caller.

    Says where it listens, once it does: port 0 is known only then. Towards the end of the grace it closes
    the engine, so that every request ends with an answer, and every stream with its problem.
    """

    def __init__(self, settings: uvicorn.Config, engine: Engine, grace: float) -> None:
        super().__init__(settings)
        self._engine, self._grace = engine, grace

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        wait = asyncio.ensure_future(asyncio.sleep(self._grace - min(LAST, self._grace / 2)))
        last = asyncio.ensure_future(self._close_after(wait))
        try:
            await super().shutdown(sockets)  # type: ignore[arg-type]
        finally:
            wait.cancel()
            await asyncio.gather(last, return_exceptions=True)  # a close that has begun comes to its end

    async def _close_after(self, wait: asyncio.Future[None]) -> None:
        await wait
        await self._engine.close()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await self._engine.start()
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
    settings = uvicorn.Config(
        create_app(config, engine),
        host=config.host,
        port=config.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=config.shutdown_grace,
        timeout_keep_alive=KEEP_ALIVE,
        server_header=False,
    )
    return _Server(settings, engine, config.shutdown_grace)
