"""Lines that go on with a cell in quotes: a cell of CSV may have line breaks."""

from __future__ import annotations

from structgen.longdoc.layout.cells import LONGEST
from structgen.longdoc.layout.lines import Lines

MAX_LINES = 40
"""Lines of a cell; a quote that stays open for longer is none."""


def quoted_lines(lines: Lines, separator: str) -> bytearray:
    """Return 1 for each line that goes on with a cell in quotes which a line above opens."""
    inside = bytearray(len(lines))
    line = 0
    while line < len(lines):
        stop = _end(lines, line, separator) if _is_open(lines[line][:LONGEST], separator) else line
        inside[line + 1 : stop + 1] = b"\x01" * (stop - line)
        line = stop + 1
    return inside


def _is_open(text: str, separator: str) -> bool:
    """Return whether the last cell in quotes has no closing quote; `3"` opens none."""
    start = 0
    while start < len(text):
        bare = start
        while text.startswith(" ", bare):
            bare += 1
        if text.startswith('"', bare):
            close = _closing(text, bare + 1)
            if close < 0:
                return True
            bare = close
        start = text.find(separator, bare) + 1
        if not start:
            return False
    return False


def _closing(text: str, start: int) -> int:
    """Return the place of the next quote that is not doubled; -1 without one."""
    at = text.find('"', start)
    while at >= 0 and text.startswith('"', at + 1):
        at = text.find('"', at + 2)
    return at


def _end(lines: Lines, first: int, separator: str) -> int:
    """Return the line in which a cell ends that a line opens; that line itself where none follows soon."""
    for line in range(first + 1, min(first + 1 + MAX_LINES, len(lines))):
        text = lines[line][:LONGEST]
        close = _closing(text, 0)
        if close < 0:
            continue
        after = text[close + 1 :].lstrip(" ")
        if after and not after.startswith(separator):
            return first
        if not _is_open(after[1:], separator):
            return line
    return first
