"""`structgen model quantize`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import json_text
from structgen.cli import console
from structgen.cli.command_class import Command
from structgen.cli.engine_options import model_or_shipped
from structgen.cli.parameter_types import ModelType
from structgen.errors import ConfigError


@click.command(
    cls=Command,
    short_help="Write an FP8 copy of a model, at half the size, for vLLM.",
    examples=["structgen model quantize -m /models/Hermes-4-14B -o /models/Hermes-4-14B-FP8"],
)
@click.option(
    "-m", "--model", type=ModelType(), show_default="the shipped model", help="Folder of the model."
)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to write the copy to. It must be new or empty.",
)
def quantize(model: str | None, out: Path) -> None:
    """Write an FP8 copy of a model, at half the size, for vLLM.

    The weights of linear layers become FP8 with a scale for each row, and vLLM scales the activations at
    run time. Embeddings and the last layer do not change. The command converts one file after the other,
    and needs the memory for one file.
    """
    from structgen.quantize import quantize as convert

    source = Path(model_or_shipped("local", model))
    try:
        result = convert(source, out, console.log)
    except OSError as error:
        raise ConfigError(f"--out: the copy could not be made: {error}") from error
    click.echo(json_text.dumps({"model": str(out), **result.to_json()}))
