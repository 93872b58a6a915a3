"""`structgen model`: what is done to a model before it serves."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import json_text
from structgen.cli import console, options
from structgen.cli.commands import Group
from structgen.cli.completion import ModelType
from structgen.errors import ConfigError


@click.group(
    cls=Group, examples=["structgen model quantize -m /models/Hermes-4-14B -o /models/Hermes-4-14B-FP8"]
)
def model() -> None:
    """Prepare models."""


@model.command(examples=["structgen model quantize -m /models/Hermes-4-14B -o /models/Hermes-4-14B-FP8"])
@click.option(
    "-m",
    "--model",
    type=ModelType(),
    show_default="the one that ships",
    help="Folder of the model.",
)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to write the copy to; new, or empty.",
)
def quantize(model: str | None, out: Path) -> None:
    """Write a copy of a model in FP8, half the size, for vLLM.

    Weights of linear layers in FP8 with a scale for each row, activations scaled as they come; embeddings
    and the last layer stay as they are. Works a file at a time, in the memory that one file takes.
    """
    from structgen.quantize import quantize as convert

    source = Path(options.shipped_or("local", model))
    try:
        done = convert(source, out, console.log)
    except OSError as error:
        raise ConfigError(f"the copy could not be made: {error}") from error
    click.echo(json_text.dumps({"model": str(out), **done.to_json()}))
