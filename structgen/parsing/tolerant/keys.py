"""Read keys and colons, and see from a key whether a bracket before it was lost."""

from __future__ import annotations

import re

from structgen import json_text
from structgen.parsing.tolerant import bare, costs, strings
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.closing import read_closing
from structgen.parsing.tolerant.context import QUOTES
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

_BARE_KEY = re.compile(r"[^:,{}\[\]\n=\"'“”]+")
_QUOTED_BARE_KEY = re.compile(r"([^:,{}\[\]\n=\"'“”\s][^:,{}\[\]\n=\"'“”]*)([\"'”’])(?=\s*[:：])")
_EQUALS_KEY = re.compile(r"([A-Za-z_$][\w.$-]*)\s*(?==(?![=>]))")
_DOUBLED_QUOTES = re.compile(r'"{1,2}([^"\\\n:,]{1,100})"{1,2}(?=\s*[:：])')
_STRAY_BEFORE_KEY = re.compile(r"[^\W\d_][^\n\"{}\[\]:]{0,120}?\s+(?=\"[^\"\n]{0,100}\"\s*:)")
"""Words before a key."""
_ESCAPED_QUOTES = re.compile(r'\\+"([^"\\\n]*)\\*"')
_PREFIX = re.compile(r"[bBuU](?=(?:\"[^\"\n]*\"|'[^'\n]*')\s*:)")
"""Before a string in Python."""
_COLON = re.compile(r":=|[:：﹕]+=?|={1,3}>?|->|→")
_COLON_SUBSTITUTE = re.compile(r"[;,]\s*(?=[\"'{\[\d-]|true|false|null)")
_FENCE = re.compile(r"```[^\n`\"]*\n?")
_KEY_AND_SPACE = re.compile(r"([\w$-]+)\s+(?=[\"'“\d\[{-])")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*,?")
_MAX_CHUNKS = 1000
"""Chunks of a reading in which a repeated key is looked for."""
_WORDS_TO_END = re.compile(r"[^{}\[\]\":]*\Z")
_MARK = re.compile(r"[^\w\s\"'{}\[\],:\\$“”‘’«»`.…]{1,3}[ \t]*(?=[\"'])")
"""A mark before a key."""
_VALUE_WORD = re.compile(r"(?:true|false|null|True|False|None)\b")


def read_key(scan: Scan, reading: Reading, c: str) -> None:
    """Read a key, or what stands in its place."""
    text, at, frame = scan.text, reading.at, reading.frame
    assert frame is not None
    if c == "}" or c in "])":
        read_closing(scan, reading, c)
    elif c in ",，":
        scan.replace(reading, "comma", at + 1, "", costs.SPARE_COMMA)
    elif c in ".…" and (ellipsis := _ELLIPSIS.match(text, at)):
        scan.replace(reading, "ellipsis", ellipsis.end(), "", costs.ELLIPSIS)
    elif text.startswith("```", at) and (fence := _FENCE.match(text, at)):
        scan.replace(reading, "fence", fence.end(), "", costs.FENCE)
    elif c in "{[":
        _bracket_for_key(scan, reading, c)
    elif c == ":":
        scan.drop(reading, at + 1, costs.STRAY_MARK + costs.MISSING_COLON)
    elif c == "\\" and (escaped := _ESCAPED_QUOTES.match(text, at)):
        _take_bare_key(scan, reading, escaped[1], escaped.end(), costs.STRAY_QUOTE)
    elif mark := _MARK.match(text, at):
        scan.drop(reading, mark.end(), costs.STRAY_MARK)
    elif prefix := _PREFIX.match(text, at):
        scan.replace(reading, "key-quotes", prefix.end(), "", costs.LITERAL)
    elif c in QUOTES:
        _read_quoted_key(scan, reading, c)
    else:
        _read_bare_key(scan, reading)


def _read_quoted_key(scan: Scan, reading: Reading, c: str) -> None:
    doubled = _DOUBLED_QUOTES.match(scan.text, reading.at) if c == '"' else None
    if doubled and doubled[0].count('"') > 2 and doubled[1].strip():
        opening = reading.at
        scan.replace(reading, "quotes", doubled.end(), json_text.dumps(doubled[1]), costs.STRAY_QUOTE)
        reading.phase, reading.key, reading.key_at = r.COLON, doubled[1], opening
        return
    strings.read_string(scan, reading, c)


def _read_bare_key(scan: Scan, reading: Reading) -> None:
    text, at = scan.text, reading.at
    if not scan.strict and (stray := _STRAY_BEFORE_KEY.match(text, at)):
        other = scan.fork(reading, 0.0)
        scan.drop(other, stray.end(), costs.STRAY_WORD)
    if equals := _EQUALS_KEY.match(text, at):
        _take_bare_key(scan, reading, equals[1], at + len(equals[1]), costs.BARE_KEY)
        return
    if quoted := _QUOTED_BARE_KEY.match(text, at):
        cost = costs.BARE_KEY + costs.MISSING_OPENING_QUOTE
        _take_bare_key(scan, reading, quoted[1].rstrip(), quoted.end(), cost)
        return
    match = _BARE_KEY.match(text, at)
    if match is None:
        scan.drop(reading, at + 1, costs.STRAY_MARK)
        return
    if match.end() == scan.end:
        reading.key, reading.key_at, reading.at = None, at, scan.end
        if scan.strict:
            scan.drop(reading, at, 0.0)
        return
    raw = match[0].rstrip()
    spaced = _KEY_AND_SPACE.match(text, at)
    follows = text[match.end()]
    if spaced and follows != ":":
        raw = spaced[1]
    elif follows not in ":：=" and not scan.strict:
        _not_a_key(scan, reading, at + len(raw))
        return
    cost = costs.BARE_KEY + (costs.BARE_WORDS + 0.3 * raw.count(" ") if " " in raw else 0.0)
    if " " in raw and not scan.strict:
        word, _, _rest = raw.rpartition(" ")
        other = scan.fork(reading, 0.0)  # a stray word before the key
        scan.drop(other, at + len(word) + 1, costs.STRAY_WORD)
    _take_bare_key(scan, reading, raw, at + len(raw), cost)


def _take_bare_key(scan: Scan, reading: Reading, key: str, end: int, cost: float) -> None:
    opening = reading.at
    scan.replace(reading, "key-quotes", end, json_text.dumps(key), cost)
    reading.phase, reading.key, reading.key_at = r.COLON, key, opening


def _not_a_key(scan: Scan, reading: Reading, end: int) -> None:
    """Read words that no colon follows: an item of a list without brackets, or stray words."""
    if _can_wrap(scan, reading, "a"):
        other = scan.fork(reading, costs.BARE_VALUE)
        wrap(scan, other)
    if _WORDS_TO_END.match(scan.text, reading.at):
        scan.replace(reading, "prose", scan.end, "", costs.STRAY_WORD)
        return
    before_quote = scan.text[end : end + 40].lstrip()[:1] in ('"', "'", "“")
    cost = costs.STRAY_WORD + (0.0 if before_quote else costs.LOST_VALUE - costs.STRAY_WORD)
    scan.drop(reading, end, cost, is_loss=not before_quote)


def _can_wrap(scan: Scan, reading: Reading, c: str) -> bool:
    """Whether the last member's value may be the first item of a list whose next item begins with `c`."""
    frame = reading.frame
    if frame is None or not frame.is_object or frame.count == 0 or reading.comma_at < 0:
        return False
    last = scan.text[max(0, reading.comma_at - 20) : reading.comma_at].rstrip()[-1:]
    if c in "{[":
        return last == ("}" if c == "{" else "]")
    return last in QUOTES if c in QUOTES else last.isalnum()


def wrap(scan: Scan, reading: Reading) -> None:
    """Take the last member's value for the first item of a list without brackets, which is open now."""
    frame = reading.frame
    assert frame is not None
    key = next(reversed(frame.keys), "")
    expect = None if frame.expect is None else frame.expect.member(key)
    wanted = expect is not None and not expect.is_open and expect.allows("array")
    reading.cost += costs.EVIDENT_CLOSING_BRACKET if wanted else costs.MISSING_LIST_BRACKETS
    reading.events.append((r.WRAP, reading.at))
    reading.events.append((r.FIX, "bracket", reading.at, reading.at, "["))
    inner = scan.frames.open(frame, key, "", reading.at, expect if wanted else None, False)
    inner.count = 1
    reading.frame, reading.phase = inner, r.ITEM


def _bracket_for_key(scan: Scan, reading: Reading, c: str) -> None:
    """Read `{` or `[` where a key should stand."""
    frame = reading.frame
    assert frame is not None
    if not scan.strict:
        outer = frame.parent
        if outer is not None and reading.comma_at != r.FIRST:
            closed: Frame | None = outer
            cost, levels = costs.MISSING_CLOSING_BRACKET, 1
            while closed is not None and closed.is_object:
                closed, levels = closed.parent, levels + 1
            if closed is not None:
                other = scan.fork(reading, cost * levels - 0.5)
                _close_before_comma(scan, other, closed)
        if _can_wrap(scan, reading, c):
            other = scan.fork(reading, 0.0)
            wrap(scan, other)
    scan.replace(reading, "bracket", reading.at + 1, "", costs.SPARE_BRACKET)


def _close_before_comma(scan: Scan, reading: Reading, outer: Frame) -> None:
    """Close containers up to `outer`, before the comma that precedes the place."""
    here = reading.at
    at = reading.comma_at if reading.comma_at >= 0 else here
    while reading.frame is not outer and reading.frame is not None:
        if reading.frame.closing:
            reading.at = at
            scan.fix(reading, "bracket", at, reading.frame.closing, 0.0)
        scan.close(reading, at, own=False)
    comma_at = reading.comma_at
    reading.at = here
    if at != here:
        reading.phase, reading.comma_at = (r.KEY if outer.is_object else r.ITEM), at
    else:
        reading.phase, reading.comma_at = r.AFTER, comma_at


def read_colon(scan: Scan, reading: Reading, c: str) -> None:
    """Read the colon behind a key, or mend its absence."""
    text, at = scan.text, reading.at
    colon = _COLON.match(text, at)
    if colon:
        if colon[0] == ":":
            reading.at += 1
        else:
            cost = costs.OTHER_COLON if colon[0] not in ("::",) else costs.SPARE_COLON
            scan.replace(reading, "colon", colon.end(), ":", cost)
        take_key(scan, reading)
    elif (reading.key or "").endswith((":", "：")):
        reading.key = (reading.key or "")[:-1].rstrip()
        scan.fix(reading, "colon", at, ":", costs.OTHER_COLON)
        take_key(scan, reading)
    elif c in QUOTES or c in "{[" or c.isdigit() or c == "-" or _VALUE_WORD.match(text, at):
        scan.fix(reading, "colon", at, ":", costs.MISSING_COLON)
        take_key(scan, reading)
    elif c in ",;，}])":
        if not scan.strict and (colon := _COLON_SUBSTITUTE.match(text, at)):
            other = scan.fork(reading, 0.0)
            cost = costs.OTHER_COLON + costs.MISSING_COLON + (costs.MISSING_COMMA if c in ",，" else 0.0)
            scan.replace(other, "colon", colon.end(), ":", cost)
            take_key(scan, other)
        _key_without_value(scan, reading)
    else:
        _key_before_word(scan, reading)


def _key_without_value(scan: Scan, reading: Reading) -> None:
    """Read a key that a comma or a bracket follows: an item of a list without brackets, or lost."""
    if scan.strict:
        scan.drop(reading, reading.at, 0.0)
    key, key_at, end = reading.key or "", reading.key_at, reading.at
    if _can_wrap(scan, reading, scan.text[key_at]):
        other = scan.fork(reading, 0.0)
        other.at = key_at
        other.events = _without_key_fix(other, key_at)
        wrap(scan, other)
        other.at = key_at
        other.key = None
    reading.at = key_at
    while scan.text[end - 1].isspace() and end > key_at + 1:
        end -= 1
    scan.drop(reading, end, costs.LOST_VALUE, is_loss=True)
    reading.key, reading.phase = None, r.KEY if reading.comma_at != r.NO_COMMA else r.AFTER
    del key


def _without_key_fix(reading: Reading, key_at: int) -> list[r.Event]:
    """Return the events without the fix of a key, which is read again as an item."""
    return [event for event in reading.events if not (event[0] == r.FIX and event[2] == key_at)]


def _key_before_word(scan: Scan, reading: Reading) -> None:
    """Read a key that words follow: a value without quotes, or stray words before the colon."""
    text, at = scan.text, reading.at
    if not scan.strict:
        colon = re.compile(r"[^\n:,{}\[\]\"]{1,40}(?=[:：])").match(text, at)
        if colon:
            other = scan.fork(reading, 0.0)
            scan.drop(other, colon.end(), costs.STRAY_WORD)
    scan.fix(reading, "colon", at, ":", costs.MISSING_COLON)
    take_key(scan, reading)


def take_key(scan: Scan, reading: Reading) -> None:
    """Take the key that was read, and see whether a bracket before it was lost."""
    frame, key = reading.frame, reading.key or ""
    assert frame is not None
    reading.phase = r.VALUE
    _weigh_key(scan, reading, frame, key)
    frame.keys.setdefault(key, reading.key_at)
    reading.events.append((r.PUT_KEY, key, reading.key_at))


def _weigh_key(scan: Scan, reading: Reading, frame: Frame, key: str) -> None:
    """Add what speaks against a key in this object, and fork where one around it suits better."""
    repeated = frame.keys.get(key, reading.key_at) != reading.key_at and _has_read(reading, key)
    indent = _indent(scan, reading) if frame.indent is not None or not frame.keys else None
    if frame.indent is None and not frame.keys:
        frame.indent = indent
    undented = frame.indent is not None and indent is not None and indent < frame.indent
    undeclared = frame.expect is not None and not frame.expect.declares(key)
    unlike = frame.shape is not None and key not in frame.shape
    if not (repeated or undented or undeclared or unlike):
        return
    belongs_outside = False
    if not scan.strict and reading.comma_at != r.FIRST:
        place = indent if undented else None
        belongs_outside = _fork_to_outer(scan, reading, frame, key, place, repeated=repeated)
    if repeated:
        reading.cost += costs.REPEATED_KEY
        is_row = frame.parent is not None and not frame.parent.is_object
        if is_row and not scan.strict and next(iter(frame.keys), None) == key:
            _fork_row(scan, reading, frame)
    if undented:
        reading.cost += costs.OTHER_INDENT
    if undeclared and frame.expect is not None:
        reading.cost += costs.FORBIDDEN_KEY if frame.expect.is_closed else costs.UNDECLARED_KEY
    elif unlike and belongs_outside:
        reading.cost += costs.UNLIKE_OTHERS


def _indent(scan: Scan, reading: Reading) -> int | None:
    text, at = scan.text, reading.key_at
    line = text.rfind("\n", max(0, at - 200), at)
    if line < 0 or text[line + 1 : at].strip(" \t"):
        return None
    return at - line - 1


def _has_read(reading: Reading, key: str) -> bool:
    """Whether this very reading has read a key in the innermost object: frames know those of all readings."""
    depth, events, chunk = 0, reading.events, reading.chunk
    for _ in range(_MAX_CHUNKS):
        for event in reversed(events):
            kind = event[0]
            if kind == r.CLOSE:
                depth += 1
            elif kind == r.OPEN or kind == r.WRAP:
                if depth == 0:
                    return False
                depth -= 1
            elif depth == 0 and (kind == r.PUT_MEMBER or kind == r.PUT_KEY) and event[1] == key:
                return True
        if chunk is None:
            return False
        events, chunk = chunk.events, chunk.previous
    return True


def _fork_to_outer(
    scan: Scan, reading: Reading, frame: Frame, key: str, indent: int | None, *, repeated: bool
) -> bool:
    """Let another reading close the object before a key that suits an object around it; whether one does."""
    outer, levels = frame.parent, 1
    while outer is not None:
        if outer.is_object and key not in outer.keys and _suits(outer, key, indent, repeated=repeated):
            other = scan.fork(reading, costs.EVIDENT_CLOSING_BRACKET * levels)
            _close_before_key(scan, other, outer)
            return True
        outer, levels = outer.parent, levels + 1
    return False


def _suits(outer: Frame, key: str, indent: int | None, *, repeated: bool) -> bool:
    if indent is not None:
        return outer.indent == indent
    if outer.expect is not None and outer.expect.properties:
        return outer.expect.declares(key)
    return key in outer.shape if outer.shape is not None else repeated


def _close_before_key(scan: Scan, reading: Reading, outer: Frame) -> None:
    """Close containers up to `outer` before the key that was just read, and read on with the key in it."""
    key, key_at, after_colon = reading.key, reading.key_at, reading.at
    at = reading.comma_at if reading.comma_at >= 0 else key_at
    while reading.frame is not outer and reading.frame is not None:
        if reading.frame.closing:
            reading.at = at
            scan.fix(reading, "bracket", at, reading.frame.closing, 0.0)
        scan.close(reading, at, own=False)
    reading.key, reading.key_at, reading.at, reading.phase = key, key_at, after_colon, r.VALUE
    outer.keys.setdefault(key or "", key_at)
    reading.events.append((r.PUT_KEY, key, key_at))


def _fork_row(scan: Scan, reading: Reading, frame: Frame) -> None:
    """Let another reading begin a new row with a key that repeats the first one."""
    other = scan.fork(reading, costs.MISSING_ROW_BRACKETS)
    at = other.comma_at if other.comma_at >= 0 else other.key_at
    key, key_at, after_colon = other.key, other.key_at, other.at
    other.at = at
    scan.fix(other, "bracket", at, "}", 0.0)
    scan.close(other, at, own=False)
    other.at = key_at
    scan.fix(other, "bracket", key_at, "{", 0.0)
    scan.open(other, "}", after_colon, is_object=True)
    other.key, other.key_at, other.phase = key, key_at, r.VALUE
    other.comma_at = r.FIRST
    inner = other.frame
    assert inner is not None
    inner.keys[key or ""] = key_at
    other.events.append((r.PUT_KEY, key, key_at))


__all__ = ["bare", "read_colon", "read_key", "take_key", "wrap"]
