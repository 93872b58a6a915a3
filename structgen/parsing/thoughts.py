"""What a model thought before it answered."""

from __future__ import annotations

import re

_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)


def thoughts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where what a model thought stands, its marks included."""
    found: list[tuple[int, int]] = []
    endless: set[str] = set()
    at = start
    if (ends := _THOUGHT_ENDS.search(text, start, end)) and not _THOUGHT.search(text, start, ends.start()):
        found.append((start, at := ends.end()))  # its beginning stood in the prompt
    while len(endless) < 3 and (opening := _THOUGHT.search(text, at, end)):
        at, mark = opening.end(), opening[0].replace("<", "</")
        close = -1 if mark in endless else text.find(mark, at, end)
        if close < 0:
            endless.add(mark)
        else:
            at = close + len(mark)
            found.append((opening.start(), at))
    return found
