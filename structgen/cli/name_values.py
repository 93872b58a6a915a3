"""Options of the form NAME=VALUE: limits of schemas and timeouts of connections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import click

from structgen.suggestions import name_choices

if TYPE_CHECKING:
    from structgen.config import Timeouts
    from structgen.files.limits import FileLimits
    from structgen.schema.limits import SchemaLimits

_MAX_SECONDS = 1e6


def schema_limits(values: Sequence[str]) -> SchemaLimits | None:
    """Return the default limits of schemas with the given ones in their place; None without any."""
    from structgen.schema.schema import DEFAULT_LIMITS

    limits = _numbers("--schema-limit", values, [field.name for field in fields(DEFAULT_LIMITS)])
    return replace(DEFAULT_LIMITS, **limits) if limits else None


def file_limits(values: Sequence[str]) -> FileLimits | None:
    """Return the default limits of files with the given ones in their place; None without any."""
    from structgen.files.limits import SERVICE_LIMITS

    limits = _numbers("--file-limit", values, [field.name for field in fields(SERVICE_LIMITS)])
    return replace(SERVICE_LIMITS, **limits) if limits else None


def _numbers(option: str, values: Sequence[str], known: list[str]) -> dict[str, int]:
    """Return the numbers of texts NAME=NUMBER by their names."""
    numbers = {}
    for text in values:
        name, _, value = text.partition("=")
        if name not in known:
            raise click.UsageError(f"{option} {text}: unknown limit {name!r}{name_choices(name, known)}")
        if not value.isdecimal():
            raise click.UsageError(f"{option} {text}: give NAME=NUMBER, such as {name}=1000")
        numbers[name] = int(value)
    return numbers


def timeouts(values: Sequence[str]) -> Timeouts | None:
    """Return the default timeouts with the given ones in their place; None without any."""
    from structgen.config import Timeouts

    known = [field.name for field in fields(Timeouts)]
    seconds = {}
    for text in values:
        name, _, value = text.partition("=")
        if name not in known:
            raise click.UsageError(f"--timeout {text}: unknown timeout {name!r}{name_choices(name, known)}")
        try:
            seconds[name] = float(value)
        except ValueError:
            seconds[name] = 0.0
        if not 0 < seconds[name] < _MAX_SECONDS:
            raise click.UsageError(
                f"--timeout {text}: give NAME=SECONDS with a positive number below {_MAX_SECONDS:,.0f}, "
                f"such as {name}=30"
            )
    return Timeouts(**seconds) if seconds else None
