"""Types of numeric options whose messages name the bounds."""

from __future__ import annotations

from typing import Any

import click

from structgen.types import describe


class Integer(click.IntRange):
    """An integer within bounds."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert a value; the message of a refusal has the bounds."""
        return _convert(super().convert, self, "an integer", value, param, ctx)


class Number(click.FloatRange):
    """A number within bounds."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert a value; the message of a refusal has the bounds."""
        return _convert(super().convert, self, "a number", value, param, ctx)


def option_type(kind: type, name: str) -> click.ParamType[Any]:
    """Return the type of the option for a field of `Sampling` or `Limits`, with the field's bounds."""
    field = describe(kind)[name]
    if field.choices:
        return click.Choice(field.choices)
    numeric: Any = Integer if field.kind is int else Number
    return numeric(field.minimum, field.maximum, min_open=field.open_minimum)  # type: ignore[no-any-return]


SECONDS = Number(0, min_open=True)
"""A positive number of seconds."""


def _convert(
    convert: Any,
    bounds: click.IntRange | click.FloatRange,
    noun: str,
    value: Any,
    param: click.Parameter | None,
    ctx: click.Context | None,
) -> Any:
    try:
        return convert(value, param, ctx)
    except click.BadParameter:
        bounds.fail(f"give {noun} {_range(bounds)}, not {value!r}", param, ctx)


def _range(bounds: click.IntRange | click.FloatRange) -> str:
    if bounds.max is not None:
        return f"from {bounds.min} to {bounds.max}"
    return f"greater than {bounds.min}" if bounds.min_open else f"of at least {bounds.min}"
