"""Suggestions for misspelt names, as messages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

_MAX_LENGTH = 80
"""Characters of the names that are compared: a longer one is no misspelling."""
_MAX_LISTED = 50
"""Names that a message lists."""


def nearest_name(name: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """Return the known name that is most similar to the given one, None if none is similar enough.

    Case, hyphens and underscores are ignored: `maxTokens` equals `max_tokens`.
    """
    by_letters = {_letters(candidate): candidate for candidate in known}
    if len(name) > _MAX_LENGTH:
        return None
    matches = get_close_matches(_letters(name), by_letters, 1, cutoff)
    return by_letters[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.7) -> str:
    """Return `; did you mean 'x'?` to end a message, or nothing if no known name is similar."""
    suggestion = nearest_name(name, known, cutoff)
    return f"; did you mean {suggestion!r}?" if suggestion is not None else ""


def name_choices(name: str, known: Sequence[str]) -> str:
    """Return the most similar known name, and the list of them, to end a message."""
    if not known:
        return "; there are none"
    choices = listed(known)
    hint = did_you_mean(name, known)
    return f"{hint} Choose one of: {choices}" if hint else f"; choose one of: {choices}"


def listed(names: Sequence[str]) -> str:
    """Return the first names, each cut to the length of a usual one, and the number of the others."""
    shown = ", ".join(name[:_MAX_LENGTH] for name in names[:_MAX_LISTED])
    more = len(names) - _MAX_LISTED
    return f"{shown}, and {more:,} more" if more > 0 else shown


def unknown_member(
    name: str, here: str, groups: Mapping[str, Iterable[str]], top: str = "the request"
) -> str:
    """Return the message for a member that its object does not have.

    `groups` has the members of each object by its path: `""` for the whole, `sampling`, …. `here` is the path
    of the object with the unknown member. The message suggests the right object, or the right name.
    """
    message = f"{here or top} has no member {name[:_MAX_LENGTH]!r}"
    members = {path: list(names) for path, names in groups.items()}
    if owners := [path for path, names in members.items() if name in names and path != here]:
        return f"{message}; it belongs {' or '.join(_location(path, top) for path in owners)}"
    if hint := did_you_mean(name, members.get(here, ())):
        return message + hint
    for path, names in members.items():
        if path != here and (suggestion := nearest_name(name, names, 0.8)):
            return f"{message}; did you mean {suggestion!r}, {_location(path, top)}?"
    return f"{message}; choose one of: {', '.join(sorted(members.get(here, ())))}"


def _location(path: str, top: str) -> str:
    return f"under {path}" if path else f"at the top of {top}"


def _letters(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def most_similar(name: str, known: Sequence[str], cutoff: float) -> str | None:
    """Return the known name most similar to the given one as both are spelt, None where none is close."""
    matches = get_close_matches(name, known, 1, cutoff)
    return matches[0] if matches else None
