"""The service under uvicorn."""

from __future__ import annotations

import sys

import uvicorn

from structgen.config import ServerConfig
from structgen.engines import Engine
from structgen.server.app import create_app


class _Server(uvicorn.Server):
    """Says where it listens, once it does: port 0 is known only then."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers if self.started else ():
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                print(f"structgen listens on http://{host}:{port}", file=sys.stderr, flush=True)


def make_server(config: ServerConfig, engine: Engine) -> uvicorn.Server:
    """A server not yet running; a stop lets running requests end within the grace."""
    settings = uvicorn.Config(
        create_app(config, engine),
        host=config.host,
        port=config.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=config.shutdown_grace,
        server_header=False,
    )
    return _Server(settings)


def serve(config: ServerConfig, engine: Engine) -> None:
    """Serve until a signal says stop."""
    make_server(config, engine).run()
