"""`structgen schemas`: list the schemas that have names."""

from __future__ import annotations

from pathlib import Path

import click

from structgen import json_text
from structgen.cli import options
from structgen.cli.command_class import Group
from structgen.cli.commands.schemas_check import check
from structgen.cli.commands.schemas_show import show


@click.group(
    cls=Group,
    short_help="List the named schemas; show or check one.",
    invoke_without_command=True,
    examples=[
        "structgen schemas",
        "structgen schemas show invoice",
        "structgen schemas check my-schema.json",
    ],
)
@options.schemas
@click.pass_context
def schemas(ctx: click.Context, folder: Path | None) -> None:
    """List the named schemas, one line of JSON each; or show or check one schema."""
    from structgen.schema import Registry

    ctx.obj = folder
    if ctx.invoked_subcommand is None:
        registry = Registry(folder) if folder else Registry()
        for name in registry.names():
            definition = registry.get(name).definition
            title = definition.get("title") if isinstance(definition, dict) else None
            click.echo(json_text.dumps({"name": name, "title": title}))


for command in (show, check):
    schemas.add_command(command)
