"""The nearest known name for a misspelt one, as messages offer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

_LONGEST = 80
"""Characters of a name that are compared: more is no slip of the pen."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """Return the known name that is closest to the given one, None where none is close.

    Case, hyphens and underscores count for nothing: `maxTokens` is near `max_tokens`.
    """
    plain = {_plain(candidate): candidate for candidate in known}
    if len(name) > _LONGEST:
        return None
    matches = get_close_matches(_plain(name), plain, 1, cutoff)
    return plain[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.7) -> str:
    """Return `; did you mean 'x'?` to follow a message, or nothing where no known name is close."""
    found = nearest(name, known, cutoff)
    return f"; did you mean {found!r}?" if found is not None else ""


def among(name: str, known: Sequence[str], cutoff: float = 0.7) -> str:
    """Return the nearest known name and all of them, to follow a message."""
    there_are = ", ".join(known) or "none"
    hint = did_you_mean(name, known, cutoff)
    return f"{hint} There are: {there_are}" if hint else f"; there are: {there_are}"


def plural(count: int, noun: str) -> str:
    """Return `1 violation`, `2 violations`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def unknown_member(name: str, here: str, homes: Mapping[str, Iterable[str]], top: str = "the request") -> str:
    """Return what is wrong with a member that its object does not have, and where or what it should be.

    `homes` has the members of each object by its path (`""` for the whole, `sampling`, …), `here` is the
    path of the object that the member stands in.
    """
    message = f"no member {name[:_LONGEST]!r} in {here or top}"
    places = {path: list(members) for path, members in homes.items()}
    if owners := [path for path, members in places.items() if name in members and path != here]:
        return f"{message}; it belongs {' or '.join(_under(path, top) for path in owners)}"
    if hint := did_you_mean(name, places.get(here, ())):
        return message + hint
    for path, members in places.items():
        if path != here and (found := nearest(name, members, 0.8)):
            return f"{message}; did you mean {found!r}, {_under(path, top)}?"
    return f"{message}; there are: {', '.join(sorted(places.get(here, ())))}"


def _under(path: str, top: str) -> str:
    return f"under {path}" if path else f"at the top of {top}"


def most_similar(name: str, known: Sequence[str], cutoff: float) -> str | None:
    """Return the known name most similar to the given one as both are spelt, None where none is close."""
    matches = get_close_matches(name, known, 1, cutoff)
    return matches[0] if matches else None
