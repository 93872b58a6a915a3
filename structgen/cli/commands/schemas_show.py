"""`structgen schemas show`."""

from __future__ import annotations

import json

import click

from structgen.cli import schema_source
from structgen.cli.command_class import Command
from structgen.cli.parameter_types import SchemaType


@click.command(
    cls=Command,
    examples=["structgen schemas show invoice", "structgen schemas show invoice > my-schema.json"],
)
@click.argument("schema", type=SchemaType())
@click.pass_context
def show(ctx: click.Context, schema: str) -> None:
    """Print a schema."""
    parsed = schema_source.parsed(schema, ctx.obj)
    click.echo(json.dumps(parsed.definition, indent=2, ensure_ascii=False))
