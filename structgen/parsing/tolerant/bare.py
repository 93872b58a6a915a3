"""Read text without quotes, and regular expressions."""

from __future__ import annotations

import re

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.closing import end_text
from structgen.parsing.tolerant.constants import CONSTANTS, read_constant, read_cut_constant
from structgen.parsing.tolerant.escapes import read_escapes
from structgen.parsing.tolerant.numbers import NUMBER_PARTS, number_of
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.patterns import AFTER_CLOSING, NEXT_KEY
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

_NUMBER_WORDS = frozenset(("NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "nan"))
_REGEX = re.compile(r"/(?![/*])(?:\\.|[^/\\\n])+/[a-z]*(?=\s*(?:[,\]}]|\Z))")
_SIMPLE = re.compile(r"[^\s\"'{}\[\],;]+|[^\W\d_]+(?: [^\W\d_]+)*")
"""Text without quotes that can hardly be anything but a string: one token, or words of letters alone."""
_STOP = re.compile(r"[,;\]}\n()\[{\"'`”’]|\s//|\s#|/\*|<\|")
_CLEAN_MEMBER = re.compile(
    rf"(?:,{NEXT_KEY}|\}}{AFTER_CLOSING}|\n{NEXT_KEY}|\n\s*\}}|,\s*+\}}|,\s*\Z|;{NEXT_KEY})"
)
_CLEAN_AFTER_QUOTE = re.compile(rf"\s*+(?:,{NEXT_KEY}|\}}{AFTER_CLOSING}|\n{NEXT_KEY}|,\s*\}}|,\s*\Z)")
_CLEAN_ITEM_AFTER_QUOTE = re.compile(rf"\s*+(?:,\s*+[\"'{{\[\d-]|\]{AFTER_CLOSING}|,\s*\])")
_EQUALS_MEMBER = re.compile(r"[,\n]\s*[A-Za-z_$][\w.$-]*\s*=(?![=>])")
_STRAY_BEFORE_VALUE = re.compile(
    r"(?P<mark>(?:[^\w\s\"'{}\[\](\\]{1,4}|\d{1,4}[.):]|[a-z]\))\s*(?=[\"'{\[]))"
    r"|[^\W\d_][^\n\"'{}\[\],:;=()]{0,120}(?:[ \t:.\-]+|\s*\n\s*)(?=[\"{\[])"
    r"|[^\W\d_][^\n\"'{}\[\]=()]{0,160}\s*(?=\{)"
)
"""A mark, a number or words before a value."""
_SKIP_COSTS = {",": 0.8, "\n": 1.0, ";": 0.6}
_SKIP_BRACKET = 2.5
_MAX_STOPS = 500
"""Marks in a text without quotes, of which the last ends it: many such texts would each read all the rest."""
_MAX_SKIPPED = 50
"""Commas, line ends and brackets that one text without quotes may go on behind."""


def read_bare(scan: Scan, reading: Reading) -> None:
    """Read a constant, a regular expression, or text without quotes."""
    text, at = scan.text, reading.at
    if text[at] == "/" and (regex := _REGEX.match(text, at)):
        scan.put_replaced(reading, "quotes", regex.end(), regex[0], costs.CALL)
        return
    if read_constant(scan, reading) or read_cut_constant(scan, reading):
        return
    if text[at : at + 3] in ("-", "- ", "+"):
        if reading.frame is None:
            reading.cost = costs.UNREAD
        else:
            end_text(scan, reading)
        return
    reading.cost += fork_stray(scan, reading)
    reading.start, reading.back, reading.phase = at, reading.phase, r.BARE
    reading.inner_open, reading.quotes = False, 0
    read_on(scan, reading)


def read_on(scan: Scan, reading: Reading) -> None:
    """Read to the next place where the text without quotes may end, and end it there, or fork."""
    text, depth = scan.text, 0
    is_member = reading.back == r.VALUE
    for number, match in enumerate(_STOP.finditer(text, reading.at)):
        c = match[0][0]
        if depth and c not in "([{)]}\n" and number != _MAX_STOPS:
            continue
        stop = match.start()
        if number == _MAX_STOPS:
            _end(scan, reading, stop, stop)
            return
        if c in "([{":
            depth += 1
        elif depth and c in ")]}":
            depth -= 1
        elif c == ")":
            if reading.frame is not None and reading.frame.closing == ")":
                _end(scan, reading, stop, stop)
                return
        elif c in "\"'`”’":
            if stop > reading.start and _fork_lost_quote(scan, reading, stop):
                return
        elif _stops(scan, reading, stop, c, is_member=is_member):
            return
    _end(scan, reading, scan.end, scan.end)


def _fork_lost_quote(scan: Scan, reading: Reading, at: int) -> bool:
    """End the text at a quote whose opening one was lost; whether it ended there."""
    if reading.frame is None:
        return False
    clean = _CLEAN_AFTER_QUOTE if reading.frame.is_object else _CLEAN_ITEM_AFTER_QUOTE
    if clean.match(scan.text, at + 1) is None:
        return False
    if scan.text.count(scan.text[at], reading.start, at) % 2:  # the second quote of a pair
        return False
    reading.cost += costs.MISSING_OPENING_QUOTE
    _end(scan, reading, at, at + 1)
    return True


def _stops(scan: Scan, reading: Reading, stop: int, c: str, *, is_member: bool) -> bool:
    """End the text before `c`, and let another reading go on behind it; False where the text goes on."""
    text, frame = scan.text, reading.frame
    if frame is None:
        if c in "\n,":
            _end(scan, reading, stop, stop)
            return True
        return False
    if c == ";" and not (is_member and _CLEAN_MEMBER.match(text, stop)):
        return False
    if is_member:
        clean = c in "]" or _CLEAN_MEMBER.match(text, stop) is not None or c not in ",\n}"
        if (
            not clean
            and c in ",\n"
            and text[max(0, reading.start - 9) : reading.start].rstrip()[-1:] == "="
            and _EQUALS_MEMBER.match(text, stop)
        ):
            clean = True
        if c == "\n" and not clean:
            reading.cost += _SKIP_COSTS[c]
            return False
    else:
        clean = True
    if not clean and reading.quotes < _MAX_SKIPPED:
        other = scan.fork(reading, _SKIP_COSTS.get(c, _SKIP_BRACKET))
        other.at, other.quotes = stop + 1, reading.quotes + 1
    _end(scan, reading, stop, stop)
    return True


def _end(scan: Scan, reading: Reading, stop: int, end: int) -> None:
    """Take the text up to `stop` for the value, and go on at `end`."""
    text, start = scan.text, reading.start
    raw = text[start:stop].rstrip()
    reading.phase = reading.back
    if not raw:
        reading.cost = costs.UNREAD
        return
    lost_quote = end > stop
    reading.at = start
    if not lost_quote:
        end = start + len(raw)
        if raw in CONSTANTS and reading.frame is not None:
            scan.put_replaced(reading, "literal", end, CONSTANTS[raw], costs.LITERAL)
            return
    elif NUMBER_PARTS.fullmatch(raw) and (number := number_of(raw)) is not None:
        scan.put_replaced(reading, "quotes", end, number, costs.STRAY_QUOTE)
        return
    string = raw[:-1] if raw[-1] in "\"'" and raw.count(raw[-1]) % 2 and not lost_quote else raw
    if lost_quote or string != raw:
        string = read_escapes(string).value
    kind: FixKind = "quotes" if _SIMPLE.fullmatch(raw) or lost_quote else "unquoted-end"
    if raw in _NUMBER_WORDS:
        kind = "number-word"
    cost = costs.BARE_VALUE + (costs.BARE_WORDS if " " in raw else 0)
    if stop == scan.end and reading.frame is not None:
        reading.events.append((r.MARK_CUT,))
    scan.put_replaced(reading, kind, end, string, cost)


def fork_stray(scan: Scan, reading: Reading) -> float:
    """Let another reading leave out what stands before a value; return what it costs to read it as text."""
    stray = _STRAY_BEFORE_VALUE.match(scan.text, reading.at)
    if stray is None or reading.frame is None:
        return 0.0
    if "," in stray[0] and not reading.frame.count:
        return 0.0
    if stray["mark"]:
        other = scan.fork(reading, 0.0)
        scan.drop(other, stray.end(), costs.STRAY_MARK)
        return costs.VALUE_IN_TEXT
    several = " " in stray[0].strip() and scan.text[stray.end()] not in "{[" and reading.phase == r.VALUE
    other = scan.fork(reading, 0.0)
    scan.drop(other, stray.end(), costs.STRAY_WORD + (costs.BARE_WORDS if several else 0.0))
    return 0.0 if several else costs.VALUE_IN_TEXT
