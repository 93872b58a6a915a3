"""`structgen extract`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from structgen.cli import console, inputs, options, reading, runs
from structgen.cli.backend import Where
from structgen.cli.commands import Command
from structgen.cli.completion import EngineType
from structgen.types import Limits, Sampling


@click.command(
    cls=Command,
    examples=[
        "structgen extract -s invoice invoice.txt",
        "structgen extract -s my-schema.json --full < document.txt",
        "structgen extract -s receipt --with-source -o rows.jsonl receipts/*.txt",
        "structgen extract -s receipt --resume -o rows.jsonl receipts/*.txt",
        "structgen extract -s contact --lines < mails.jsonl",
        "structgen extract -s invoice -u http://127.0.0.1:8000 invoice.txt",
    ],
)
@options.schema
@options.out
@click.option("-f", "--full", is_flag=True, help="Print the whole result: attempts, usage, schema, model.")
@click.option(
    "-l", "--lines", is_flag=True, help='Each line is a document: text, or {"document": "...", "id": "..."}.'
)
@click.option("--with-source", is_flag=True, help="Print rows that name their document; see above.")
@click.option("--resume", is_flag=True, help="Keep the valid rows that --out has, and do the others.")
@click.option("-p", "--prompt", help="What to do with the document.")
@click.option(
    "-u", "--url", help="A service to use instead of a model here; with --engine remote, its server."
)
@options.api_key
@click.option(
    "-e",
    "--engine",
    type=EngineType(),
    show_default="local",
    help=f"Engine of the model: {options.ENGINES}",
)
@options.model
@options.schemas
@click.option(
    "--temperature", type=click.FloatRange(0, 5), show_default="0", help="Of sampling; 0 is greedy."
)
@click.option("--seed", type=click.IntRange(0), show_default="none", help="Makes sampling repeatable.")
@click.option(
    "--max-tokens", type=click.IntRange(1), show_default="1024", help="Tokens of the answer of one attempt."
)
@click.option(
    "--max-attempts", type=click.IntRange(1, 10), show_default="3", help="Attempts for one document."
)
@click.option(
    "--deadline",
    type=click.FloatRange(0, min_open=True),
    show_default="none",
    help="Seconds for one document.",
)
@click.option(
    "--on-budget",
    type=click.Choice(["incomplete", "close"]),
    show_default="incomplete",
    help="What the end of --max-tokens does: fail, or take the shortest valid way to the end.",
)
@click.option(
    "--strategy",
    type=click.Choice(["constrained", "repair", "auto"]),
    default="constrained",
    help="Decode under the grammar, generate freely and repair, or whichever suits.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=4, help="Documents at once.")
@click.argument("documents", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def extract(
    ctx: click.Context,
    schema: str,
    out: Path | None,
    full: bool,
    lines: bool,
    with_source: bool,
    resume: bool,
    prompt: str | None,
    url: str | None,
    api_key: str | None,
    engine: str | None,
    model: str | None,
    folder: Path | None,
    temperature: float | None,
    seed: int | None,
    max_tokens: int | None,
    max_attempts: int | None,
    deadline: float | None,
    on_budget: Any,
    strategy: str,
    jobs: int,
    documents: tuple[str, ...],
) -> None:
    """Extract an object from each DOCUMENT, or from standard input.

    One document: its object, or with --full the whole result. Several, or --lines: a line of JSON each, in
    the order given. A document that gives no object has the line null and is told on standard error; the
    exit code is the worst of all, and a summary follows. A fault of no single document ends the run.

    With --with-source a line is {"source", "schema_hash", "data"}, with "document_id" where the input gives
    an id, and with "error" where there is no object. --full lines have "source" too.

    --out is written whole at the end. Until then the rows are in FILE.part. After an interruption, or to do
    failures and new documents again, --resume keeps the valid rows of the same source (or id) and schema.
    """
    if documents.count(reading.STDIN) > 1:
        raise click.UsageError("- stands for standard input, which can be read once")
    if resume and (out is None or str(out) == reading.STDIN):
        raise click.UsageError("--resume needs --out FILE: it keeps the rows that the file has")
    where = Where(url, api_key, engine, model, folder)
    sampling = Sampling(**options.given(temperature=temperature, seed=seed, max_tokens=max_tokens))
    limits = Limits(**options.given(max_attempts=max_attempts, deadline=deadline, on_budget=on_budget))
    wanted = {"prompt": prompt, "sampling": sampling, "limits": limits, "strategy": strategy}
    shape = runs.Shape(full, with_source)
    with where.opened(schema, **wanted) as asking:
        if lines or resume or len(documents) > 1:
            total = None if lines else len(documents)
            items = inputs.lines(documents) if lines else inputs.files(documents or (reading.STDIN,))
            ctx.exit(runs.many(asking, items, total, jobs, shape, out, resume))
        runs.one(asking, *_only(documents, prompt), shape, out)


def _only(documents: tuple[str, ...], prompt: str | None) -> tuple[str, str | None]:
    """Return the one document with its name; a prompt alone is enough where nothing is piped in."""
    if documents:
        return reading.name_of(documents[0]), reading.document(documents[0])
    if sys.stdin is not None and sys.stdin.isatty():
        if prompt is not None:
            return "", None
        console.note("reading the document from standard input; end it with Ctrl-D")
    return "", reading.document(reading.STDIN) or (None if prompt is not None else "")
