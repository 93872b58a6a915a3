"""`structgen serve`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from structgen.cli import engine_options, options
from structgen.cli.command_class import Command
from structgen.cli.number_types import SECONDS, Integer
from structgen.cli.port_check import check_address
from structgen.cli.serve_options import EngineOptions, ServiceOptions
from structgen.cli.server_process import run_server

T = TypeVar("T", EngineOptions, ServiceOptions)


@click.command(
    cls=Command,
    interruptible=False,  # uvicorn handles the signals, and stops in order
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
@click.option("-u", "--url", help="Address of the remote engine's server, such as http://HOST:8000/v1.")
@click.option(
    "--keys-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='TOML file of API keys: tables [keys.NAME] with key = "…", and optionally priority = -10.',
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Host name that a service without API keys accepts, besides those of loopback; repeatable.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Origin whose web pages may call the service, such as https://app.example; repeatable.",
)
@click.option(
    "--host",
    show_default="127.0.0.1",
    help="Address to listen on. Addresses other than loopback need STRUCTGEN_API_KEY or --keys-file.",
)
@click.option(
    "-p",
    "--port",
    type=Integer(0, 65535),
    show_default="8000",
    help="Port to listen on; 0 chooses a free one.",
)
@options.schemas
@click.option(
    "--calibration",
    type=click.Path(exists=True, path_type=Path),
    show_default="none: values have a score and no confidence",
    help="Calibration file, or folder of such files: each counts for requests with its schema.",
)
@click.option(
    "--prompt-format",
    type=click.Choice(["chatml", "hermes4", "plain"]),
    show_default="chosen by the model's name",
    help="Format of prompts. A model's own chat template takes precedence; the system text is the format's.",
)
@click.option(
    "--max-queue",
    type=Integer(0),
    show_default="64",
    help="Requests that may wait; more get the status 429.",
)
@click.option(
    "--slots", type=Integer(1), show_default="local: 8, remote: 32", help="Generations that run at once."
)
@click.option(
    "--context",
    type=Integer(2),
    show_default="8192, or the context of the model if shorter",
    help="Maximum number of tokens of prompt and answer together, in each slot (local engine).",
)
@click.option(
    "--threads", type=Integer(1), show_default="chosen by torch", help="CPU threads (local engine)."
)
@click.option("--device", show_default="cpu", help="Device, cpu or cuda (local engine).")
@click.option(
    "--dtype",
    show_default="cpu: float32, cuda: bfloat16",
    help="Number format, float32, bfloat16 or float16 (local engine).",
)
@click.option(
    "--max-body",
    type=Integer(1),
    show_default="4194304, 4 MiB",
    help="Maximum size of a request's body, in bytes.",
)
@click.option(
    "--schema-cache-bytes",
    type=Integer(0),
    show_default="134217728, 128 MiB",
    help="Memory for the cached schemas of requests, in bytes.",
)
@click.option(
    "--max-deadline", type=SECONDS, show_default="300", help="Maximum number of seconds for a request."
)
@click.option(
    "--grace",
    type=Integer(0),
    show_default="30",
    help="Seconds that running requests get to finish when the service stops.",
)
@click.option(
    "--schema-limit",
    "bounds",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Limit of the schemas of requests, such as max_enum=20000; repeatable.",
)
@click.option(
    "--file-limit",
    "file_bounds",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Limit of the files of requests, such as max_pages=500; repeatable.",
)
@click.option(
    "--docling-url",
    show_default="none: such files are refused",
    help="Address of a docling-serve, which reads scans and files of other formats.",
)
@click.option(
    "--max-connections",
    type=Integer(1),
    show_default="1024, or fewer if the limit of open files is low",
    help="Maximum number of open connections.",
)
@click.option(
    "--timeout",
    "timeouts",
    multiple=True,
    metavar="NAME=SECONDS",
    help="Time-out for slow clients; the defaults are header=15, body=30, write=30, idle=75; repeatable.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    show_default="info; warning with -q, debug with -v",
    help="Level of the log on standard error.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the log: lines of text, or one JSON object in each line.",
)
@click.option(
    "--gpus",
    metavar="COUNTxGIB",
    help="GPUs to plan for, such as 8x80, instead of those of this machine (vLLM).",
)
@click.option(
    "--dry-run", is_flag=True, help="Print the plan with its memory estimate, and do not serve (vLLM)."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- VLLM_ARGUMENTS]")
def serve(**values: Any) -> None:
    """Serve the REST API. The address is printed on standard error.

    API keys come from the environment. Callers send a key of STRUCTGEN_API_KEY (separate several keys with
    commas, or use --keys-file). The remote engine sends the key of STRUCTGEN_REMOTE_KEY to its server.
    That of STRUCTGEN_DOCLING_KEY goes to the converter.

    With --engine vllm, structgen plans parallel sizes, context and cache from the GPUs and the model. vLLM's
    own arguments can follow a --; they override the plan.
    """
    chosen = _from_values(EngineOptions, values)
    chosen.check()
    if chosen.dry_run:
        chosen.show_plan()
        return
    service = _from_values(ServiceOptions, values)
    config = service.config()
    check_address(config.host, config.port)  # fail before the model is loaded
    engine = chosen.open()
    engine_options.note_demo_model(engine)
    run_server(config, engine, service.effective_log_level(), service.log_format)


def _from_values(kind: type[T], values: dict[str, Any]) -> T:
    return kind(**{field.name: values[field.name] for field in fields(kind)})
