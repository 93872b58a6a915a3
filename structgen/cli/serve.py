"""`structgen serve`."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import console, engine_arguments, logs, options, vllm_plan
from structgen.cli.commands import Command
from structgen.cli.port_check import check_address
from structgen.errors import ConfigError

if TYPE_CHECKING:
    from structgen.config import ServerConfig, Timeouts
    from structgen.engines import Engine

_LOCAL = "slots", "context", "threads", "device", "dtype"
_KEYS = "STRUCTGEN_API_KEY", "STRUCTGEN_REMOTE_KEY"
_ARENAS, _TRIM_THRESHOLD = -8, -1
"""Names of parameters in glibc's malloc.h."""
_SECONDS = click.FloatRange(0, min_open=True)


@click.command(
    cls=Command,
    interruptible=False,  # uvicorn stops in order, and ends by the signal itself
    examples=[
        "structgen serve",
        "structgen serve --port 9000 --schemas my-schemas",
        "structgen serve -m /models/Hermes-4-14B --dtype bfloat16 --context 16384 --slots 4",
        "structgen serve -e remote -u http://127.0.0.1:11434/v1 -m qwen3:8b",
        "structgen serve -e vllm -m NousResearch/Hermes-4-405B-FP8 --dry-run --gpus 8x80",
        "structgen serve -e vllm -m NousResearch/Hermes-4-70B-FP8 -- --max-model-len 32768",
        "STRUCTGEN_API_KEY=... structgen serve --host 0.0.0.0",
    ],
)
@options.engine
@options.model
@click.option("-u", "--url", help="Server of the remote engine, as http://HOST:8000/v1.")
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
@click.option(
    "--host",
    show_default="127.0.0.1",
    help="Address to listen on; one that others reach needs STRUCTGEN_API_KEY.",
)
@click.option(
    "-p", "--port", type=click.IntRange(0, 65535), show_default="8000", help="Port; 0 takes a free one."
)
@options.schemas
@click.option(
    "--max-queue", type=click.IntRange(0), show_default="64", help="Requests that may wait; more get 429."
)
@click.option(
    "--slots", type=click.IntRange(1), show_default="local: 8, remote: 32", help="Generations at once."
)
@click.option(
    "--context",
    type=click.IntRange(2),
    show_default="8192, or what the model has",
    help="Tokens of prompt and answer, in every slot (local engine).",
)
@click.option(
    "--threads", type=click.IntRange(1), show_default="torch's own", help="CPU threads (local engine)."
)
@click.option("--device", show_default="cpu", help="cpu or cuda (local engine).")
@click.option(
    "--dtype",
    show_default="cpu: float32, cuda: bfloat16",
    help="float32, bfloat16 or float16 (local engine).",
)
@click.option("--max-body", type=click.IntRange(1), show_default="4194304, 4 MiB", help="Bytes of a request.")
@click.option(
    "--schema-cache-bytes",
    type=click.IntRange(0),
    show_default="134217728, 128 MiB",
    help="Memory for schemas that requests bring along.",
)
@click.option("--max-deadline", type=_SECONDS, show_default="300", help="Seconds that any request may take.")
@click.option(
    "--grace", type=click.IntRange(0), show_default="30", help="Seconds to end what runs at a stop."
)
@click.option(
    "--schema-limit",
    "bounds",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Bound on callers' schemas, as max_enum=20000; repeatable.",
)
@click.option(
    "--max-connections",
    type=click.IntRange(1),
    show_default="1024, or what the limit of open files allows",
    help="Connections at once.",
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
    show_default="info; warning with -q, debug with -v",
    help="Level of structgen's own log, on standard error.",
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
    schema_cache_bytes: int | None,
    grace: int | None,
    bounds: tuple[str, ...],
    max_connections: int | None,
    timeouts: tuple[str, ...],
    log_level: str | None,
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
        vllm_plan.show(vllm_plan.planned(chosen, gpus, given), given)
        return
    from structgen.config import ServerConfig, read_keys
    from structgen.engines import open_engine

    key = os.environ.get("STRUCTGEN_API_KEY") or None
    wanted = options.given(
        host=host, port=port, schemas=folder, max_queue=max_queue, max_body=max_body,
        max_deadline=max_deadline, schema_cache_bytes=schema_cache_bytes, shutdown_grace=grace,
        limits=options.limits(bounds), max_connections=max_connections, timeouts=_timeouts(timeouts),
        allowed_hosts=hosts, allowed_origins=origins,
        named_keys=None if keys_file is None else read_keys(keys_file),
    )  # fmt: skip
    config = ServerConfig(api_key=key, **wanted)
    check_address(config.host, config.port)  # before a model is loaded for nothing
    if engine == "vllm":
        opened = open_engine(engine, chosen, arguments=vllm_plan.arguments(chosen, gpus, given))
    else:
        opened = open_engine(engine, chosen, **options.remote(engine, url), **options.given(**own))
    options.tell_demo(opened)
    levels = {console.QUIET: "warning", console.VERBOSE: "debug"}
    _run(config, opened, log_level or levels.get(console.verbosity(), "info"), log_format)


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


def _run(config: ServerConfig, engine: Engine, log_level: str, log_format: str) -> None:
    """Serve until the end, in a process that is its own: logging and threads are set for all of it."""
    from structgen.server.uvicorn_server import make_server

    logs.configure(log_level, log_format)
    for name in _KEYS:  # they are read: no process that starts from here on gets them
        os.environ.pop(name, None)
    _return_memory()
    sys.setswitchinterval(0.001)  # a large body is read in a thread: the others wait for it no longer
    server = make_server(config, engine)
    try:
        server.run()
    except SystemExit as end:  # uvicorn's way to say that it could not start
        check_address(config.host, config.port)
        raise ConfigError(f"cannot listen on {config.host}:{config.port}: see the lines above") from end


def _return_memory() -> None:
    """Let glibc give memory back early: else each thread keeps what one large body took."""
    with suppress(OSError, AttributeError):  # another C library
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_ARENAS, 2)
        allocator.mallopt(_TRIM_THRESHOLD, 2**17)


def _check(engine: str, url: str | None, own: dict[str, Any], of_vllm: dict[str, Any]) -> None:
    """Options that the engine would not heed are a mistake, and are told as one."""
    options.remote(engine, url)
    heeded = {"local": _LOCAL, "remote": ("slots",)}.get(engine, ())
    if names := ", ".join(f"--{name}" for name in own if name not in heeded):
        hint = ": give vLLM's own arguments after a --" if engine == "vllm" else f", not for {engine}"
        raise click.UsageError(f"{names}: for the local engine alone{hint}")
    if engine != "vllm" and (used := [name for name, value in of_vllm.items() if value]):
        raise click.UsageError(f"{', '.join(used)}: for --engine vllm alone, and the engine is {engine}")
