"""Errors as the command line tells them: a line on standard error and an exit code."""

from __future__ import annotations

import sys

import click

from structgen import jsontext
from structgen.errors import (
    BadRequest,
    ConfigError,
    GenerationError,
    NotFound,
    PromptTooLong,
    SchemaError,
    StructgenError,
    TooLarge,
    Unauthorized,
)  # fmt: skip

NO_OBJECT, UNUSABLE, UNAVAILABLE, INTERRUPTED = 1, 2, 3, 130
OF_THE_DOCUMENT = (GenerationError, PromptTooLong, TooLarge, BadRequest)
"""Errors of one document, after which the next may well succeed."""
_CALLERS = (
    BadRequest, ConfigError, NotFound, PromptTooLong, SchemaError, TooLarge, Unauthorized
)  # fmt: skip
_SHOWN = 20
"""Violations that are told on a terminal."""


def exit_code(error: StructgenError) -> int:
    """As the help of the command group documents."""
    if isinstance(error, GenerationError):
        return NO_OBJECT
    return UNUSABLE if isinstance(error, _CALLERS) else UNAVAILABLE


def problem(error: StructgenError, document: str | None = None) -> dict[str, object]:
    """The problem of the contract, without what only HTTP has; `document` names the file it is about."""
    about = {} if document is None else {"document": document}
    title = error.name.replace("-", " ").capitalize()
    return {
        "type": f"/problems/{error.name}",
        "title": title,
        "detail": str(error),
        **about,
        **error.told(),
    }


def report(error: StructgenError, document: str | None = None) -> None:
    """Words on a terminal, one line of JSON for programs."""
    if not sys.stderr.isatty():
        click.echo(jsontext.dumps(problem(error, document)), err=True)
        return
    about = "" if document is None else f"{document}: "
    click.echo(f"structgen: {about}{error.name}: {error}", err=True)
    violations = getattr(error, "violations", ())
    for violation in violations[:_SHOWN]:
        click.echo(f"  {violation.pointer or '/'}: {violation.message}", err=True)
    if len(violations) > _SHOWN:
        click.echo(f"  and {len(violations) - _SHOWN} more", err=True)
