"""`structgen serve`."""

from __future__ import annotations

import os
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import engine_arguments, logs, options, planning
from structgen.errors import ConfigError

if TYPE_CHECKING:
    from structgen.config import ServerConfig, Timeouts
    from structgen.engines import Engine

_LOCAL = "slots", "context", "threads", "device", "dtype"
_KEYS = "STRUCTGEN_API_KEY", "STRUCTGEN_REMOTE_KEY"
_SECONDS = click.FloatRange(0, min_open=True)


@click.command()
@options.engine
@options.model
@click.option("--url", help="Server of the remote engine, as http://HOST:8000/v1.")
@click.option("--host", help="Address to listen on. Default: 127.0.0.1; any other needs STRUCTGEN_API_KEY.")
@click.option(
    "--keys-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='TOML file of API keys: [keys.NAME] with key = "…" and, if wanted, priority = -10.',
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Name under which callers without a key may reach the service; repeatable.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Origin, as https://app.example, whose pages may call the service; repeatable.",
)
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
@click.option("--max-deadline", type=_SECONDS, help="Seconds that any request may take. Default: 300.")
@click.option("--grace", type=click.IntRange(0), help="Seconds to end what runs at a stop. Default: 30.")
@click.option(
    "--schema-limit", "bounds", multiple=True, metavar="NAME=NUMBER", help="As max_enum=20000; repeatable."
)
@click.option(
    "--max-connections",
    type=click.IntRange(1),
    help="Connections at once. Default: 1024, or what the limit of open files allows.",
)
@click.option(
    "--timeout",
    "timeouts",
    multiple=True,
    metavar="NAME=SECONDS",
    help="What clients may take: header=15, body=30, write=30, idle=75; repeatable.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="Of structgen's own log, on standard error.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines of text, or a JSON object in each line.",
)
@click.option("--gpus", metavar="COUNTxGIB", help="Plan for these, as 8x80, not for what is here (vllm).")
@click.option("--dry-run", is_flag=True, help="Print the plan and the memory it takes; run nothing (vllm).")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- VLLM_ARGUMENTS]")
def serve(
    engine: str,
    model: str | None,
    url: str | None,
    host: str | None,
    keys_file: Path | None,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    port: int | None,
    folder: Path | None,
    max_queue: int | None,
    max_body: int | None,
    max_deadline: float | None,
    grace: int | None,
    bounds: tuple[str, ...],
    max_connections: int | None,
    timeouts: tuple[str, ...],
    log_level: str,
    log_format: str,
    gpus: str | None,
    dry_run: bool,
    arguments: tuple[str, ...],
    **own: Any,
) -> None:
    """Serve the REST API; the address is printed on standard error.

    Keys are read from the environment: STRUCTGEN_API_KEY is what callers send (commas separate several
    keys; see --keys-file too), STRUCTGEN_REMOTE_KEY what the remote engine sends to its server. With
    --engine vllm, parallel sizes, context and cache are planned from the GPUs and the model; every
    argument of vLLM may follow a --, and wins over the plan.
    """
    given = engine_arguments.parsed(arguments)
    _check(engine, url, options.given(**own), {"--gpus": gpus, "--dry-run": dry_run, "--": given})
    chosen = options.shipped_or(engine, model)
    if dry_run:
        planning.show(planning.planned(chosen, gpus, given), given)
        return
    from structgen.config import ServerConfig, read_keys
    from structgen.engines import open_engine

    key = os.environ.get("STRUCTGEN_API_KEY") or None
    wanted = options.given(
        host=host, port=port, schemas=folder, max_queue=max_queue, max_body=max_body,
        max_deadline=max_deadline, shutdown_grace=grace, limits=options.limits(bounds),
        max_connections=max_connections, timeouts=_timeouts(timeouts),
        allowed_hosts=hosts, allowed_origins=origins,
        named_keys=None if keys_file is None else read_keys(keys_file),
    )  # fmt: skip
    config = ServerConfig(api_key=key, **wanted)
    if engine == "vllm":
        opened = open_engine(engine, chosen, arguments=planning.arguments(chosen, gpus, given))
    else:
        opened = open_engine(engine, chosen, **options.remote(engine, url), **options.given(**own))
    logs.configure(log_level, log_format)
    options.tell_demo(opened)
    _run(config, opened)


def _timeouts(named: tuple[str, ...]) -> Timeouts | None:
    """The time-outs with those of the form NAME=SECONDS in place of the usual ones."""
    from structgen.config import Timeouts

    known = [field.name for field in fields(Timeouts)]
    wanted = {}
    for text in named:
        name, _, value = text.partition("=")
        try:
            wanted[name] = float(value)
        except ValueError:
            wanted[name] = 0.0
        if name not in known or not 0 < wanted[name] < 1e6:
            raise click.UsageError(f"--timeout {text}: give NAME=SECONDS with one of {', '.join(known)}")
    return Timeouts(**wanted) if wanted else None


def _run(config: ServerConfig, engine: Engine) -> None:
    """Serve until the end, in a process that is its own."""
    from structgen.server.run import make_server

    for name in _KEYS:  # they are read: no process that starts from here on gets them
        os.environ.pop(name, None)
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
