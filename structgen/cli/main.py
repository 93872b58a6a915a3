"""`structgen`: the group of all commands."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import Any

import click

from structgen.cli import console, interrupts, settings
from structgen.cli.command_class import Group
from structgen.cli.commands.calibrate import calibrate
from structgen.cli.commands.eval import eval_
from structgen.cli.commands.extract import extract
from structgen.cli.commands.ground import ground
from structgen.cli.commands.help import help_
from structgen.cli.commands.model import model
from structgen.cli.commands.repair import repair
from structgen.cli.commands.report import report as report_
from structgen.cli.commands.schemas import schemas
from structgen.cli.commands.serve import serve
from structgen.cli.commands.validate import validate
from structgen.cli.errors import INTERRUPTED, UNUSABLE, report
from structgen.distribution import VERSION
from structgen.errors import ConfigError, StructgenError


class _Root(Group):
    """The group, which ends with the documented exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; report errors, and exit with their codes."""
        gc.freeze()  # objects of the imports stay: collections need not visit them
        if sys.stdout is None:
            raise click.UsageError("standard output is closed: the output would be lost")
        settings.warn_of_unknown_variables(self)
        if path := settings.file(ctx):
            console.detail(f"settings file: {path}")
        try:
            return super().invoke(ctx)
        except StructgenError as error:
            report(error)
            ctx.exit(error.exit_code)
        except interrupts.Interrupted as end:
            _flush()
            interrupts.leave(end.code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has closed it
                raise
            if error.errno is None or error.filename is not None:  # from a library, or about a file
                report(ConfigError(str(error) or type(error).__name__))
                ctx.exit(UNUSABLE)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # discards the rest of the output
            report(ConfigError(f"standard output cannot be written: {error.strerror}"))
            ctx.exit(UNUSABLE)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        return  # the reader has closed the pipe


_HELP = """\
Extract JSON objects from documents: give a JSON Schema and a document, get a valid object.

Standard output has only results: JSON, and the text of eval. Errors, warnings and summaries go to
standard error: as text on a terminal, otherwise as JSON, one object in each line. Usage errors and the
log of the service are always text.

\b
Settings come from the first of these places that has them:
  the option        structgen serve --port 9000
  the environment   STRUCTGEN_SERVE_PORT=9000
  a TOML file       [serve]
                    port = 9000
  the default       shown in the help of each command
The TOML file is the one of --config or STRUCTGEN_CONFIG, else ./structgen.toml, else structgen.toml in
your settings folder (~/.config/structgen on Linux).

\b
The shell can complete commands, options, schemas and engines:
  bash   eval "$(_STRUCTGEN_COMPLETE=bash_source structgen)"    in ~/.bashrc
  zsh    eval "$(_STRUCTGEN_COMPLETE=zsh_source structgen)"     in ~/.zshrc
  fish   _STRUCTGEN_COMPLETE=fish_source structgen | source     in ~/.config/fish/config.fish

\b
Exit codes:
  0    success; validate: the value is valid; repair: every text was repaired
  1    no valid object within tokens, attempts or deadline; validate: the value
       is not valid; repair: a text could not be repaired; eval: --fail-under
  2    the request cannot work: usage, schema, document, API key or settings
  3    the service or the engine is unavailable, or failed
  130  interrupted (Ctrl-C)
  143  terminated (SIGTERM)
"""


@click.group(
    cls=_Root,
    help=_HELP,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": settings.PREFIX,
        "show_default": True,
    },
    examples=[
        "structgen extract -s invoice invoice.txt",
        "structgen extract -s receipt --with-source -o rows.jsonl receipts/*.txt",
        "structgen repair -s invoice broken.json",
        "structgen serve --port 9000",
        "structgen help extract",
    ],
)
@click.version_option(VERSION, "-V", "--version")
def main() -> None:
    """Run a command of `structgen`."""


for command in (
    serve, extract, repair, ground, calibrate, eval_, report_, validate, schemas, model, help_,
):  # fmt: skip
    main.add_command(command)
