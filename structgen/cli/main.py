"""`structgen`, the group of commands."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from structgen.cli.extract import extract
from structgen.cli.failures import INTERRUPTED, UNUSABLE, exit_code, report
from structgen.cli.model import model
from structgen.cli.repair import repair
from structgen.cli.schemas import schemas, validate
from structgen.cli.serve import serve
from structgen.distribution import VERSION
from structgen.errors import StructgenError


class _Commands(click.Group):
    """Ends with the documented exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        if sys.stdout is None:
            raise click.UsageError("standard output is closed: the answer would be lost")
        try:
            return super().invoke(ctx)
        except StructgenError as error:
            report(error)
            ctx.exit(exit_code(error))
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read has enough
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the rest goes nowhere
            click.echo(f"structgen: standard output cannot be written: {error.strerror}", err=True)
            ctx.exit(UNUSABLE)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION)
def main() -> None:
    """A JSON Schema and a document in, a validated object out.

    JSON goes to standard output and nothing else does. Errors go to standard error: in words on a
    terminal, as one line of problem JSON otherwise.

    \b
    Exit codes:
      0    done; for validate: the value is valid; for repair: every text was
      1    no valid object: budget, attempts or deadline ended; for validate: not valid;
           for repair: a text that failed
      2    the request cannot work: usage, schema, document, key, settings
      3    the service or the engine is unavailable, or failed
      130  interrupted
    """


for command in (serve, extract, repair, validate, schemas, model):
    main.add_command(command)
