"""`structgen validate`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import json_text
from structgen.cli import console, files, options, schema_source
from structgen.cli.command_class import Command
from structgen.cli.errors import NO_OBJECT
from structgen.types import Violation


@click.command(
    cls=Command,
    short_help="Validate a JSON value against a schema.",
    examples=[
        "structgen validate -s invoice invoice.json",
        "structgen validate -s my-schema.json < value.json",
    ],
)
@options.schema
@options.schemas
@click.argument("file", default=files.STDIN, type=click.Path(allow_dash=True))
@click.pass_context
def validate(ctx: click.Context, schema: str, folder: Path | None, file: str) -> None:
    """Validate a JSON value, from FILE or standard input, against a schema.

    The command prints {"valid", "violations"} with all violations. The exit code is 1 if there are any.
    """
    parsed = schema_source.parsed(schema, folder)
    for warning in parsed.warnings:
        console.warn(warning.message, warning.code, warning.pointer)
    try:
        violations = parsed.violations(json_text.loads(files.json_bytes(file)))
    except json_text.JsonError as fault:
        violations = [Violation("", fault.keyword, str(fault))]
    body = {"valid": not violations, "violations": [violation.to_json() for violation in violations]}
    click.echo(json_text.dumps(body))
    if violations:
        ctx.exit(NO_OBJECT)
