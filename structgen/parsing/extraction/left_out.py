"""Account for the text after or before a value: prose, spare brackets, or rows that belong to the value."""

from __future__ import annotations

import re

from structgen.parsing.tolerant.parse_result import Dropped, Fix

_SPARE = " \t\r\n,;]})`"
_CONTINUATION = re.compile(
    r"[\s\]})]*+,\s*+(?=[{\[]|\"(?:[^\"\\\n]|\\.){0,100}+\"\s*+:|[A-Za-z_$][\w$-]{0,60}+\s*+:)"
)
"""What precedes another row or member: a comma, perhaps after brackets that close too early."""
_CONTINUED = re.compile(r"[\]}]\s*+[\s\]})]*+,[\s\[{(]*+\Z")
_BEFORE = 200


def trailing(text: str, at: int, after_container: bool = True) -> tuple[list[Fix], list[Dropped]]:
    """Return the fix that leaves out the text from `at`, and the rows or members that are lost there.

    A row directly after a comma continues the value, so that it is lost; brackets in a sentence are prose.
    """
    rest = text[at:]
    if not rest.strip():
        return [], []
    if not rest.strip(_SPARE):
        return [Fix("bracket", at, len(text))], []
    fixes = [Fix("prose", at, len(text))]
    if after_container and (continuation := _CONTINUATION.match(text, at)):
        start = continuation.end()
        return fixes, [Dropped(start, len(text), text[start:], "", is_loss=True)]
    return fixes, []


def dropped_before(text: str, at: int) -> list[Dropped]:
    """Return the rows before a value that a comma joins to it."""
    start = max(0, at - _BEFORE)
    if _CONTINUED.search(text, start, at) is None:
        return []
    opening = min((i for i in (text.find("{", 0, at), text.find("[", 0, at)) if i >= 0), default=start)
    return [Dropped(opening, at, text[opening:at], "", is_loss=True)]
