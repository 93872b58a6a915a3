"""List the quotes that may delimit a string."""

from __future__ import annotations

QUOTES = "\"'`´‘’‚“”„«»"
DOUBLE_QUOTES, SINGLE_QUOTES = '“”„"«»', "'‘’‚`´"
"""Quotes of one kind, each of which may close a string that another one opened."""


def closing_quotes(quote: str) -> str:
    """Return the quotes that can close a string which `quote` opened."""
    if quote in "\"'":
        return quote
    return DOUBLE_QUOTES if quote in DOUBLE_QUOTES else SINGLE_QUOTES
