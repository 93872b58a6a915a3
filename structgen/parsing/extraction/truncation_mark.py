"""Find the mark by which a log or a tool says that it left out the end of a text."""

from __future__ import annotations

import re

from jsonpointer import resolve_pointer

from structgen.parsing.tolerant.parse_result import Alternative, Fix, ParseResult

_WORDS = ("truncat", "omitted", "elided", "clipped", "cut off", "cut-off", " more ")
"""One of them is in every mark: a quick check before the pattern."""
_NO_MARK_ENDS, _MARK_ENDS = frozenset('}"'), frozenset("])>")
"""Characters at the end of a text that no mark has, and that a mark without dots has."""
_UNIT = r"(?:character|char|byte|token|word|line|item|row|element|entr|result|record|message|key|field)\w*"
_SAYING = rf"\b(?:truncated|truncation|omitted|elided|clipped|cut[ -]off|more {_UNIT}|\d[\d,.]* more)\b"
_DOTS = r"(?:(?<!\.)\.{3,9}|…)"
_INSIDE = r"[^\[\](){}<>\"'\n]{0,60}"
_MARK = re.compile(
    rf"(?:{_DOTS}\s{{0,3}})?(?:\[{{1,3}}|\(|<{{1,3}})(?={_INSIDE}?{_SAYING}){_INSIDE}(?:\]{{1,3}}|\)|>{{1,3}})\Z"
    rf"|{_DOTS}\s{{0,3}}(?=(?:[\w,]+ ){{0,4}}{_SAYING}){_INSIDE}\Z",
    re.IGNORECASE,
)
_LONGEST = 160
"""Characters of the longest mark."""
_COST_OF_TEXT = 1.0
"""Cost of the reading in which a mark is part of a text."""


def truncation_mark(text: str) -> Fix | None:
    """Return the fix that leaves out the mark at the end of a text, None for a text without one."""
    end = text[-1:]
    if end in _NO_MARK_ENDS or not (end in _MARK_ENDS or end.isspace() or "..." in text or "…" in text):
        return None
    tail = text[-_LONGEST:].lower()
    if not any(word in tail for word in _WORDS):
        return None
    stripped = text.rstrip()
    match = _MARK.search(stripped, max(0, len(stripped) - _LONGEST))
    if match is None:
        return None
    start = len(stripped[: match.start()].rstrip())
    return Fix("ellipsis", start, len(text)) if start else None


def with_mark(result: ParseResult, mark: Fix, text: str) -> ParseResult:
    """Return the reading of what stands before a mark with its fix; the mark may be the end of a string."""
    marked = result._replace(fixes=(*result.fixes, mark))
    if result.cut_at is None:
        return marked
    value = resolve_pointer(result.value, result.cut_at, None)
    if not isinstance(value, str) or not text.endswith(value[-8:] or '"', 0, mark.start):
        return marked
    other = Alternative(result.cut_at, value + text[mark.start :], _COST_OF_TEXT)
    return marked._replace(alternatives=(*result.alternatives, other))
