"""`structgen serve`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import engine_arguments, options, planning
from structgen.errors import ConfigError

if TYPE_CHECKING:
    from structgen.config import ServerConfig
    from structgen.engines import Engine

_LOCAL = "slots", "context", "threads", "device", "dtype"
_SECONDS = click.FloatRange(0, min_open=True)


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
@click.option("--dtype", help="float32, bfloat16 or float16. Default: float32 on cpu (local engine).")
@click.option("--max-body", type=click.IntRange(1), help="Bytes of a request. Default: 4 MiB.")
@click.option(
    "--schema-cache-bytes", type=click.IntRange(0), help="Memory for schemas of requests. Default: 128 MiB."
)
@click.option("--max-deadline", type=_SECONDS, help="Seconds that any request may take. Default: 300.")
@click.option("--grace", type=click.IntRange(0), help="Seconds to end what runs at a stop. Default: 30.")
@click.option(
    "--schema-limit", "bounds", multiple=True, metavar="NAME=NUMBER", help="As max_enum=20000; repeatable."
)
@click.option("--gpus", metavar="COUNTxGIB", help="Plan for these, as 8x80, not for what is here (vllm).")
@click.option("--dry-run", is_flag=True, help="Print the plan and the memory it takes; run nothing (vllm).")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- VLLM_ARGUMENTS]")
def serve(
    engine: str,
    model: str | None,
    url: str | None,
    host: str | None,
    port: int | None,
    folder: Path | None,
    max_queue: int | None,
    max_body: int | None,
    max_deadline: float | None,
    schema_cache_bytes: int | None,
    grace: int | None,
    bounds: tuple[str, ...],
    gpus: str | None,
    dry_run: bool,
    arguments: tuple[str, ...],
    **own: Any,
) -> None:
    """Serve the REST API; the address is printed on standard error.

    Keys are read from the environment: STRUCTGEN_API_KEY is what callers send, STRUCTGEN_REMOTE_KEY what
    the remote engine sends to its server. With --engine vllm, parallel sizes, context and cache are
    planned from the GPUs and the model; every argument of vLLM may follow a --, and wins over the plan.
    """
    given = engine_arguments.parsed(arguments)
    _check(engine, url, options.given(**own), {"--gpus": gpus, "--dry-run": dry_run, "--": given})
    chosen = options.shipped_or(engine, model)
    if dry_run:
        planning.show(planning.planned(chosen, gpus, given), given)
        return
    from structgen.config import ServerConfig
    from structgen.engines import open_engine

    key = os.environ.get("STRUCTGEN_API_KEY") or None
    wanted = options.given(
        host=host, port=port, schemas=folder, max_queue=max_queue, max_body=max_body,
        max_deadline=max_deadline, schema_cache_bytes=schema_cache_bytes, shutdown_grace=grace,
        limits=options.limits(bounds),
    )  # fmt: skip
    config = ServerConfig(api_key=key, **wanted)
    if engine == "vllm":
        opened = open_engine(engine, chosen, arguments=planning.arguments(chosen, gpus, given))
    else:
        opened = open_engine(engine, chosen, **options.remote(engine, url), **options.given(**own))
    _run(config, opened)


def _run(config: ServerConfig, engine: Engine) -> None:
    """Serve until the end, in a process that is its own: logging and threads are set for all of it."""
    from structgen.server.run import make_server

    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("structgen").setLevel(logging.INFO)
    sys.setswitchinterval(0.001)  # a large body is read in a thread: the others wait for it no longer
    server = make_server(config, engine)
    try:
        server.run()
    except SystemExit as end:  # uvicorn's way to say that it could not start
        raise ConfigError(f"cannot listen on {config.host}:{config.port}") from end


def _check(engine: str, url: str | None, own: dict[str, Any], of_vllm: dict[str, Any]) -> None:
    """Options that the engine would not heed are a mistake, and are told as one."""
    options.remote(engine, url)
    heeded = {"local": _LOCAL, "remote": ("slots",)}.get(engine, ())
    if names := ", ".join(f"--{name}" for name in own if name not in heeded):
        hint = ": give vLLM's own arguments after a --" if engine == "vllm" else ""
        raise click.UsageError(f"{names}: for the local engine alone{hint}")
    if engine != "vllm" and (used := [name for name, value in of_vllm.items() if value]):
        raise click.UsageError(f"{', '.join(used)}: for --engine vllm alone")
