"""The command classes: `-q`, `-v`, `--config` and examples in the help of every command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from structgen.cli import console, interrupts, settings


class Command(click.Command):
    """A command with `-q`, `-v`, `--config`, and `examples`: lines that the help shows."""

    def __init__(
        self, *args: Any, examples: Sequence[str] = (), interruptible: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.examples, self.interruptible = tuple(examples), interruptible
        self.params += common_options()

    def invoke(self, ctx: click.Context) -> Any:
        """As usual; a signal ends it with the documented code."""
        if not self.interruptible:
            return super().invoke(ctx)
        with interrupts.interruptible():
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As usual; a value that is refused is told with the variable or file that it comes from."""
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            if (place := _place(error, ctx)) is None:
                raise
            message = f"{error.message} (from {place})"
            raise click.BadParameter(message, error.ctx, error.param, error.param_hint) from error

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write where settings may stand, and the examples unwrapped, after the options."""
        super().format_epilog(ctx, formatter)
        if path := settings.path_of(ctx):
            prefix = "_".join([settings.PREFIX, *path]).upper().replace("-", "_")
            formatter.write_paragraph()
            formatter.write_text(
                f"Options may stand in the environment, as {prefix}_NAME, and in {settings.NAME}, under "
                f"[{'.'.join(path)}]."
            )
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:
        """Leave signals to the command."""
        return click.Group.invoke(self, ctx)


def common_options() -> list[click.Parameter]:
    """Return the options that every command has, the group included."""
    return [
        click.Option(
            ["--config"], type=click.Path(exists=True, dir_okay=False), expose_value=False, is_eager=True,
            callback=settings.load, envvar="STRUCTGEN_CONFIG", show_default="structgen.toml here, then yours",
            help="TOML file of settings. Flags win over the environment, that over the file.",
        ),
        click.Option(
            ["-q", "--quiet"], is_flag=True, expose_value=False, is_eager=True,
            callback=_quiet, help="Say nothing on standard error but errors.",
        ),
        click.Option(
            ["-v", "--verbose"], is_flag=True, expose_value=False, is_eager=True,
            callback=_verbose, help="Say more on standard error.",
        ),
    ]  # fmt: skip


def _quiet(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        _level(console.QUIET)


def _verbose(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        _level(console.VERBOSE)


def _level(level: int) -> None:
    if console.verbosity() == -level:
        raise click.UsageError("-q and -v exclude each other: give one of them")
    console.set_verbosity(level)


def _place(error: click.BadParameter, ctx: click.Context) -> str | None:
    """Return the environment variable or the file that a refused value comes from."""
    if error.param is None or error.param.name is None:
        return None
    source = ctx.get_parameter_source(error.param.name)
    if source is ParameterSource.ENVIRONMENT:
        return settings.variable(ctx, error.param)
    return str(settings.file(ctx)) if source is ParameterSource.DEFAULT_MAP else None
