"""End a string at a place, and go on behind it."""

from __future__ import annotations

import re

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant.quotes import QUOTES
from structgen.parsing.tolerant.raw_string import RawString
from structgen.parsing.tolerant.readings import (
    AFTER,
    COLON,
    CONCATENATED,
    DONE,
    FIX,
    KEY,
    MARK_CUT,
    NO_COMMA,
    PUT_STRING,
    STRING,
    Reading,
)
from structgen.parsing.tolerant.scan import COMMENT, Scan, expected_value, scalar_cost

_new = tuple.__new__
"""Makes a named tuple in a third of the time that its class takes."""
_SPECIAL = re.compile(r'[\\"\x00-\x1f]')

_PLUS = re.compile(rf"(?:\s|{COMMENT.pattern})*\+(?:\s|{COMMENT.pattern})*(?=[{QUOTES}])", re.DOTALL)

_QUOTE_AND_BRACKET = re.compile(r"""["'][\s\]},]*[\]},\n]""")
_QUOTE_AT_END = re.compile(r"""["'][\s,=>:]*\s\Z""")
_MAX_LOOKED_AT = 2000
_MAX_KEY = 200
"""Characters of an item that may be a key: a colon may follow it."""


def end_string(
    scan: Scan, reading: Reading, stop: int, end: int, *, closed: bool = True, cut: bool = False
) -> None:
    """Take the characters from the opening quote to `stop` for the string, and go on at `end`."""
    text, start, quote, back = scan.text, reading.start, reading.quote, reading.back
    is_json = closed and quote == '"' == text[end - 1]
    if not is_json:
        reading.cost += costs.OTHER_QUOTES
    if text.find("\n", start, stop) >= 0:
        reading.cost += costs.RAW_LINE_END
    if reading.quotes:
        reading.cost += _swallowing_cost(text, start, stop, is_key=back == KEY)
    string = _new(RawString, (start, stop, end, quote, closed, cut))
    if back == KEY:
        raw = text[start:stop]
        if (raw and not is_json) or _SPECIAL.search(raw):
            key, _, fix = string.read(text, trusted=True)
            if fix is not None:
                # A backslash in a key is hardly meant: `date\_range`.
                reading.events.append((FIX, *fix[:4], "\\" in key))
        else:
            key = raw
        reading.phase, reading.key, reading.key_at, reading.at = COLON, key, start - 1, end
        return
    if cut:
        reading.events.append((MARK_CUT,))
    reading.events.append((PUT_STRING, string, back == CONCATENATED))
    reading.at = end
    frame = reading.frame
    if frame is not None:
        if frame.expect is not None and (expect := expected_value(reading)) is not None:
            reading.cost += scalar_cost(expect, text[start:stop] if expect.choices is not None else "")
        if not frame.is_object:
            reading.key, reading.key_at = text[start:stop] if stop - start < _MAX_KEY else None, start - 1
        frame.count += 1
        reading.phase, reading.comma_at = AFTER, NO_COMMA
    else:
        reading.phase = DONE
    if scan.has_plus and text[end : end + 1] not in "\"'},]" and (plus := _PLUS.match(text, end)):
        _begin_concatenated(scan, reading, plus.end())


def _swallowing_cost(text: str, start: int, stop: int, *, is_key: bool) -> float:
    """Return what it costs that a string holds quotes together with brackets, or ends behind one."""
    raw = text[start : min(stop, start + _MAX_LOOKED_AT)]
    if is_key:
        return costs.SWALLOWED_BRACKETS if _QUOTE_AND_BRACKET.search(raw) else 0.0
    return costs.MISSING_CLOSING_QUOTE if _QUOTE_AT_END.search(raw) else 0.0


def _begin_concatenated(scan: Scan, reading: Reading, at: int) -> None:
    """Begin to read the string at `at`, which `+` adds to the one before."""
    scan.replace(reading, "concatenation", at, "", costs.CALL)
    reading.start, reading.quote, reading.inner_open, reading.quotes = at + 1, scan.text[at], False, 0
    reading.back, reading.phase, reading.at = CONCATENATED, STRING, at + 1
