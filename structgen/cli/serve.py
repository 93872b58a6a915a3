"""`structgen serve`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click

from structgen.cli import options
from structgen.errors import ConfigError


@click.command()
@options.engine
@options.model
@click.option("--url", help="Server of the remote engine, as http://HOST:8000/v1.")
@click.option("--host", help="Address to listen on. Default: 127.0.0.1; any other needs STRUCTGEN_API_KEY.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8000; 0 takes a free one.")
@options.schemas
@click.option("--max-queue", type=click.IntRange(0), help="Requests that may wait; more get 429.")
@click.option("--slots", type=click.IntRange(1), help="Generations at once (local: 8, remote: 32).")
@click.option(
    "--context", type=click.IntRange(2), help="Tokens of prompt and answer, in every slot (local engine)."
)
@click.option("--threads", type=click.IntRange(1), help="CPU threads (local engine).")
@click.option("--device", help="cpu or cuda (local engine).")
def serve(
    engine: str,
    model: str | None,
    url: str | None,
    host: str | None,
    port: int | None,
    folder: Path | None,
    max_queue: int | None,
    slots: int | None,
    context: int | None,
    threads: int | None,
    device: str | None,
) -> None:
    """Serve the REST API; the address is printed on standard error.

    Keys are read from the environment: STRUCTGEN_API_KEY is what callers send, STRUCTGEN_REMOTE_KEY what
    the remote engine sends to its server.
    """
    from structgen.config import ServerConfig
    from structgen.engines import open_engine
    from structgen.server.run import make_server

    key = os.environ.get("STRUCTGEN_API_KEY") or None
    config = ServerConfig(
        api_key=key, **options.given(host=host, port=port, schemas=folder, max_queue=max_queue)
    )
    local = options.given(context=context, threads=threads, device=device)
    if local and engine != "local":
        raise click.UsageError(f"--{next(iter(local))} is for the local engine")
    wanted = {**options.remote(engine, url), **options.given(slots=slots), **local}
    opened = open_engine(engine, options.shipped_or(engine, model), **wanted)
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("structgen").setLevel(logging.INFO)
    sys.setswitchinterval(0.001)  # a large body is read in a thread: the others wait for it no longer
    server = make_server(config, opened)
    try:
        server.run()
    except SystemExit as end:  # uvicorn's way to say that it could not start
        raise ConfigError(f"cannot listen on {config.host}:{config.port}") from end
