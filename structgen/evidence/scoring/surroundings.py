"""What stands around a place: does its text begin and end there, and does a label stand nearby."""

from __future__ import annotations

import re
from collections.abc import Collection

LABEL_REACH = 160
"""Characters before a place in which its label may stand."""
LABEL_AFTER = 60
"""Characters after a place, up to the end of its line, in which its label may stand."""
STEM = 5
"""Letters by which words of a label are compared: `charges` and `charge` are one word."""
_OPENING = " \u00a0\u3000*\"'“”‘’«»„([{<#•·-–—○●■□◦▪►✓☒☑"
_CLOSING = " \u00a0\u3000*\"'“”‘’«»)]}>"
_ENDS = ".,;:!?|。、，；：！？…"
_WORDS = re.compile(r"[^\W\d_]{2,}|\d+")


def begins_clean(text: str, start: int) -> float:
    """Return 1 where no text stands before a place on its line, or a mark of punctuation; else 0.

    0.5 stands for a line's end within a running text.
    """
    if _joins(text, start - 1, start - 2, start):
        return 0.0
    at = start - 1
    while at >= 0 and text[at] in _OPENING:
        at -= 1
    if at < 0 or text[at] == "\f":
        return 1.0
    if text[at] in "\n\r\t":
        return _line_break(text, at)
    if start - 1 - at >= 3 and text[at + 1 : start].isspace():
        return 1.0
    if text[at] in ",，、":
        return 0.7
    return 1.0 if text[at] in _ENDS or text[at] in "=<>" else 0.0


def _joins(text: str, mark: int, beyond: int, inside: int) -> bool:
    """Whether a place is a piece of a number, a time or a date: digits go on beyond it, or beyond a mark."""
    if not 0 <= mark < len(text) or not 0 <= inside < len(text) or not text[inside].isdigit():
        return False
    if text[mark].isdigit():
        return True
    return text[mark] in ":/.,-" and 0 <= beyond < len(text) and text[beyond].isdigit()


def _line_break(text: str, at: int) -> float:
    if text[at] == "\t":
        return 1.0
    before = text[max(0, at - 80) : at].rstrip("\r ")
    if not before or before[-1] in "\n\f":
        return 1.0
    line = before.rsplit("\n", 1)[-1]
    is_running = len(line) > 45 and (before[-1].isalpha() or before[-1] in ",-")
    return 0.5 if is_running else 1.0


def ends_clean(text: str, end: int) -> float:
    """Return 1 where a place ends its line or a mark of punctuation follows; 0 where the text goes on."""
    if _joins(text, end, end + 1, end - 1):
        return 0.0
    at = end
    while at < len(text) and text[at] in _CLOSING:
        at += 1
    if at >= len(text) or text[at] in "\f\t":
        return 1.0
    if text[at] in "\r\n":
        following = text[at : at + 6].lstrip("\r\n ")
        line_start = text.rfind("\n", 0, end) + 1
        is_running = end - line_start > 45 and following[:1].islower()
        return 0.5 if is_running else 1.0
    if at - end >= 3:
        return 1.0
    if text[at] in ",，、;":
        return 0.7
    return 1.0 if text[at] in _ENDS or text[at] in "<=" else 0.0


def label_share(text: str, start: int, end: int, label: Collection[str]) -> float:
    """Return the share of a label's words that stand before a place, or after it on its line."""
    if not label:
        return 0.0
    line_end = text.find("\n", end, end + LABEL_AFTER)
    after = text[end : line_end if line_end >= 0 else end + LABEL_AFTER]
    around = text[max(0, start - LABEL_REACH) : start] + " " + after
    present = {word[:STEM] for word in _WORDS.findall(around.casefold())}
    return sum(word[:STEM] in present for word in label) / len(label)
