"""`structgen help`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from structgen.cli.command_class import Command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    command: click.Command = ctx.find_root().command
    for name in ctx.params.get("names") or ():
        command = command.commands[name] if isinstance(command, click.Group) else command
    names = command.commands if isinstance(command, click.Group) else {}
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command(
    "help", cls=Command, examples=["structgen help", "structgen help extract", "structgen help schemas check"]
)
@click.argument("names", nargs=-1, metavar="[COMMAND]...", shell_complete=_complete)
@click.pass_context
def help_(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Show the help of a COMMAND, or the list of commands."""
    target = ctx.find_root()
    for name in names:
        if not isinstance(target.command, click.Group):
            raise click.UsageError(f"{target.command_path} has no subcommands")
        _, command, _ = target.command.resolve_command(target, [name])
        assert command is not None  # resolve_command raises for an unknown name
        target = click.Context(command, info_name=command.name, parent=target)
    click.echo(target.get_help())
