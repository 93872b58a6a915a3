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
@click.option("--host", help="Address to listen on. Default: 127.0.0.1; any other needs STRUCTGEN_API_KEY.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8000; 0 takes a free one.")
@options.schemas
@click.option("--max-queue", type=click.IntRange(0), help="Requests that may wait; more get 429.")
@click.option("--slots", type=click.IntRange(1), help="Generations at once (local engine).")
@click.option(
    "--context", type=click.IntRange(2), help="Tokens of prompt and answer, in every slot (local engine)."
)
@click.option("--threads", type=click.IntRange(1), help="CPU threads (local engine).")
@click.option("--device", help="cpu or cuda (local engine).")
def serve(
    engine: str,
    model: str | None,
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

    The API key is read from the environment variable STRUCTGEN_API_KEY.
    """
    from structgen.config import ServerConfig
    from structgen.engines import open_engine
    from structgen.server.run import make_server

    key = os.environ.get("STRUCTGEN_API_KEY") or None
    config = ServerConfig(
        api_key=key, **options.given(host=host, port=port, schemas=folder, max_queue=max_queue)
    )
    chosen = options.shipped_or(engine, model)
    opened = open_engine(
        engine, chosen, **options.given(slots=slots, context=context, threads=threads, device=device)
    )
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("structgen").setLevel(logging.INFO)
    sys.setswitchinterval(0.001)  # a large body is read in a thread: the others wait for it no longer
    server = make_server(config, opened)
    try:
        server.run()
    except SystemExit as end:  # uvicorn's way to say that it could not start
        raise ConfigError(f"cannot listen on {config.host}:{config.port}") from end
