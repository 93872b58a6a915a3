"""Headers of tables in text without columns: titles one blank apart, also over several lines."""

from __future__ import annotations

import re
from collections.abc import Collection

from structgen.longdoc.layout.anchors import label_of
from structgen.longdoc.layout.line_words import is_note, is_page_number, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.layout.titles import title_words

MAX_LINES = 3
"""Lines of a header with the titles one blank apart."""
LONGEST = 160
_DIGIT = re.compile(r"\d")


def named_words(text: str, words: frozenset[str]) -> int:
    """Return how many words of a line are words of the fields' names."""
    return sum(bool(title_words(token) & words) for token in text.split())


def is_title_line(text: str, words: frozenset[str]) -> bool:
    """Return whether a line has the titles of several fields, and little else."""
    if len(text) > LONGEST or " " not in text or text.endswith((".", "?", "!", ",", ";")):
        return False
    if _DIGIT.search(text) or is_rule(text) or label_of(text) is not None:
        return False
    named = named_words(text, words)
    return named >= 2 and 2 * named >= len(text.split())


def titles_above(
    lines: Lines, row: int, words: frozenset[str], apart: Collection[int]
) -> tuple[int, int] | None:
    """Return the header right above the first row, as a range of lines; None where no line names a field."""
    first, named = row, 0
    for line in range(row - 1, max(-1, row - 1 - MAX_LINES), -1):
        text = lines[line]
        if (
            line in apart
            or len(text) > LONGEST
            or is_rule(text)
            or is_page_number(text)
            or _DIGIT.search(text)
        ):
            break
        if is_summary(text) or is_note(text) or label_of(text) is not None or text.endswith((".", "?", "!")):
            break
        found = named_words(text, words)
        if found:
            first, named = line, named + found
        if lines.is_apart(line):
            break
    size = sum(len(lines[line].split()) for line in range(first, row))
    return (first, row) if named >= 2 and 3 * named >= size else None
