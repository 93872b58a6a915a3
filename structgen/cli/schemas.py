"""`structgen schemas`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from structgen import json_text
from structgen.cli import options, reading
from structgen.cli.commands import Group
from structgen.cli.completion import SchemaType


@click.group(
    cls=Group,
    short_help="List the schemas that have names; show or check one.",
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
    """List the schemas that have names, a line of JSON each; or show or check one."""
    from structgen.schema import Registry

    ctx.obj = folder
    if ctx.invoked_subcommand is None:
        registry = Registry(folder) if folder else Registry()
        for known in registry.names():
            definition = registry.get(known).definition
            title = definition.get("title") if isinstance(definition, dict) else None
            click.echo(json_text.dumps({"name": known, "title": title}))


@schemas.command(
    examples=["structgen schemas show invoice", "structgen schemas show invoice > my-schema.json"]
)
@click.argument("schema", type=SchemaType())
@click.pass_context
def show(ctx: click.Context, schema: str) -> None:
    """Print the schema of that name."""
    found = reading.parsed(schema, ctx.obj)
    click.echo(json.dumps(found.definition, indent=2, ensure_ascii=False))


@schemas.command(
    examples=["structgen schemas check invoice", "structgen schemas check --json my-schema.json"]
)
@click.argument("schema", type=SchemaType())
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.pass_context
def check(ctx: click.Context, schema: str, as_json: bool) -> None:
    """Tell which constraints are enforced while decoding, which afterwards, and warnings."""
    from structgen.engines.guidance import fitted

    found, refusal = fitted(reading.parsed(schema, ctx.obj))
    told = found.check(refusal)
    if as_json:
        click.echo(json_text.dumps(told))
        return
    report, afterwards = found.report, found.report.validated
    click.echo(f"{len(report) - len(afterwards)} of {len(report)} constraints are decoded")
    for at in afterwards:
        click.echo(f"validated  {at}: {report[at].reason}")
    for warning in told["warnings"]:
        place = f"{warning['pointer']}: " if warning["pointer"] else ""
        click.echo(f"warning    {place}{warning['message']}")
