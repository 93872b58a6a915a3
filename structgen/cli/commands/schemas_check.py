"""`structgen schemas check`."""

from __future__ import annotations

import click

from structgen import json_text
from structgen.cli import schema_source
from structgen.cli.command_class import Command
from structgen.cli.parameter_types import SchemaType


@click.command(
    cls=Command,
    short_help="Report how the constraints of a schema are enforced.",
    examples=["structgen schemas check invoice", "structgen schemas check --json my-schema.json"],
)
@click.argument("schema", type=SchemaType())
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as one JSON object.")
@click.pass_context
def check(ctx: click.Context, schema: str, as_json: bool) -> None:
    """Report which constraints decoding enforces and which validation enforces afterwards, with warnings."""
    from structgen.engines.guidance import fit_grammar

    parsed, refusal = fit_grammar(schema_source.parsed(schema, ctx.obj))
    body = parsed.check(refusal)
    if as_json:
        click.echo(json_text.dumps(body))
        return
    report, validated = parsed.report, parsed.report.validated
    click.echo(f"{len(report) - len(validated)} of {len(report)} constraints are decoded")
    for pointer in validated:
        click.echo(f"validated  {pointer}: {report[pointer].reason}")
    for warning in body["warnings"]:
        pointer = f"{warning['pointer']}: " if warning["pointer"] else ""
        click.echo(f"warning    {pointer}{warning['message']}")
