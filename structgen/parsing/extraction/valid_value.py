"""Read a value that is valid JSON within a text that is not."""

from __future__ import annotations

from structgen import json_text
from structgen.parsing.tolerant.parse_result import ContainerSpan, ParseResult


def parse_valid(text: str, at: int) -> ParseResult:
    """Return the valid JSON that begins exactly at a position.

    `ValueError` and `RecursionError` as for `json_text.loads_prefix`.
    """
    value, end = json_text.loads_prefix(text, at)
    containers = (ContainerSpan(value, at, end),) if isinstance(value, dict | list) else ()
    return ParseResult(value, at, end, containers=containers)


def valid_range(text: str, start: int, end: int) -> ParseResult | None:
    """Return the valid JSON that a range of a text is; None where it is not. Faster than `valid_value`."""
    try:
        value = json_text.loads_fast(text[start:end])
    except ValueError:
        return None
    containers = (ContainerSpan(value, start, end),) if isinstance(value, dict | list) else ()
    return ParseResult(value, start, end, containers=containers)


def valid_value(text: str, at: int) -> ParseResult | None:
    """Return the valid JSON that begins exactly at a position; None where there is none."""
    try:
        return parse_valid(text, at)
    except (ValueError, RecursionError):
        return None
