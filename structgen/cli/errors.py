"""Errors as the command line tells them: on standard error, with an exit code and the flag that helps."""

from __future__ import annotations

import click

from structgen import json_text
from structgen.cli import console
from structgen.errors import (
    BadRequest,
    ConfigError,
    ConnectionFailed,
    DeadlineExceeded,
    GenerationError,
    Incomplete,
    NotFound,
    Overloaded,
    PromptTooLong,
    SchemaError,
    SchemaLimit,
    StructgenError,
    TooLarge,
    Unauthorized,
    Unsatisfied,
)  # fmt: skip
from structgen.suggestions import plural

NO_OBJECT, UNUSABLE, UNAVAILABLE, INTERRUPTED = 1, 2, 3, 130
OF_THE_DOCUMENT = (GenerationError, PromptTooLong, TooLarge, BadRequest)
"""Errors of one document, after which the next may well succeed."""
_CALLERS = (
    BadRequest, ConfigError, NotFound, PromptTooLong, SchemaError, TooLarge, Unauthorized
)  # fmt: skip
_SHOWN = 20
"""Violations that are told on a terminal."""
_HINTS: tuple[tuple[type[StructgenError], str], ...] = (
    (DeadlineExceeded, "give more time with --deadline SECONDS"),
    (Unauthorized, "give the key of the service with --api-key or STRUCTGEN_API_KEY"),
    (ConnectionFailed, "is the service running (structgen serve), and is --url its address?"),
    (PromptTooLong, "shorten the document, or serve with a larger --context"),
    (TooLarge, "split the document, or serve with a larger --max-body"),
    (SchemaLimit, "simplify the schema, or serve with --schema-limit {limit}=NUMBER"),
    (Overloaded, "try again later, take fewer --jobs, or serve with a larger --max-queue"),
)


def exit_code(error: StructgenError) -> int:
    """As the help of the command group documents."""
    if isinstance(error, GenerationError):
        return NO_OBJECT
    return UNUSABLE if isinstance(error, _CALLERS) else UNAVAILABLE


def hint(error: StructgenError) -> str | None:
    """Return what to do on the command line, None where the error says so itself."""
    if isinstance(error, Unsatisfied):
        return "allow more attempts with --max-attempts" if error.attempts else None
    if isinstance(error, Incomplete):
        return "give more tokens with --max-tokens" if "max_tokens" in str(error) else None
    for kind, text in _HINTS:
        if isinstance(error, kind):
            return text.replace("{limit}", getattr(error, "limit", ""))
    return None


def problem(error: StructgenError, source: str | None = None) -> dict[str, object]:
    """The problem of the contract, without what only HTTP has; `source` names the document it is about."""
    about = {} if source is None else {"source": source}
    title = error.name.replace("-", " ").capitalize()
    remedy = hint(error)
    return {
        "type": f"/problems/{error.name}",
        "title": title,
        "detail": str(error),
        **({} if remedy is None else {"hint": remedy}),
        **about,
        **error.problem_members(),
    }


def report(error: StructgenError, source: str | None = None) -> None:
    """Words on a terminal, one line of JSON for programs."""
    if not console.is_terminal():
        click.echo(json_text.dumps(problem(error, source)), err=True)
        return
    about = "" if source is None else f"{source}: "
    click.echo(f"structgen: {about}{console.styled(error.name, 'red')}: {error}", err=True)
    violations = getattr(error, "violations", ())
    if len(violations) > 1 or any(violation.message not in str(error) for violation in violations):
        for violation in violations[:_SHOWN]:
            click.echo(f"  {violation.pointer or '/'}: {violation.message}", err=True)
        if len(violations) > _SHOWN:
            click.echo(f"  and {plural(len(violations) - _SHOWN, 'violation')} more", err=True)
    if (remedy := hint(error)) is not None:
        click.echo(f"  hint: {remedy}", err=True)
