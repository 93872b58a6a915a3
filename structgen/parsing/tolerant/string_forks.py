"""Fork a reading at a quote of a string: it may be part of the string, be missing, or be of another kind."""

from __future__ import annotations

import json
import re

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.patterns import AFTER_CLOSING, NEXT_KEY
from structgen.parsing.tolerant.quotes import QUOTES, SINGLE_QUOTES, closing_quotes
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan
from structgen.parsing.tolerant.string_end import end_string

_SCALAR = r"(?:-?\d[\d.eE+-]{0,30}+|true|false|null|True|False|None)"

_CLEAN_MEMBER = re.compile(rf"\s*+(?:,{NEXT_KEY}|,?\s*+\}}{AFTER_CLOSING})")

_CLEAN_ITEM = re.compile(
    rf"""\s*+(?:,\s*+(?:"(?:[^"\\]|\\.){{0,300}}+"\s*+[,\]]|'(?:[^'\\]|\\.){{0,300}}+'\s*+[,\]]|[{{\[]|{_SCALAR}\s*+[,\]])"""
    rf"|,?\s*+\]{AFTER_CLOSING})"
)

_CLEAN_KEY = re.compile(r"\s*+[:：](?!:)")

_CLEAN_TOP = re.compile(rf"\s*+(?:\Z|[,;]|\n|\+\s*[{QUOTES}])")

_BARE_KEY_BEFORE = re.compile(r"[,;]\s*[A-Za-z_$][\w$-]{0,60}\s*:\s*\Z")

_COMMENT_BEFORE = re.compile(r"/\*[^*]{0,100}\*/\s*\Z")

KEY_END = re.compile(r"[^\n\"{}\[\],]{0,80}?(?=\s*[:：])")

_CLOSERS_AT_END = re.compile(r"[\s}\]`;,]+\Z")

_NEXT_MEMBER = re.compile(rf"\s*[,\n](?={NEXT_KEY})")

_ITEM_END = re.compile(r"\s*[,\]\n]")

_LOOKBACK = 200
"""Characters before a quote in which a missing quote may have stood."""

_ANY_QUOTE = re.compile(rf"\\?[{QUOTES}]")

_decoder = json.JSONDecoder()


def is_clean(scan: Scan, reading: Reading, at: int) -> bool:
    """Whether what follows the quote at `at` leaves no doubt that it ends the string."""
    text = scan.text
    if reading.back == r.KEY:
        return _CLEAN_KEY.match(text, at + 1) is not None and "\n" not in text[reading.start : at]
    if reading.frame is None:
        return _CLEAN_TOP.match(text, at + 1) is not None
    clean = _CLEAN_MEMBER if reading.frame.is_object else _CLEAN_ITEM
    return clean.match(text, at + 1) is not None


def fork_inner_quote(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading take the quote at `at` for a part of the string."""
    text = scan.text
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    inner_open = reading.inner_open
    begins = (bool(after.strip()) and after not in ",]}:") or text[at + 2 : at + 3] == text[at]
    opens = begins and (at == reading.start or before in " \t\n([{=:,>-/\\")
    closes = not before.isspace() and (not after.strip() or not (after.isalnum() or after in "_{["))
    if reading.quote in SINGLE_QUOTES and before.isalpha() and after.isalpha():
        cost = costs.INNER_CLOSING_QUOTE
    elif inner_open and closes:
        cost, inner_open = costs.INNER_CLOSING_QUOTE, False
    elif inner_open and (after in ",.;:)]}" or after.isspace()):
        cost, inner_open = 2 * costs.INNER_CLOSING_QUOTE, False
    elif opens and not inner_open:
        cost, inner_open = costs.INNER_OPENING_QUOTE, True
    elif before.isdigit():
        cost = costs.INNER_INCHES
    else:
        cost = costs.INNER_QUOTE
    other = scan.fork(reading, cost)
    other.at, other.inner_open, other.quotes = at + 1, inner_open, reading.quotes + 1


def fork_missing_quote(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading end the string before the quote at `at`, which then opens the next string."""
    text, start = scan.text, reading.start
    if reading.back == r.KEY:
        if end := KEY_END.match(text, start, at):
            end_missing(scan, reading, end.end())
        return
    if reading.frame is None:
        return
    head = text[max(start, at - _LOOKBACK) : at]
    if head[-2:].rstrip()[-1:] in (":", "/"):  # a bare key, or a comment, before the quote
        head = _COMMENT_BEFORE.sub("", _BARE_KEY_BEFORE.sub("", head))
    bare = head.rstrip(" \t\r\n,;}][{")
    marks = text[max(start, at - _LOOKBACK) + len(bare) : at]
    if not marks.strip(" \t\r[{"):
        return
    stop = max(start, at - _LOOKBACK) + len(bare)
    if marks[0] in "}]" and ("{" in head or "[" in head):  # the bracket may be part of the string
        end_missing(scan, reading, stop + len(marks) - len(marks.lstrip("}]")))
    end_missing(scan, reading, max(stop, reading.at if reading.at > start else start))


def end_missing(scan: Scan, reading: Reading, stop: int) -> None:
    """Let another reading end the string at `stop`, where its quote is missing."""
    if reading.start < stop or reading.back != r.KEY:
        other = scan.fork(reading, costs.MISSING_CLOSING_QUOTE)
        end_string(scan, other, stop, stop, closed=False)


def fork_other_quote(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading end the string at a quote of another kind, or at one with a backslash."""
    text, start = scan.text, reading.start
    own = closing_quotes(reading.quote)
    for match in _ANY_QUOTE.finditer(text, start, min(at, start + _LOOKBACK)):
        stop = match.start()
        c = text[match.end() - 1]
        escaped = match[0][0] == "\\"
        if (c in own) == escaped and is_clean(scan, reading, match.end() - 1):
            other = scan.fork(reading, costs.MIXED_QUOTES)
            keeps = escaped and "\\" in text[start:stop]
            end_string(scan, other, stop + keeps, match.end())
            return


def fork_comma_in_quotes(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading take the comma before the quote at `at` for the one behind the string."""
    if reading.frame is None:
        return
    other = scan.fork(reading, costs.COMMA_IN_QUOTES)
    end_string(scan, other, at - 1, at + 1)
    other.phase, other.comma_at = (r.KEY if reading.frame.is_object else r.ITEM), r.NO_COMMA


def fork_embedded(scan: Scan, reading: Reading) -> None:
    """Let another reading take JSON whose quotes are not escaped for the string."""
    try:
        _, end = _decoder.raw_decode(scan.text, reading.start)
    except (ValueError, RecursionError):
        return
    if scan.text[end : end + 1] == reading.quote and is_clean(scan, reading, end):
        other = scan.fork(reading, costs.EMBEDDED_JSON)
        end_string(scan, other, end, end + 1)


def fork_missing_at_end(scan: Scan, reading: Reading, frame: Frame) -> None:
    """Let other readings end the string before the brackets at the text's end, or before a comma."""
    text, start = scan.text, reading.start
    closers = _CLOSERS_AT_END.search(text, max(start, scan.end - _LOOKBACK))
    end = (_NEXT_MEMBER if frame.is_object else _ITEM_END).search(text, start)
    stop = end.start() if end else -1
    extra = penalty = 0.0
    if closers and frame.closing and (at := text.find(frame.closing, closers.start())) >= 0:
        if "," in text[start : closers.start()] and (not frame.is_object or end is not None):
            extra = costs.SWALLOWED_ITEM
        if not text[closers.start() : at].strip(" \t\r\n,;"):
            other = scan.fork(reading, costs.MISSING_CLOSING_QUOTE + extra)
            end_string(scan, other, closers.start(), closers.start(), closed=False)
            penalty = costs.SWALLOWED_BRACKETS
    if end and (closers is None or stop != closers.start()):
        other = scan.fork(reading, costs.MISSING_CLOSING_QUOTE)
        end_string(scan, other, stop, stop, closed=False)
    reading.cost += penalty
