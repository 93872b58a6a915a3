"""Read keys and colons, or mend what stands in their place."""

from __future__ import annotations

import re

from structgen import json_text
from structgen.parsing.tolerant import costs, strings
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.closing import read_closing
from structgen.parsing.tolerant.key_places import take_key
from structgen.parsing.tolerant.missing_brackets import can_wrap, read_bracket_for_key, wrap
from structgen.parsing.tolerant.patterns import ELLIPSIS, FENCE
from structgen.parsing.tolerant.quotes import QUOTES
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
_KEY_AND_SPACE = re.compile(r"([\w$-]+)\s+(?=[\"'“\d\[{-])")
_WORDS_BEFORE_COLON = re.compile(r"[^\n:,{}\[\]\"]{1,40}(?=[:：])")
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
    elif c in ".…" and (ellipsis := ELLIPSIS.match(text, at)):
        scan.replace(reading, "ellipsis", ellipsis.end(), "", costs.ELLIPSIS)
    elif text.startswith("```", at) and (fence := FENCE.match(text, at)):
        scan.replace(reading, "fence", fence.end(), "", costs.FENCE)
    elif c in "{[":
        read_bracket_for_key(scan, reading, c)
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
    if stray := _STRAY_BEFORE_KEY.match(text, at):
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
        return
    raw = match[0].rstrip()
    spaced = _KEY_AND_SPACE.match(text, at)
    follows = text[match.end()]
    if spaced and follows != ":":
        raw = spaced[1]
    elif follows not in ":：=":
        _not_a_key(scan, reading, at + len(raw))
        return
    cost = costs.BARE_KEY + (costs.BARE_WORDS + 0.3 * raw.count(" ") if " " in raw else 0.0)
    if " " in raw:
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
    if can_wrap(scan, reading, "a"):
        other = scan.fork(reading, costs.BARE_VALUE)
        wrap(scan, other)
    if _WORDS_TO_END.match(scan.text, reading.at):
        scan.replace(reading, "prose", scan.end, "", costs.STRAY_WORD)
        return
    before_quote = scan.text[end : end + 40].lstrip()[:1] in ('"', "'", "“")
    cost = costs.STRAY_WORD + (0.0 if before_quote else costs.LOST_VALUE - costs.STRAY_WORD)
    scan.drop(reading, end, cost, is_loss=not before_quote)


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
        if reading.comma_at == r.NO_COMMA:  # two strings side by side may be one value
            reading.doubt_last_fix()
        take_key(scan, reading)
    elif c in ",;，}])":
        if colon := _COLON_SUBSTITUTE.match(text, at):
            other = scan.fork(reading, 0.0)
            cost = costs.OTHER_COLON + costs.MISSING_COLON + (costs.MISSING_COMMA if c in ",，" else 0.0)
            scan.replace(other, "colon", colon.end(), ":", cost)
            other.doubt_last_fix()
            take_key(scan, other)
        _key_without_value(scan, reading)
    else:
        _key_before_word(scan, reading)


def _key_without_value(scan: Scan, reading: Reading) -> None:
    """Read a key that a comma or a bracket follows: an item of a list without brackets, or lost."""
    key_at, end = reading.key_at, reading.at
    if can_wrap(scan, reading, scan.text[key_at]):
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


def _without_key_fix(reading: Reading, key_at: int) -> list[r.Event]:
    """Return the events without the fix of a key, which is read again as an item."""
    return [event for event in reading.events if not (event[0] == r.FIX and event[2] == key_at)]


def _key_before_word(scan: Scan, reading: Reading) -> None:
    """Read a key that words follow: a value without quotes, or stray words before the colon."""
    text, at = scan.text, reading.at
    colon = _WORDS_BEFORE_COLON.match(text, at)
    if colon:
        other = scan.fork(reading, 0.0)
        scan.drop(other, colon.end(), costs.STRAY_WORD)
    scan.fix(reading, "colon", at, ":", costs.MISSING_COLON)
    take_key(scan, reading)
