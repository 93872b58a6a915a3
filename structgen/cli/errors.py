"""Errors on the command line: standard error, exit code, and the option that helps."""

from __future__ import annotations

import click

from structgen import json_text
from structgen.cli import console
from structgen.errors import (
    BadRequest,
    ConnectionFailed,
    ConverterFailed,
    DeadlineExceeded,
    GenerationError,
    Incomplete,
    InputLimit,
    Overloaded,
    PromptTooLong,
    SchemaLimit,
    StructgenError,
    TooLarge,
    Unauthorized,
    UnreadableFile,
    Unsatisfied,
)  # fmt: skip
from structgen.messages import counted
from structgen.problem_details import problem_details
from structgen.types import DROPPED

NO_OBJECT, UNUSABLE, UNAVAILABLE, INTERRUPTED = 1, 2, 3, 130
DOCUMENT_ERRORS = (
    GenerationError,
    InputLimit,
    UnreadableFile,
    ConverterFailed,
    PromptTooLong,
    TooLarge,
    BadRequest,
)
"""Errors that concern one document: the next one may succeed."""
_MAX_VIOLATIONS = 20
"""Violations that a terminal shows."""
_HINTS: tuple[tuple[type[StructgenError], str], ...] = (
    (DeadlineExceeded, "allow more time with --deadline SECONDS"),
    (Unauthorized, "give the API key of the service with --api-key or STRUCTGEN_API_KEY"),
    (ConnectionFailed, "is the service running (structgen serve), and is --url its address?"),
    (ConverterFailed, "is docling-serve running, and is --docling-url its address?"),
    (PromptTooLong, "shorten the document, or start the service with a larger --context"),
    (TooLarge, "split the document, or start the service with a larger --max-body"),
    (SchemaLimit, "simplify the schema, or start the service with --schema-limit {limit}=NUMBER"),
    (Overloaded, "try again later, with fewer --jobs, or start the service with a larger --max-queue"),
)


def hint(error: StructgenError) -> str | None:
    """Return what to do on the command line; None if the error itself says it."""
    if isinstance(error, Unsatisfied):
        if error.attempts:
            return "allow more attempts with --max-attempts"
        lost = any(violation.keyword == DROPPED for violation in error.violations)
        return "accept a repair that leaves such texts out with --on-loss accept" if lost else None
    if isinstance(error, Incomplete):
        if "max_tokens" in str(error):
            return "allow more tokens with --max-tokens"
        return "print what was read, and its coverage, with --on-shortfall report" if error.coverage else None
    for kind, text in _HINTS:
        if isinstance(error, kind):
            return text.replace("{limit}", getattr(error, "limit", ""))
    return None


def problem(error: StructgenError, source: str | None = None) -> dict[str, object]:
    """Return the problem of the contract without its HTTP members; `source` names the document."""
    return problem_details(error, members={"hint": hint(error), "source": source})


def report(error: StructgenError, source: str | None = None) -> None:
    """Print an error on standard error: as text on a terminal, as one line of JSON for programs."""
    if not console.is_terminal():
        click.echo(json_text.dumps(problem(error, source)), err=True)
        return
    document = "" if source is None else f"{source}: "
    click.echo(f"structgen: {document}{console.styled(error.name, 'red')}: {error}", err=True)
    violations = getattr(error, "violations", ())
    if len(violations) > 1 or any(violation.message not in str(error) for violation in violations):
        for violation in violations[:_MAX_VIOLATIONS]:
            click.echo(f"  {violation.pointer or '/'}: {violation.message}", err=True)
        if len(violations) > _MAX_VIOLATIONS:
            click.echo(f"  and {counted(len(violations) - _MAX_VIOLATIONS, 'violation')} more", err=True)
    if (remedy := hint(error)) is not None:
        click.echo(f"  hint: {remedy}", err=True)
