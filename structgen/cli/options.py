"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from structgen.cli.parameter_types import EngineType, ModelType, SchemaType

SCHEMA_HELP = "Schema: a name, a file, or JSON text."
ENGINES_HELP = (
    "local, vllm, remote (an OpenAI-compatible server at --url), or outlines:KIND for an Outlines model."
)

schema = click.option("-s", "--schema", type=SchemaType(), required=True, help=SCHEMA_HELP)
schemas = click.option(
    "--schemas",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    show_default="the shipped schemas",
    help="Folder of the schemas that have names.",
)
engine = click.option(
    "-e", "--engine", type=EngineType(), default="local", help=f"Engine that runs the model: {ENGINES_HELP}"
)
model = click.option(
    "-m",
    "--model",
    type=ModelType(),
    show_default="the shipped model; for a remote server, its only one",
    help="Folder, file or name of the model.",
)
api_key = click.option(
    "--api-key", envvar="STRUCTGEN_API_KEY", show_envvar=True, help="API key of the service at --url."
)
calibration = click.option(
    "--calibration",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default="none: values have a score and no confidence",
    help="Calibration file of the schema, from structgen calibrate: each value gets a confidence.",
)
docling_url = click.option(
    "--docling-url",
    show_default="none: such files are refused",
    help="Address of a docling-serve of yours, which reads scans and files of other formats; not with --url. "
    "STRUCTGEN_DOCLING_KEY is its API key.",
)
out = click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    show_default="standard output",
    help="File to write. It is written completely or not at all.",
)


def given(**options: Any) -> dict[str, Any]:
    """Return the options that have a value: defaults stay where they are defined."""
    return {name: value for name, value in options.items() if value is not None}
