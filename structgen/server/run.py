"""The service under uvicorn."""

from __future__ import annotations

import sys

import uvicorn

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.server.app import create_app


class _Server(uvicorn.Server):
    """Starts the engine before all else, so that what is wrong with it is raised to the caller.

    Says where it listens, once it does: port 0 is known only then.
    """

    def __init__(self, settings: uvicorn.Config, engine: Engine) -> None:
        super().__init__(settings)
        self._engine = engine

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await self._engine.start()
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers if self.started else ():
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
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
        server_header=False,
    )
    return _Server(settings, engine)
