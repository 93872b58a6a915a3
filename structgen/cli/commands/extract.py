"""`structgen extract`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import click

from structgen.cli import console, documents, files, options
from structgen.cli.command_class import Command
from structgen.cli.extraction_run import ExtractionRun, Output, extract_one
from structgen.cli.model_choice import ModelChoice
from structgen.cli.number_types import Integer, option_type
from structgen.cli.output_choice import chosen_output, output_options
from structgen.cli.output_file import is_standard_output
from structgen.cli.parameter_types import EngineType
from structgen.cli.rows import RowFormat
from structgen.types import EvidenceOptions, Limits, Sampling, StrategyName


@click.command(
    cls=Command,
    examples=[
        "structgen extract -s invoice invoice.txt",
        "structgen extract -s my-schema.json --full < document.txt",
        "structgen extract -s receipt --with-source -o rows.jsonl receipts/*.txt",
        "structgen extract -s receipt --resume -o rows.jsonl receipts/*.txt",
        "structgen extract -s contact --lines < mails.jsonl",
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
@click.option("-p", "--prompt", help="Instruction to the model about the document.")
@click.option(
    "-u",
    "--url",
    help="Address of a structgen service to use instead of a model in this process. With --engine remote: "
    "address of the OpenAI-compatible server.",
)
@options.api_key
@click.option(
    "-e",
    "--engine",
    type=EngineType(),
    show_default="local",
    help=f"Engine that runs the model: {options.ENGINES_HELP}",
)
@options.model
@options.schemas
@click.option(
    "--temperature",
    type=option_type(Sampling, "temperature"),
    show_default="0",
    help="Sampling temperature; 0 samples greedily.",
)
@click.option(
    "--seed",
    type=option_type(Sampling, "seed"),
    show_default="none",
    help="Seed that makes sampling reproducible.",
)
@click.option(
    "--max-tokens",
    type=option_type(Sampling, "max_tokens"),
    show_default="1024",
    help="Maximum number of tokens of each attempt.",
)
@click.option(
    "--max-attempts",
    type=option_type(Limits, "max_attempts"),
    show_default="3",
    help="Maximum number of attempts for each document.",
)
@click.option(
    "--deadline",
    type=option_type(Limits, "deadline"),
    show_default="none",
    help="Maximum number of seconds for each document.",
)
@click.option(
    "--on-budget",
    type=option_type(Limits, "on_budget"),
    show_default="incomplete",
    help="When --max-tokens is reached: fail (incomplete), or end the object with the fewest tokens (close).",
)
@click.option(
    "--strategy",
    type=click.Choice(get_args(StrategyName)),
    default="constrained",
    help="Generate under the grammar (constrained), generate freely and repair the text (repair), or let "
    "structgen choose (auto).",
)
@click.option("-j", "--jobs", type=Integer(1, 64), default=4, help="Number of documents to process at once.")
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

    With --evidence, the command prints {"data", "evidence"}, and rows with a source or the whole result have
    `evidence` too.

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
    output = Output(RowFormat(full, with_source, evidence is not None), out)
    task = {"prompt": prompt, "strategy": strategy, **_sampling_and_limits(more)}
    if evidence is not None:
        task["evidence"] = evidence
    with _model_choice(more).open_extractor(chosen, **task) as extractor:
        if lines or resume or len(paths) > 1:
            total = None if lines else len(paths)
            inputs = documents.from_lines(paths) if lines else documents.from_files(paths or (files.STDIN,))
            ctx.exit(ExtractionRun(extractor, output, resume=resume).run(inputs, total, jobs))
        extract_one(extractor, *_single_document(paths, prompt), output)


def _model_choice(options_: dict[str, Any]) -> ModelChoice:
    names = ("url", "api_key", "engine", "model", "folder")
    return ModelChoice(**{name: options_[name] for name in names})


def _evidence(options_: dict[str, Any], *, full: bool) -> EvidenceOptions | None:
    readings = options_["readings"]
    if options_["evidence"]:
        return EvidenceOptions(signals=full, **options.given(readings=readings))
    if readings is not None:
        raise click.UsageError("--readings needs --evidence")
    return None


def _sampling_and_limits(options_: dict[str, Any]) -> dict[str, Any]:
    sampling = {name: options_[name] for name in ("temperature", "seed", "max_tokens")}
    limits = {name: options_[name] for name in ("max_attempts", "deadline", "on_budget")}
    return {"sampling": Sampling(**options.given(**sampling)), "limits": Limits(**options.given(**limits))}


def _single_document(paths: tuple[str, ...], prompt: str | None) -> tuple[str, str | None]:
    """Return the document with its source; a prompt needs no document if standard input is a terminal."""
    if paths:
        return files.source_name(paths[0]), files.read_text(paths[0])
    if sys.stdin is not None and sys.stdin.isatty():
        if prompt is not None:
            return "", None
        console.note("type the document on standard input, and end it with Ctrl-D")
    return "", files.read_text(files.STDIN) or (None if prompt is not None else "")
