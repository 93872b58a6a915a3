"""`structgen validate`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import json_text
from structgen.cli import console, options, reading
from structgen.cli.commands import Command
from structgen.cli.errors import NO_OBJECT
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
@click.argument("file", default=reading.STDIN, type=click.Path(allow_dash=True))
@click.pass_context
def validate(ctx: click.Context, schema: str, folder: Path | None, file: str) -> None:
    """Check a JSON value, from FILE or standard input, against a schema.

    Prints {"valid", "violations"} with every violation; exit code 1 if there is one.
    """
    checked = reading.parsed(schema, folder)
    for warning in checked.warnings:
        console.warn(warning.message, warning.code, warning.pointer)
    try:
        found = checked.violations(json_text.loads(reading.json_bytes(file)))
    except json_text.JsonFault as fault:
        found = [Violation("", fault.keyword, str(fault))]
    violations = [violation.to_json() for violation in found]
    click.echo(json_text.dumps({"valid": not violations, "violations": violations}))
    if violations:
        ctx.exit(NO_OBJECT)
