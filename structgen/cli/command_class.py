"""Command classes: every command has `-q`, `-v`, `--config`, and examples in its help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from structgen.cli import console, interrupts, settings


class Command(click.Command):
    """A command with `-q`, `-v` and `--config`. Its help ends with the `examples`."""

    def __init__(
        self, *args: Any, examples: Sequence[str] = (), interruptible: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.examples, self.interruptible = tuple(examples), interruptible
        self.params += common_options()

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a signal ends it with the documented exit code."""
        if not self.interruptible:
            return super().invoke(ctx)
        with interrupts.interruptible():
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse arguments; add the environment variable or file to the message of a wrong value."""
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            if (origin := _origin(error, ctx)) is None:
                raise
            message = f"{error.message} (from {origin})"
            raise click.BadParameter(message, error.ctx, error.param, error.param_hint) from error

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the places of settings, and the examples without wrapping, after the options."""
        super().format_epilog(ctx, formatter)
        if path := settings.path_of(ctx):
            prefix = "_".join([settings.PREFIX, *path]).upper().replace("-", "_")
            formatter.write_paragraph()
            formatter.write_text(
                f"Options can also be set by environment variables, named {prefix}_NAME, and in "
                f"{settings.NAME} under [{'.'.join(path)}]."
            )
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command of the group, which handles signals itself."""
        return click.Group.invoke(self, ctx)


def common_options() -> list[click.Parameter]:
    """Return the options that every command and group has."""
    return [
        click.Option(
            ["--config"], type=click.Path(exists=True, dir_okay=False), expose_value=False, is_eager=True,
            callback=settings.load, envvar="STRUCTGEN_CONFIG",
            show_default="./structgen.toml, then the one in your settings folder",
            help="TOML file with settings. Options override environment variables, which override the file.",
        ),
        click.Option(
            ["-q", "--quiet"], is_flag=True, expose_value=False, is_eager=True,
            callback=_quiet, help="Print only errors on standard error.",
        ),
        click.Option(
            ["-v", "--verbose"], is_flag=True, expose_value=False, is_eager=True,
            callback=_verbose, help="Print more details on standard error.",
        ),
    ]  # fmt: skip


def _quiet(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        _set_level(console.QUIET)


def _verbose(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        _set_level(console.VERBOSE)


def _set_level(level: int) -> None:
    if console.verbosity() == -level:
        raise click.UsageError("-q and -v cannot be combined: give only one of them")
    console.set_verbosity(level)


def _origin(error: click.BadParameter, ctx: click.Context) -> str | None:
    """Return the environment variable or the file of a wrong value, None for the command line."""
    if error.param is None or error.param.name is None:
        return None
    source = ctx.get_parameter_source(error.param.name)
    if source is ParameterSource.ENVIRONMENT:
        return settings.variable(ctx, error.param)
    return str(settings.file(ctx)) if source is ParameterSource.DEFAULT_MAP else None
