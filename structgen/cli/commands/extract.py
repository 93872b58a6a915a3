"""`structgen extract`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import click

from structgen.cli import console, documents, files, options
from structgen.cli.command_class import Command
from structgen.cli.extraction_options import extraction_options, model_choice, sampling_and_limits
from structgen.cli.extraction_run import ExtractionRun, Output, extract_one
from structgen.cli.file_reader import DocumentText, FileReader
from structgen.cli.number_types import option_type
from structgen.cli.output_choice import chosen_output, output_options
from structgen.cli.output_file import is_standard_output
from structgen.cli.rows import RowFormat
from structgen.types import EvidenceOptions, OnAbsent, OnShortfall


@click.command(
    cls=Command,
    examples=[
        "structgen extract -s invoice invoice.txt",
        "structgen extract -s my-schema.json --full < document.txt",
        "structgen extract -s receipt --with-source -o rows.jsonl receipts/*.txt",
        "structgen extract -s receipt --resume -o rows.jsonl receipts/*.txt",
        "structgen extract -s contact --lines < mails.jsonl",
        "structgen extract -s invoice --evidence invoice.pdf",
        "structgen extract -s invoice --docling-url http://127.0.0.1:5001 scan.png",
        "structgen extract -s invoice -u http://127.0.0.1:8000 invoice.txt",
        "structgen extract --choice invoice --choice receipt --choice other scan.txt",
    ],
)
@output_options
@options.out
@click.option("-f", "--full", is_flag=True, help="Print the whole result: attempts, usage, schema, model.")
@click.option(
    "-l",
    "--lines",
    is_flag=True,
    help='Read each line as a document: text, or {"document": "...", "id": "..."}.',
)
@click.option("--with-source", is_flag=True, help="Print rows that name their document (see above).")
@click.option(
    "--resume", is_flag=True, help="Keep the valid rows of --out, and extract only the other documents."
)
@click.option(
    "--evidence",
    is_flag=True,
    help="Print where the document says each value, and how sure it is; with --full also the signals.",
)
@click.option(
    "--readings",
    type=option_type(EvidenceOptions, "readings"),
    show_default="1",
    help="With --evidence: how often the model reads the document, to see whether it agrees with itself.",
)
@click.option(
    "--on-shortfall",
    type=click.Choice(get_args(OnShortfall)),
    default="incomplete",
    help='When a list lacks rows of the document: fail (incomplete), or print {"data", "coverage"} and a '
    "warning (report).",
)
@click.option(
    "--on-absent",
    type=click.Choice(get_args(OnAbsent)),
    default="error",
    help="When the document does not say a required member: keep to the schema (error), or print null and "
    "list it under `absent` (null).",
)
@options.docling_url
@options.calibration
@extraction_options
@click.argument(
    "paths", metavar="[DOCUMENTS]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.pass_context
def extract(
    ctx: click.Context,
    /,
    out: Path | None,
    full: bool,
    lines: bool,
    with_source: bool,
    resume: bool,
    prompt: str | None,
    jobs: int,
    strategy: str,
    calibration: Path | None,
    docling_url: str | None,
    paths: tuple[str, ...],
    **more: Any,
) -> None:
    """Extract a value from each DOCUMENT, or from standard input.

    The value is an object, or whatever else the schema asks for; with --regex, --choice or --grammar it is
    plain text, printed as a JSON string.

    For one document, the command prints its value. For several documents, or with --lines, it prints one
    line of JSON for each, in the given order. If a document has no valid object, its line is null and its
    error goes to standard error. The exit code is the highest of all documents. A summary follows. An error
    that would affect every document, such as an unreachable service, ends the run.

    --with-source prints lines of the form {"source", "schema_hash", "data"}, with "document_id" if the
    input has an id, and with "error" if there is no object. The lines of --full have "source" too.

    A PDF, HTML page, DOCX, workbook or mail, as its suffix says, is read as text; its evidence has pages, and
    that of a PDF has rectangles. With --docling-url, scans and files of other formats are read too.

    With --evidence, the command prints {"data", "evidence"}, and rows with a source or the whole result have
    `evidence` too. --on-shortfall report adds `coverage` in the same way, --on-absent null adds `absent`.

    --out writes the file at the end of the run. Until then, FILE.part has the rows. --resume continues an
    interrupted run, retries failures, and adds documents: it keeps the valid rows with the same source (or
    id) and schema.
    """
    if paths.count(files.STDIN) > 1:
        raise click.UsageError("- means standard input and can be given only once")
    if resume and is_standard_output(out):
        raise click.UsageError("--resume needs --out FILE: it keeps the rows of that file")
    chosen = chosen_output(ctx, more)
    evidence = _evidence(more, full=full)
    if calibration is not None and evidence is None:
        raise click.UsageError("--calibration needs --evidence")
    task = {"prompt": prompt, "strategy": strategy, **sampling_and_limits(more)}
    task |= {name: more[name] for name in ("on_shortfall", "on_absent")}
    output = Output(RowFormat(full, with_source, _accounts(more)), out)
    if evidence is not None:
        task["evidence"] = evidence
    model = model_choice(more)
    reader = FileReader.checked(docling_url, model.service)
    with model.open_extractor(chosen, calibration=calibration, **task) as extractor:
        if lines or resume or len(paths) > 1:
            total = None if lines else len(paths)
            inputs = documents.from_lines(paths) if lines else documents.from_files(paths, reader)
            ctx.exit(ExtractionRun(extractor, output, resume=resume).run(inputs, total, jobs))
        extract_one(extractor, *_single_document(paths, prompt, reader), output)


def _evidence(options_: dict[str, Any], *, full: bool) -> EvidenceOptions | None:
    readings = options_["readings"]
    if options_["evidence"]:
        return EvidenceOptions(signals=full, **options.given(readings=readings))
    if readings is not None:
        raise click.UsageError("--readings needs --evidence")
    return None


def _accounts(options_: dict[str, Any]) -> tuple[str, ...]:
    """Return the members that stand beside the object: those that an option asks for."""
    asked = {
        "evidence": options_["evidence"],
        "coverage": options_["on_shortfall"] == "report",
        "absent": options_["on_absent"] == "null",
    }
    return tuple(name for name, wanted in asked.items() if wanted)


def _single_document(
    paths: tuple[str, ...], prompt: str | None, reader: FileReader
) -> tuple[str, DocumentText | None]:
    """Return the document with its source; a prompt needs no document if standard input is a terminal."""
    if paths:
        return files.source_name(paths[0]), reader.read(paths[0])
    if sys.stdin is not None and sys.stdin.isatty():
        if prompt is not None:
            return "", None
        console.note("type the document on standard input, and end it with Ctrl-D")
    return "", files.read_text(files.STDIN) or (None if prompt is not None else "")
