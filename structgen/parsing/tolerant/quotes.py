"""List the quotes that may delimit a string."""

from __future__ import annotations

QUOTES = "\"'`´‘’‚“”„«»"
DOUBLE_QUOTES, SINGLE_QUOTES = '“”„"«»', "'‘’‚`´"
"""Quotes of one kind, each of which may close a string that another one opened."""
