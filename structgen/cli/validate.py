"""`structgen validate`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import jsontext
from structgen.cli import console, options, sources
from structgen.cli.commands import Command
from structgen.cli.failures import NO_OBJECT
from structgen.types import Violation


@click.command(
    cls=Command,
    short_help="Check a JSON value against a schema.",
    examples=[
        "structgen validate -s invoice invoice.json",
        "structgen validate -s my-schema.json < value.json",
    ],
)
@options.schema
@options.schemas
@click.argument("file", default=sources.STDIN, type=click.Path(allow_dash=True))
@click.pass_context
def validate(ctx: click.Context, schema: str, folder: Path | None, file: str) -> None:
    """Check a JSON value, from FILE or standard input, against a schema.

    Prints {"valid", "violations"} with every violation; exit code 1 if there is one.
    """
    checked = sources.parsed(schema, folder)
    for warning in checked.warnings:
        console.warn(warning.message, warning.code, warning.pointer)
    try:
        found = checked.violations(jsontext.loads(sources.json_bytes(file)))
    except jsontext.JsonFault as fault:
        found = [Violation("", fault.keyword, str(fault))]
    violations = [violation.to_json() for violation in found]
    click.echo(jsontext.dumps({"valid": not violations, "violations": violations}))
    if violations:
        ctx.exit(NO_OBJECT)
