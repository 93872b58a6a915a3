"""Texts without brackets: a scalar alone, or words on lines or with commas between."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen import json_text
from structgen.parsing.tolerant.parse_result import Fix, Reading, Unreadable, moved
from structgen.parsing.tolerant.parser import Lenient
from structgen.parsing.tolerant.strings import QUOTES

_LINES = re.compile(r"[^\s{}\[\]\":,(][^{}\[\]\":,\n]*(?:[\n,]+[^\s{}\[\]\":,][^{}\[\]\":,\n]*)+[\n,]*\s*\Z")
_FENCED = re.compile(r"\s*(?P<opening>```)[ \t]*[\w.+-]*[ \t]*\n(.*?)(?P<closing>```)\s*", re.DOTALL)


def words(text: str, start: int) -> Iterator[Reading]:
    """A scalar alone, or a list of them, one on a line or with commas between; in a fence or without."""
    at, end = start, len(text)
    marks: tuple[Fix, ...] = ()
    if fenced := _FENCED.fullmatch(text, start):
        at, end = fenced.span(2)
        marks = (Fix("fence", fenced.start("opening"), at), Fix("fence", end, fenced.end("closing")))
    inner = text[at:end].strip()
    if not inner or inner.startswith("```"):
        return
    if _LINES.match(inner) and len(inner) < 10_000:
        items = [part.strip() for part in re.split(r"[\n,]+", inner) if part.strip()]
        values = [item if (found := _scalar(item)) is None else found.value for item in items]
        if all(" " not in item for item in items):
            yield Reading(values, at, end, (*marks, Fix("bracket", at, end, json_text.dumps(values))))
    word = inner.rstrip(" ,")
    begins = text.index(word, at)
    if (found := _scalar(word)) is None:
        yield Reading(word, at, end, (*marks, Fix("unquoted", at, end, json_text.dumps(word))))
    else:
        there = moved(found, begins)
        spare = [Fix("comma", begins + len(word), begins + len(inner))] if word != inner else []
        around = ((at, begins), (begins + len(inner), end))
        spare += [Fix("white-space", a, b) for a, b in around if text[a:b].strip(" \t\r\n")]
        yield there._replace(fixes=(*marks, *there.fixes, *spare))


def _scalar(word: str) -> Reading | None:
    """What the whole word reads as, where that is a scalar."""
    try:
        reading = Lenient(word).read()
    except Unreadable:
        return None
    bare = isinstance(reading.value, str) and word[0] not in QUOTES
    whole = reading.end == len(word) and not isinstance(reading.value, dict | list)
    return reading if whole and not bare else None
