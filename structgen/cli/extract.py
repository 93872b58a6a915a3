"""`structgen extract`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from structgen import jsontext
from structgen.cli import options, sources
from structgen.cli.many import in_order
from structgen.cli.warned import Warned
from structgen.types import Limits, Sampling

Extract = Callable[[str | None], dict[str, Any]]
"""From a document to the body of a 200."""


@dataclass(frozen=True)
class Where:
    """Which model answers: that of a service, or one of this process."""

    url: str | None
    api_key: str | None
    engine: str | None
    model: str | None
    folder: Path | None

    def __post_init__(self) -> None:
        if self.service and (self.engine or self.model or self.folder):
            raise click.UsageError(
                "--url goes without --engine, --model and --schemas: the service has its own"
            )

    @property
    def service(self) -> str | None:
        """The address, where it is that of a service of ours."""
        return None if self.engine == "remote" else self.url

    @contextmanager
    def opened(self, schema: str, **wanted: Any) -> Iterator[Extract]:
        """Ready to extract; closed afterwards."""
        source: Any
        if self.service:
            from structgen.client.sync import Client

            deadline = wanted["limits"].deadline or 0.0
            source = Client(self.service, self.api_key, timeout=max(300.0, deadline + 30.0))
            asked: Any = schema if sources.is_name(schema) else sources.definition(schema)
        else:
            from structgen.engines import open_engine
            from structgen.generator import Generator

            asked, engine = sources.parsed(schema, self.folder), self.engine or "local"
            chosen = options.shipped_or(engine, self.model)
            opened = open_engine(engine, chosen, **options.remote(engine, self.url))
            options.tell_demo(opened)
            source = Generator(opened)
        warned = Warned()
        with source:

            def run(document: str | None) -> dict[str, Any]:
                result = source.result(asked, document, **wanted)
                warned.show(result.warnings)
                body: dict[str, Any] = result.to_json()
                return body

            yield run


@click.command()
@options.schema
@click.option("--full", is_flag=True, help="Print the whole result: attempts, usage, schema, model.")
@click.option("--prompt", help="What to do with the document.")
@click.option("--url", help="A service to use instead of a model here; with --engine remote, its server.")
@click.option("--api-key", envvar="STRUCTGEN_API_KEY", help="Default: $STRUCTGEN_API_KEY.")
@click.option("--engine", help=f"Default: local. {options.ENGINES}")
@options.model
@options.schemas
@click.option("--temperature", type=click.FloatRange(0, 5), help="Default: 0, greedy.")
@click.option("--seed", type=click.IntRange(0))
@click.option("--max-tokens", type=click.IntRange(1), help="Of one attempt.")
@click.option("--max-attempts", type=click.IntRange(1, 10))
@click.option("--deadline", type=click.FloatRange(0, min_open=True), help="Seconds for one document.")
@click.option(
    "--on-budget", type=click.Choice(["incomplete", "close"]), help="What the end of the budget does."
)
@click.option(
    "--strategy",
    type=click.Choice(["constrained", "repair", "auto"]),
    default="constrained",
    show_default=True,
    help="Decode under the grammar, generate freely and repair, or whichever suits.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=4, show_default=True, help="Documents at once.")
@click.argument("documents", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def extract(
    ctx: click.Context,
    schema: str,
    full: bool,
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

    One document: its object, or with --full the whole result. Several: a line of JSON each, in the
    order given; one that gives no object has the line null (with --full its problem), is told on
    standard error, and the exit code is the worst of all. A fault of no single document ends the run.
    """
    if documents.count(sources.STDIN) > 1:
        raise click.UsageError("- stands for standard input, which can be read once")
    where = Where(url, api_key, engine, model, folder)
    sampling = Sampling(**options.given(temperature=temperature, seed=seed, max_tokens=max_tokens))
    limits = Limits(**options.given(max_attempts=max_attempts, deadline=deadline, on_budget=on_budget))
    wanted = {"prompt": prompt, "sampling": sampling, "limits": limits, "strategy": strategy}
    with where.opened(schema, **wanted) as run:
        if len(documents) > 1:
            ctx.exit(in_order(lambda path: _shown(run(sources.document(path)), full), documents, jobs, full))
        text = _only(documents, prompt)
        click.echo(jsontext.dumps(_shown(run(text), full)))


def _only(documents: tuple[str, ...], prompt: str | None) -> str | None:
    """The one document; a prompt alone is enough where nothing is piped in."""
    if documents:
        return sources.document(documents[0])
    if sys.stdin is not None and sys.stdin.isatty():
        if prompt is None:
            click.echo("structgen: reading the document from standard input", err=True)
        else:
            return None
    return sources.document(sources.STDIN) or (None if prompt is not None else "")


def _shown(result: dict[str, Any], full: bool) -> Any:
    return result if full else result["data"]
