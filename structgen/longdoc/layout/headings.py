"""Headings: which lines are, of which form, and which stand above a line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection

from structgen.longdoc.layout.anchors import label_of, number_of, titled_number
from structgen.longdoc.layout.line_words import is_note, is_page_number, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines

NEAR = 8
"""Lines above a run among which its heading is looked for."""
MAX_LENGTH = 100
_MARKS = re.compile(r"(#{1,6})\s")
_FRAME = re.compile(r"(?:[=*~_-]{2,}|\[|<)\s?\S.*?(?:[=*~_-]{2,}|\]|>)")

_ABBREVIATED = re.compile(r"\b(?:inc|ltd|co|corp|bros|jr|sr|[^\W\d_]\.[^\W\d_])\.$", re.IGNORECASE)
"""A name's last word: its full stop ends no sentence."""


def heading_form(lines: Lines, line: int, apart: Collection[int] = ()) -> str | None:
    """Return the form of a heading: its marks, its label, or `plain`; None for another line."""
    text = lines[line]
    if line in apart or len(text) > MAX_LENGTH or is_rule(text) or is_page_number(text):
        return None
    if marks := _MARKS.match(text):
        return marks.group(1)
    if _FRAME.fullmatch(text):
        return text[0] if text[0] in "[<" else text[:2]
    if is_summary(text) or is_note(text) or "\t" in text or "|" in text or "   " in text:
        return None
    if titled := titled_number(text):
        return f"{titled[0]} 1"
    if label := label_of(text):
        return f"{label}:"
    if number_of(text) is not None:
        return "1."
    if (text.endswith((".", ",", ";", "?", "!")) and not _ABBREVIATED.search(text)) or len(text.split()) > 10:
        return None
    below = line + 1 < len(lines) and (lines.is_apart(line + 1) or is_rule(lines[line + 1]))
    return "plain" if below or line == 0 or lines.is_apart(line) else None


def coarse_form(form: str) -> str:
    """Return the form of a heading without its words: `Oslo 1` and `Lima` are both plain."""
    return ":" if form.endswith(":") else "plain" if form.endswith(" 1") else form


def heading_above(lines: Lines, line: int, floor: int, apart: Collection[int] = ()) -> int | None:
    """Return the nearest heading above a line, not above `floor`."""
    for above in range(line - 1, max(floor, line - NEAR) - 1, -1):
        if heading_form(lines, above, apart) is not None and not is_fact(lines, above):
            return above
    return None


def is_fact(lines: Lines, line: int) -> bool:
    """Return whether a label and its value stand among others: they say something of the whole document."""
    label = label_of(lines[line])
    above = line > 0 and not lines.is_apart(line)
    below = line + 1 < len(lines) and not lines.is_apart(line + 1)
    near = [line - 1] * above + [line + 1] * below
    return label is not None and any(label_of(lines[at]) not in {None, label} for at in near)


Marked = list[tuple[int, int, int]]
"""Markdown's headings: the line, the level, and the index of the heading that each stands under, or -1."""


def marked_headings(lines: Lines) -> Marked:
    """Return Markdown's headings in document order."""
    found: Marked = []
    for line in range(len(lines)):
        if lines.source[lines.starts[line]] == "#" and (marks := _MARKS.match(lines[line][:10])):
            level = len(marks.group(1))
            above = len(found) - 1
            while above >= 0 and found[above][1] >= level:
                above = found[above][2]
            found.append((line, level, above))
    return found


def enclosing(marked: Marked, line: int) -> list[int]:
    """Return Markdown's headings that a line stands under, from the outermost."""
    path = []
    at = bisect_left(marked, (line,)) - 1
    while at >= 0:
        path.append(marked[at][0])
        at = marked[at][2]
    return path[::-1]
