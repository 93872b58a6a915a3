"""The outputs of `extract`: a value under a schema, or plain text in a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from structgen.cli import files, options
from structgen.cli.parameter_types import SchemaType
from structgen.types import TextFormat

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = ("schema", "regex", "choice", "grammar")


def output_options(command: F) -> F:
    """Add `--schema` and the options of plain text, of which exactly one is given."""
    for option in reversed([
        click.option("-s", "--schema", type=SchemaType(), help=options.SCHEMA_HELP),
        click.option("--regex", help="Regular expression (ECMA-262): print text that matches it as a whole."),
        click.option("--choice", multiple=True, help="Text to choose: give the option for each of them."),
        click.option(
            "--grammar",
            type=click.Path(exists=True, dir_okay=False, allow_dash=True),
            help="File with a Lark grammar (llguidance's variant): print text that follows it.",
        ),
    ]):  # fmt: skip
        command = option(command)
    return command


def chosen_output(ctx: click.Context, given: dict[str, Any]) -> str | TextFormat:
    """Take the output out of the given options: the schema as it is written, or a text format.

    An option on the command line replaces a setting. `UsageError` for none, and for several.
    """
    values = {name: given.pop(name) for name in _OPTIONS}
    present = [name for name, value in values.items() if value]
    written = [name for name in present if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    names = written or present
    if len(names) > 1:
        raise click.UsageError(f"--{' and --'.join(names)} cannot be combined: give only one of them", ctx)
    if not names:
        missing = SchemaType().get_missing_message(ctx.command.params[0], ctx)
        raise click.UsageError(f"Missing option '--schema'. {missing} For plain text, give --regex, --choice "
                               "or --grammar.", ctx)  # fmt: skip
    match names[0]:
        case "regex":
            return TextFormat(regex=values["regex"])
        case "choice":
            return TextFormat(choices=tuple(values["choice"]))
        case "grammar":
            return TextFormat(lark=files.read_text(values["grammar"]))
    return str(values["schema"])
