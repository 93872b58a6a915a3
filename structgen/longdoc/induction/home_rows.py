"""Rows around the homes of items: their whole lines, and a few beside, where no other item stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structgen.types import Span

MAX_LINES = 3
"""Lines before and after a home's own that may belong to it."""
MAX_BESIDE = 1_000
"""Characters before and after a home that may belong to it."""
_BLANK = re.compile(r"\n[^\S\n]*\n|[\f\v]")


def rows_around(homes: Sequence[Span], text: str) -> list[Span]:
    """Return the rows of homes in document order; none lies over another.

    A row goes on from its home to an empty line, or to what is another home's.
    """
    rows, floor = [], 0
    for number, home in enumerate(homes):
        ceiling = homes[number + 1].start if number + 1 < len(homes) else len(text)
        before = text[max(floor, home.start - MAX_BESIDE) : home.start]
        after = text[home.end : min(ceiling, home.end + MAX_BESIDE)]
        floor = home.end + len(_after(after, is_last=ceiling == len(text)))
        rows.append(Span(home.start - len(_before(before)), floor))
    return rows


def on_whole_lines(rows: Sequence[Span], text: str) -> list[Span]:
    """Return rows in document order with the rest of their lines, where no other row stands there."""
    wider = []
    for number, row in enumerate(rows):
        floor = rows[number - 1].end if number else 0
        ceiling = rows[number + 1].start if number + 1 < len(rows) else len(text)
        start, end = text.rfind("\n", floor, row.start), text.find("\n", row.end, ceiling)
        start = row.start if start < 0 and floor else start + 1
        end = (row.end if ceiling < len(text) else ceiling) if end < 0 else end
        before, after = text[start : row.start].lstrip(), text[row.end : end].rstrip()
        wider.append(Span(row.start - len(before), row.end + len(after)))
    return wider


def _before(text: str) -> str:
    lines = _BLANK.split(text)[-1].split("\n")
    return "\n".join(lines[-MAX_LINES - 1 :]).lstrip()


def _after(text: str, *, is_last: bool) -> str:
    piece, *more = _BLANK.split(text, maxsplit=1)
    lines = piece.split("\n")
    if len(lines) > 1 and not more and not is_last:
        del lines[-1]  # the line of the next home
    return "\n".join(lines[: MAX_LINES + 1]).rstrip()
