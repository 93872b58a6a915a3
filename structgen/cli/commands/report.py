"""`structgen report`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from structgen.cli import console, files, options, schema_source
from structgen.cli.command_class import Command
from structgen.cli.output_file import is_standard_output, write_text
from structgen.cli.parameter_types import SchemaType
from structgen.cli.report_rows import read_rows
from structgen.cli.report_run import Reporter


@click.command(
    cls=Command,
    short_help="Show a document and its object side by side in one HTML file.",
    examples=[
        "structgen report result.json --source invoice.txt -o invoice.html",
        "structgen extract -s invoice --evidence --full a.txt | structgen report --source a.txt -o a.html",
        "structgen report rows.jsonl -o rows.html",
        "structgen report -s invoice any-object.json --source scan.txt --pages -o scan.html",
    ],
)
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    show_default="the document of each row, or the file that it names",
    help="Text that the values came from.",
)
@click.option("-s", "--schema", type=SchemaType(), help=options.SCHEMA_HELP)
@options.schemas
@options.out
@click.option("--pages", is_flag=True, help="Form feeds separate the pages of each source.")
@click.argument("result", default=files.STDIN, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def report(
    result: str, source: str | None, schema: str | None, folder: Path | None, out: Path | None, pages: bool
) -> None:
    """Show the text and the values of the file RESULT, or of standard input, side by side.

    RESULT is what `structgen extract` prints, for one document or, with --with-source or --full, as lines for
    many; or any object. Values without evidence are looked for in the text, as `structgen ground` does;
    --schema then helps. No model runs.

    The command writes one HTML file that needs no network. The keys are: j and k for the next and previous
    value, e for the next one to check, / to filter, ? for all others.
    """
    if result == source == files.STDIN:
        raise click.UsageError("- means standard input and can be given only once")
    if is_standard_output(out) and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError("--out is missing: give the HTML file to write, or pipe standard output")
    text = None if source is None else files.read_document(source)
    parsed = None if schema is None else schema_source.parsed(schema, folder)
    for warning in () if parsed is None else parsed.warnings:
        console.warn(warning.message, warning.code, warning.pointer)
    write_text(out, Reporter(parsed, text, pages).page(read_rows(result)).rstrip("\n"))
