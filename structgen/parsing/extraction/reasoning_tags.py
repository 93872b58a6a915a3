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
    if (ends := _THOUGHT_ENDS.search(text, start, end)) and _unopened(text, start, ends, end):
        found.append((start, at := ends.end()))
    while len(endless) < 3 and (opening := _THOUGHT.search(text, at, end)):
        at, mark = opening.end(), opening[0].replace("<", "</")
        close = -1 if mark in endless else text.find(mark, at, end)
        if close < 0:
            endless.add(mark)
        else:
            at = close + len(mark)
            found.append((opening.start(), at))
    return found


def _unopened(text: str, start: int, ends: re.Match[str], end: int) -> bool:
    """Whether a mark ends a thought that began in the prompt: in no string, and before an answer."""
    before, after = text[start : ends.start()], text[ends.end() : end]
    line = before[before.rfind("\n") + 1 :]
    if _THOUGHT.search(before) or not after.strip() or after[0] in "\"'" or len(_QUOTE.findall(line)) % 2:
        return False
    return _OPENING.search(after) is not None or _OPENING.search(before) is None


_QUOTE, _OPENING = re.compile(r'(?<!\\)"'), re.compile(r"[{\[]")
