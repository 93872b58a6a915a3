"""The nearest known name for a misspelt one, as messages offer it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 80
"""Characters of a name that are compared: more is no slip of the pen."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that is closest to the given one, None where none is close.

    Case, hyphens and underscores count for nothing: `maxTokens` is near `max_tokens`.
    """
    plain = {_plain(candidate): candidate for candidate in known}
    if len(name) > _LONGEST:
        return None
    matches = get_close_matches(_plain(name), plain, 1, cutoff)
    return plain[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return `; did you mean 'x'?` to follow a message, or nothing where no known name is close."""
    found = nearest(name, known, cutoff)
    return f"; did you mean {found!r}?" if found is not None else ""


def plural(count: int, noun: str) -> str:
    """Return `1 violation`, `2 violations`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
