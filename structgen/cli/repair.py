"""`structgen repair`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen.cli import console, options, reading, rows
from structgen.cli.backend import Where
from structgen.cli.batch import progress
from structgen.cli.commands import Command
from structgen.cli.completion import EngineType, ModelType, SchemaType
from structgen.cli.errors import NO_OBJECT, report
from structgen.cli.runs import summarize
from structgen.errors import Unsatisfied
from structgen.types import RISKS, Risk

if TYPE_CHECKING:
    from structgen.parsing.result import RepairResult

    Repair = Callable[[str], RepairResult]


@click.command(
    cls=Command,
    short_help="Put broken JSON right.",
    examples=[
        "structgen repair broken.json",
        "structgen repair -s invoice --full < answer.txt",
        "structgen repair -s my-schema.json --lines -o rows.jsonl broken.jsonl",
        "structgen repair -s invoice -m /models/Hermes-4-14B --source invoice.txt broken.json",
    ],
)
@click.option("-s", "--schema", type=SchemaType(), help=options.SCHEMA_HELP)
@options.schemas
@options.out
@click.option("-l", "--lines", is_flag=True, help="Every line is a text of its own (JSON Lines).")
@click.option("-f", "--full", is_flag=True, help="Print the whole result: fixes, changes, violations.")
@click.option(
    "--max-risk",
    type=click.Choice(RISKS),
    show_default="inferred; with a model: model",
    help="Highest risk that is applied.",
)
@click.option("--source", type=click.Path(exists=True, dir_okay=False), help="Document the texts came from.")
@click.option(
    "-m",
    "--model",
    type=ModelType(),
    show_default="none",
    help="A model to ask for what rules cannot decide.",
)
@click.option("-e", "--engine", type=EngineType(), help=f"Engine of that model: {options.ENGINES}")
@click.option(
    "-u", "--url", help="Service to ask for what rules cannot decide; with --engine remote, its server."
)
@options.api_key
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def repair(
    ctx: click.Context,
    schema: str | None,
    folder: Path | None,
    out: Path | None,
    lines: bool,
    full: bool,
    max_risk: Risk | None,
    source: str | None,
    model: str | None,
    engine: str | None,
    url: str | None,
    api_key: str | None,
    files: tuple[str, ...],
) -> None:
    """Put broken JSON right: each FILE, or standard input; with --lines each line of it.

    Prints a line of JSON for each text: its value, or null where no object can be had honestly, and
    with --full the whole account. What was wrong is told on standard error, and a summary of many follows.
    Empty lines are skipped.
    """
    document = None if source is None else reading.document(source)
    wanted = {"max_risk": max_risk, "source": document}
    where = Where(url, api_key, engine, model, folder)
    texts = list(_texts(files or (reading.STDIN,), lines))
    many = lines or len(texts) > 1
    target, whole = rows.opened(out, None), False
    counts, warnings, began = Counter[str](), console.ResultWarnings(), time.monotonic()

    def show(name: str, result: RepairResult) -> None:
        counts[result.status] += 1
        warnings.add(result.warnings, name if many else "")
        if result.status == "failed":
            report(_failure(result), name)
        value = result.value if result.status != "failed" else None
        target.add(name, result.to_json() if full else value, None)

    try:
        with _opened(where, schema, wanted) as run, progress(len(texts)) as say:
            for name, text in texts:
                with nullcontext() if many else console.spinner(f"repairing {name}"):
                    result = run(text)
                say(lambda result=result, name=name: show(name, result))  # type: ignore[misc]
        whole = True
    finally:
        target.close(whole)
        warnings.show()
    if many:
        summarize(counts, time.monotonic() - began, "text")
    if counts["failed"]:
        ctx.exit(NO_OBJECT)


@contextmanager
def _opened(where: Where, schema: str | None, wanted: dict[str, Any]) -> Iterator[Repair]:
    """Ready to repair: in a service, with a model of this process, or by rules alone."""
    if where.service:
        from structgen.client.sync import Client

        asked = schema if schema is None or reading.is_name(schema) else reading.definition(schema)
        with Client(where.service, where.api_key) as client:
            yield lambda text: client.repair(text, asked, model="if_needed", **wanted)
        return
    parsed = None if schema is None else reading.parsed(schema, where.folder)
    if where.model is None and where.engine is None:
        from structgen.generator import repair as by_rules

        yield lambda text: by_rules(text, parsed, **wanted)
        return
    with where.generator() as generator:
        yield lambda text: generator.repair(text, parsed, **wanted)


def _texts(files: Iterable[str], lines: bool) -> Iterator[tuple[str, str]]:
    for file in files:
        name, text = reading.name_of(file), reading.document(file, nul=True)
        if not lines:
            yield name, text
        else:
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    yield f"{name}:{number}", line


def _failure(result: RepairResult) -> Unsatisfied:
    """Return the failure as a problem of the contract."""
    reasons = "; ".join(f"{v.pointer or '/'}: {v.message}" for v in result.violations[:3])
    return Unsatisfied(f"not repaired: {reasons}", (), result.usage, result.violations, result.value)
