"""Options that several commands take."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import console
from structgen.cli.completion import EngineType, ModelType, SchemaType
from structgen.suggestions import among

if TYPE_CHECKING:
    from structgen.engines import Engine
    from structgen.schema.limits import SchemaLimits

Folder = click.Path(exists=True, file_okay=False, path_type=Path)

schemas = click.option(
    "--schemas",
    "folder",
    type=Folder,
    show_default="those that ship",
    help="Folder of the schemas that have names.",
)
SCHEMA_HELP = "Name of a schema, its file, or JSON text."
schema = click.option("-s", "--schema", type=SchemaType(), required=True, help=SCHEMA_HELP)
ENGINES = (
    "local, vllm, remote (an OpenAI-compatible server at --url), or outlines:KIND for any Outlines model."
)
engine = click.option("-e", "--engine", type=EngineType(), default="local", help=ENGINES)
model = click.option(
    "-m",
    "--model",
    type=ModelType(),
    show_default="the one that ships; of a remote server, its only one",
    help="Folder, file or name of the model.",
)
api_key = click.option(
    "--api-key", envvar="STRUCTGEN_API_KEY", show_envvar=True, help="Key of the service at --url."
)
out = click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    show_default="standard output",
    help="File to write to. It is written whole or not at all.",
)


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, so that the defaults stay where they are defined."""
    return {name: value for name, value in options.items() if value is not None}


def limits(named: Sequence[str]) -> SchemaLimits | None:
    """The bounds on schemas with those of the form NAME=VALUE in place of the usual ones."""
    from structgen.schema.schema import DEFAULT_LIMITS

    known = [field.name for field in fields(DEFAULT_LIMITS)]
    wanted = {}
    for text in named:
        name, _, value = text.partition("=")
        if name not in known:
            raise click.UsageError(f"--schema-limit {text}: no limit {name!r}{among(name, known)}")
        if not value.isdecimal():
            raise click.UsageError(f"--schema-limit {text}: give NAME=NUMBER, as {name}=1000")
        wanted[name] = int(value)
    return replace(DEFAULT_LIMITS, **wanted) if wanted else None


def shipped_or(engine: str, model: str | None) -> str:
    """The model's place; the model that ships is for the engines that load such a folder."""
    if model is not None:
        return model
    if engine == "remote":
        return ""
    if engine.partition(":")[0] == "outlines":
        raise click.UsageError(f"--engine {engine} needs a --model")
    if engine not in ("local", "vllm"):
        return ""  # opening it names the nearest engine
    from structgen.embedded import MODEL

    return str(MODEL)


def tell_demo(engine: Engine) -> None:
    """Print on a terminal, before all else, that the model is a demo; programs read it in the results."""
    if engine.card.demo and console.is_terminal():
        console.note(engine.card.warning)


def remote(engine: str, url: str | None) -> dict[str, Any]:
    """The remote engine's own options: its server's address, and the key for it; no other takes them."""
    if engine == "remote":
        if not url:
            raise click.UsageError("--engine remote takes a --url, as http://HOST:8000/v1")
        return {"url": url, "api_key": os.environ.get("STRUCTGEN_REMOTE_KEY") or None}
    if url:
        raise click.UsageError(f"--url is for --engine remote, and the engine is {engine}")
    return {}
