"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

Folder = click.Path(exists=True, file_okay=False, path_type=Path)

schemas = click.option(
    "--schemas",
    "folder",
    type=Folder,
    help="Folder of the schemas that have names. Default: those that ship.",
)
schema = click.option(
    "--schema", required=True, metavar="NAME_OR_FILE", help="Name of a schema, its file, or JSON text."
)
engine = click.option(
    "--engine",
    default="local",
    show_default=True,
    help="local, vllm, or outlines:KIND for any Outlines model.",
)
model = click.option("--model", help="Folder, file or name of the model. Default: the one that ships.")


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, so that the defaults stay where they are defined."""
    return {name: value for name, value in options.items() if value is not None}


def shipped_or(engine: str, model: str | None) -> str:
    """The model's place; the model that ships is for the engines that load such a folder."""
    if model is not None:
        return model
    if engine not in ("local", "vllm"):
        raise click.UsageError(f"--engine {engine} takes a --model")
    from structgen.embedded import MODEL

    return str(MODEL)
