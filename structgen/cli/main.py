"""`structgen`, the group of commands."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import Any

import click

from structgen.cli import console, interrupts, settings
from structgen.cli.commands import Group
from structgen.cli.errors import INTERRUPTED, UNUSABLE, exit_code, report
from structgen.cli.extract import extract
from structgen.cli.help import help_
from structgen.cli.model import model
from structgen.cli.repair import repair
from structgen.cli.schemas import schemas
from structgen.cli.serve import serve
from structgen.cli.validate import validate
from structgen.distribution import VERSION
from structgen.errors import ConfigError, StructgenError


class _Root(Group):
    """Ends with the documented exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        gc.freeze()  # what the imports made stays: no collection looks through it again
        if sys.stdout is None:
            raise click.UsageError("standard output is closed: the answer would be lost")
        settings.warn_of_unknown_variables(self)
        if path := settings.file(ctx):
            console.detail(f"settings of {path}")
        try:
            return super().invoke(ctx)
        except StructgenError as error:
            report(error)
            ctx.exit(exit_code(error))
        except interrupts.Interrupted as end:
            _flush()
            interrupts.leave(end.code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read has enough
                raise
            if error.errno is None or error.filename is not None:  # a library's own, or about a file
                report(ConfigError(str(error) or type(error).__name__))
                ctx.exit(UNUSABLE)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the rest goes nowhere
            report(ConfigError(f"standard output cannot be written: {error.strerror}"))
            ctx.exit(UNUSABLE)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        return  # nobody reads it


@click.group(
    cls=_Root,
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
    """A JSON Schema and a document in, a validated object out.

    JSON goes to standard output and nothing else does. Errors, warnings and summaries go to standard error:
    in words on a terminal, otherwise as JSON, one object a line. Usage errors and the log of a service are
    always in words.

    \b
    Settings, the first that is given:
      the option        structgen serve --port 9000
      the environment   STRUCTGEN_SERVE_PORT=9000
      a TOML file       [serve]
                        port = 9000
      the default       shown in the help of each command
    The file is that of --config, of STRUCTGEN_CONFIG, ./structgen.toml, or structgen.toml in your folder of
    settings (~/.config/structgen on Linux).

    \b
    Completion in the shell, of names of schemas and engines too:
      bash   eval "$(_STRUCTGEN_COMPLETE=bash_source structgen)"    in ~/.bashrc
      zsh    eval "$(_STRUCTGEN_COMPLETE=zsh_source structgen)"     in ~/.zshrc
      fish   _STRUCTGEN_COMPLETE=fish_source structgen | source     in ~/.config/fish/config.fish

    \b
    Exit codes:
      0    done; for validate: the value is valid; for repair: every text was
      1    no valid object: budget, attempts or deadline ended; for validate: not valid;
           for repair: a text that failed
      2    the request cannot work: usage, schema, document, key, settings
      3    the service or the engine is unavailable, or failed
      130  interrupted (Ctrl-C)
      143  terminated (SIGTERM)
    """


for command in (serve, extract, repair, validate, schemas, model, help_):
    main.add_command(command)
