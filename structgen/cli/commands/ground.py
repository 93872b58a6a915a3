"""`structgen ground`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen.cli import files, options
from structgen.cli.command_class import Command
from structgen.cli.file_reader import FileReader
from structgen.cli.ground_run import Grounder, GroundRun, one_object, open_grounder, read_lines, warn_of
from structgen.cli.parameter_types import SchemaType


@click.command(
    cls=Command,
    short_help="Find where a text says the values of an object.",
    examples=[
        "structgen ground invoice.json --source invoice.txt",
        "structgen ground -s invoice --pages --source scan.txt < invoice.json",
        "structgen ground --lines -o evidence.jsonl answers.jsonl",
        "structgen ground invoice.json --source invoice.pdf",
        "structgen ground -u http://127.0.0.1:8000 invoice.json --source invoice.txt",
    ],
)
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    show_default="none; each line of --lines may have its own",
    help="Text that the values came from.",
)
@click.option("-s", "--schema", type=SchemaType(), help=options.SCHEMA_HELP)
@options.schemas
@options.out
@click.option("-l", "--lines", is_flag=True, help='Read lines {"data": ..., "document": "...", "id": "..."}.')
@click.option("--pages", is_flag=True, help="Form feeds separate the pages of each source: name the page.")
@click.option("--signals", is_flag=True, help="List the signals of each score; not with --url.")
@options.docling_url
@options.calibration
@click.option("-u", "--url", help="Address of a structgen service to use instead of this process.")
@options.api_key
@click.argument("data", default=files.STDIN, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def ground(
    ctx: click.Context,
    source: str | None,
    schema: str | None,
    folder: Path | None,
    out: Path | None,
    lines: bool,
    pages: bool,
    signals: bool,
    calibration: Path | None,
    docling_url: str | None,
    url: str | None,
    api_key: str | None,
    data: str,
) -> None:
    """Find where a text says each value of the JSON in the file DATA, or in standard input.

    The command prints {"evidence", "leaves", "grounded"}: for each scalar, by its JSON Pointer, the place
    (code points of the source, the end exclusive), the kind of the match, how many places say the value
    equally well, and a score that ranks the values by how sure they are. No model runs.

    With --lines, each line has the `data` of one object, and its source as `document` or `pages`, a list of
    texts; without them, --source counts. The command prints one line for each, with the `id` of the line. A
    line that cannot be read is null, and the reason goes to standard error.

    --source may be a PDF, HTML page, DOCX, workbook or mail, as its suffix says; with --docling-url also a
    scan or a file of another format.
    """
    if data == source == files.STDIN:
        raise click.UsageError("- means standard input and can be given only once")
    of_process = {"--schemas": folder, "--signals": signals, "--calibration": calibration}
    if url and (names := [name for name, given in of_process.items() if given]):
        raise click.UsageError(f"--url cannot be combined with {', '.join(names)}: give only one of them")
    if source is None and not lines:
        raise click.UsageError("Missing option '--source': give the file with the text of the values.")
    reader = FileReader.checked(docling_url, url)
    document = None if source is None else reader.read(source)
    if not isinstance(document, str | Path | None):
        warn_of(document)
    settings = Grounder(
        schema, folder, pages=pages, signals=signals, calibration=calibration, url=url, api_key=api_key
    )
    with open_grounder(settings) as grounded:
        if not lines:
            one_object(data, document or "", grounded, out)
        elif code := GroundRun(grounded, document, out).run(read_lines(data)):
            ctx.exit(code)
