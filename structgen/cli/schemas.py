"""`structgen validate` and `structgen schemas`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from structgen import jsontext
from structgen.cli import options, sources
from structgen.cli.failures import NO_OBJECT
from structgen.types import Violation


@click.command()
@options.schema
@options.schemas
@click.argument("file", default=sources.STDIN, type=click.Path(allow_dash=True))
@click.pass_context
def validate(ctx: click.Context, schema: str, folder: Path | None, file: str) -> None:
    """Check a JSON value, from FILE or standard input, against a schema.

    Prints {"valid", "violations"} with every violation; exit code 1 if there is one.
    """
    checked = sources.parsed(schema, folder)
    try:
        found = checked.violations(jsontext.loads(sources.bytes_of(file)))
    except jsontext.JsonFault as fault:
        found = [Violation("", fault.keyword, str(fault))]
    violations = [violation.to_json() for violation in found]
    click.echo(jsontext.dumps({"valid": not violations, "violations": violations}))
    if violations:
        ctx.exit(NO_OBJECT)


@click.command()
@options.schemas
@click.argument("name", required=False)
def schemas(folder: Path | None, name: str | None) -> None:
    """List the schemas that have names, a line of JSON each, or print the one called NAME."""
    from structgen.schema import Registry

    registry = Registry(folder) if folder else Registry()
    if name is not None:
        click.echo(json.dumps(registry.get(name).definition, indent=2, ensure_ascii=False))
        return
    for known in registry.names():
        definition = registry.get(known).definition
        title = definition.get("title") if isinstance(definition, dict) else None
        click.echo(jsontext.dumps({"name": known, "title": title}))
