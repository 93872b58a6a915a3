"""`structgen validate` and `structgen schemas`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from structgen import jsontext
from structgen.cli import options, sources
from structgen.cli.failures import NO_OBJECT
from structgen.cli.warned import Warned
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
    Warned().show(checked.warnings)
    try:
        found = checked.violations(jsontext.loads(sources.bytes_of(file)))
    except jsontext.JsonFault as fault:
        found = [Violation("", fault.keyword, str(fault))]
    violations = [violation.to_json() for violation in found]
    click.echo(jsontext.dumps({"valid": not violations, "violations": violations}))
    if violations:
        ctx.exit(NO_OBJECT)


@click.group(invoke_without_command=True)
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
            click.echo(jsontext.dumps({"name": known, "title": title}))


@schemas.command()
@click.argument("schema", metavar="NAME_OR_FILE")
@click.pass_context
def show(ctx: click.Context, schema: str) -> None:
    """Print the schema of that name."""
    found = sources.parsed(schema, ctx.obj)
    click.echo(json.dumps(found.definition, indent=2, ensure_ascii=False))


@schemas.command()
@click.argument("schema", metavar="NAME_OR_FILE")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.pass_context
def check(ctx: click.Context, schema: str, as_json: bool) -> None:
    """Tell which constraints are enforced while decoding, which afterwards, and warnings."""
    from structgen.engines.guidance import fitted

    found, refusal = fitted(sources.parsed(schema, ctx.obj))
    told = found.check(refusal)
    if as_json:
        click.echo(jsontext.dumps(told))
        return
    report, afterwards = found.report, found.report.validated
    click.echo(f"{len(report) - len(afterwards)} of {len(report)} constraints are decoded")
    for at in afterwards:
        click.echo(f"validated  {at}: {report[at].reason}")
    for warning in told["warnings"]:
        click.echo(f"warning    {warning['pointer']}: {warning['message']}")
