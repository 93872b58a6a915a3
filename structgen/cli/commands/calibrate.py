"""`structgen calibrate`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import json_text
from structgen.cli import console, files, options, schema_source
from structgen.cli.calibration_rows import read_labelled
from structgen.cli.command_class import Command
from structgen.cli.errors import NO_OBJECT
from structgen.cli.output_file import write_text
from structgen.cli.parameter_types import SchemaType


@click.command(
    cls=Command,
    short_help="Turn the scores of a schema into confidences.",
    examples=[
        "structgen calibrate -s invoice -o invoice.calibration.json labelled.jsonl",
        "structgen calibrate -s my-schema.json labelled/*.jsonl",
    ],
)
@click.option("-s", "--schema", type=SchemaType(), help=options.SCHEMA_HELP)
@options.schemas
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="none: only the report",
    help="Calibration file to write. It is written completely or not at all.",
)
@click.argument(
    "paths", metavar="[FILES]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.pass_context
def calibrate(
    ctx: click.Context, schema: str | None, folder: Path | None, out: Path | None, paths: tuple[str, ...]
) -> None:
    """Fit a calibration to labelled rows, and report what its confidences are worth.

    Each line of each FILE, or of standard input, is an object with the `document` (or its `pages`), the
    extracted `data` and the `gold` value; optionally the `evidence` that the extraction returned, and its
    `prompt`. The command prints the report as JSON: each fifth of the documents is judged by a calibration of
    the others. The exit code is 1 if the calibration cannot rank right values above wrong ones; its file then
    gives no confidence.
    """
    from structgen.evidence.calibration.calibrate import calibrate as fitted_to

    parsed = None if schema is None else schema_source.parsed(schema, folder)
    for warning in () if parsed is None else parsed.warnings:
        console.warn(warning.message, warning.code, warning.pointer)
    with console.spinner("calibrating"):
        calibration, report = fitted_to(read_labelled(paths or (files.STDIN,)), parsed)
    if out is not None:
        write_text(out, json_text.dumps({**calibration.to_json(), "report": report.to_json()}))
    click.echo(json_text.dumps(report.to_json()))
    console.note(report.verdict)
    if not report.ranks:
        ctx.exit(NO_OBJECT)
