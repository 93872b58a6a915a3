"""`structgen repair`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen import jsontext
from structgen.cli import options, sources
from structgen.cli.failures import NO_OBJECT
from structgen.cli.many import progress
from structgen.cli.warned import Warned
from structgen.types import RISKS, Risk

if TYPE_CHECKING:
    from structgen.parsing.report import RepairResult

    Repair = Callable[[str], RepairResult]


@click.command()
@click.option("--schema", metavar="NAME_OR_FILE", help="Name of a schema, its file, or JSON text.")
@options.schemas
@click.option("--lines", is_flag=True, help="Every line is a text of its own (JSON Lines).")
@click.option("--full", is_flag=True, help="Print the whole result: fixes, changes, violations.")
@click.option("--max-risk", type=click.Choice(RISKS), help="Highest risk that is applied.")
@click.option("--source", type=click.Path(exists=True, dir_okay=False), help="Document the texts came from.")
@click.option("--model", help="A model to ask for what rules cannot decide.")
@click.option("--engine", help=f"Of that model. Default: local. {options.ENGINES}")
@click.option("--url", help="Service to ask for what rules cannot decide; with --engine remote, its server.")
@click.option("--api-key", envvar="STRUCTGEN_API_KEY", help="Default: $STRUCTGEN_API_KEY.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def repair(
    ctx: click.Context,
    schema: str | None,
    folder: Path | None,
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
    with --full the whole account. What was wrong is told on standard error.
    """
    document = None if source is None else sources.document(source)
    wanted = {"max_risk": max_risk, "source": document}
    texts = list(_texts(files or (sources.STDIN,), lines))
    failed, warned = 0, Warned()
    with _opened(schema, folder, model, engine, url, api_key, wanted) as run, progress(len(texts)) as say:
        for name, text in texts:
            result = run(text)
            warned.show(result.warnings)
            failed += result.status == "failed"
            say(lambda result=result, name=name: _show(name, result, full))  # type: ignore[misc]
    if failed:
        ctx.exit(NO_OBJECT)


@contextmanager
def _opened(
    schema: str | None,
    folder: Path | None,
    model: str | None,
    engine: str | None,
    url: str | None,
    api_key: str | None,
    wanted: dict[str, Any],
) -> Iterator[Repair]:
    """Ready to repair: in a service, with a model of this process, or by rules alone."""
    if url and engine != "remote":
        if model or engine or folder:
            raise click.UsageError(
                "--url goes without --engine, --model and --schemas: the service has its own"
            )
        from structgen.client.sync import Client

        asked = schema if schema is None or sources.is_name(schema) else sources.definition(schema)
        with Client(url, api_key) as client:
            yield lambda text: client.repair(text, asked, model="if_needed", **wanted)
        return
    from structgen.generator import Generator
    from structgen.generator import repair as by_rules

    parsed = None if schema is None else sources.parsed(schema, folder)
    if model is None and engine is None:
        yield lambda text: by_rules(text, parsed, **wanted)
        return
    from structgen.engines import open_engine

    engine = engine or "local"
    opened = open_engine(engine, options.shipped_or(engine, model), **options.remote(engine, url))
    with Generator(opened) as generator:
        yield lambda text: generator.repair(text, parsed, **wanted)


def _texts(files: Iterable[str], lines: bool) -> Iterator[tuple[str, str]]:
    for file in files:
        name, text = "standard input" if file == sources.STDIN else file, sources.document(file)
        if not lines:
            yield name, text
        else:
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    yield f"{name}:{number}", line


def _show(name: str, result: RepairResult, full: bool) -> None:
    if result.status == "failed":
        reasons = "; ".join(f"{v.pointer or '/'}: {v.message}" for v in result.violations[:3])
        click.echo(f"structgen: {name}: {reasons}", file=sys.stderr)
    value = result.value if result.status != "failed" else None
    click.echo(jsontext.dumps(result.to_json() if full else value))
