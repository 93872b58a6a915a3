"""Read what follows a value: a comma or a closing bracket, or mend their absence."""

from __future__ import annotations

import re

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.closing import read_closing
from structgen.parsing.tolerant.constants import CONSTANTS
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.patterns import ELLIPSIS
from structgen.parsing.tolerant.quotes import QUOTES
from structgen.parsing.tolerant.raw_string import RawString
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import Scan

_WORD = re.compile(r"[^\s,;:{}\[\]\"'()]+")

_ITEM_STARTS = "{[(-+.#/_$€£"

_NO_KEY = re.compile(r"[{}\[\]\",]")

_PARENTHESIS = re.compile(r"\([^()\n\"]{0,200}\)")

_SENTENCE = re.compile(r"[^\n,{}\[\]\"]+")

_BARE_KEY_FOLLOWS = re.compile(r"[A-Za-z_$][\w$.-]{0,60}[\"']?\s*(?::(?!//)|=(?![=>]))")


def read_after_value(scan: Scan, reading: Reading, c: str) -> None:
    """Read what follows a value: a comma or a closing bracket, or mend their absence."""
    frame = reading.frame
    assert frame is not None
    if c == ",":
        reading.comma_at = reading.at
        reading.phase = r.KEY if frame.is_object else r.ITEM
        reading.at += 1
    elif c in "}])":
        read_closing(scan, reading, c)
    elif c in ";，、；" and not (c == ";" and frame.closing == ")"):
        reading.comma_at = reading.at
        scan.replace(reading, "comma", reading.at + 1, ",", costs.OTHER_COMMA)
        reading.phase = r.KEY if frame.is_object else r.ITEM
    elif c == ";" or c == "`":
        scan.drop(
            reading, reading.at + (3 if scan.text.startswith("```", reading.at) else 1), costs.STRAY_MARK
        )
    elif c in ".…" and (ellipsis := ELLIPSIS.match(scan.text, reading.at)):
        scan.replace(reading, "ellipsis", ellipsis.end(), "", costs.ELLIPSIS)
    elif frame.is_object:
        _after_member(scan, reading, c)
    else:
        _after_item(scan, reading, c)


def _miss_comma(scan: Scan, reading: Reading, phase: int) -> None:
    before, after = scan.text[max(0, reading.at - 20) : reading.at].rstrip()[-1:], scan.text[reading.at]
    marks = "{}[]()" + QUOTES
    kind: FixKind = "comma" if before in marks or after in marks else "several-values"
    if after in QUOTES and scan.text[reading.at - 1] in QUOTES:  # `""` may be one quote
        kind = "several-values"
    scan.fix(reading, kind, reading.at, ",", costs.MISSING_COMMA)
    reading.phase, reading.comma_at = phase, r.NO_COMMA


def _after_member(scan: Scan, reading: Reading, c: str) -> None:
    """Go on without a comma after a member's value."""
    text, at = scan.text, reading.at
    if c in QUOTES or ((c in "_$" or c.isalpha()) and _BARE_KEY_FOLLOWS.match(text, at)):
        _fork_stray(scan, reading, c)
        _miss_comma(scan, reading, r.KEY)
    elif c in ":=：":
        if c != "=":
            _fork_inner_key(scan, reading)
        scan.drop(reading, at + 1, costs.STRAY_MARK + costs.MISSING_COLON)
    elif c in "{[":
        _drop_bracket(scan, reading, c)
    else:
        _drop_words(scan, reading)


def _fork_inner_key(scan: Scan, reading: Reading) -> None:
    """Let another reading take the member's string for the first key of an object without its bracket."""
    string, frame = _last_string(reading), reading.frame
    if string is None or frame is None:
        return
    key, key_at = _key(scan, string), string.start - 1
    other = scan.fork(reading, 0.0)
    other.events.append((r.POP,))
    if key == reading.key:  # `"a": "a": 1`
        other.at = key_at
        scan.drop(other, reading.at + 1, costs.SPARE_COLON)
        other.phase = r.VALUE
        return
    other.cost += costs.MISSING_OPENING_BRACKET + (costs.OTHER_TYPE if _NO_KEY.search(key) else 0.0)
    expect = None if frame.expect is None else frame.expect.member(reading.key or "")
    other.events += [(r.FIX, "bracket", key_at, key_at, "{"), (r.OPEN, True, False, key_at)]
    other.frame = scan.frames.open(frame, reading.key, "}", key_at, expect, True)
    other.key, other.key_at, other.phase, other.comma_at = key, key_at, r.COLON, r.FIRST


def _fork_stray(scan: Scan, reading: Reading, c: str) -> None:
    """Let another reading leave out a quote, or a word, behind a value."""
    other = scan.fork(reading, 0.0)
    if c in QUOTES:
        scan.drop(other, other.at + 1, costs.STRAY_MARK + costs.STRAY_QUOTE)
    else:
        _drop_words(scan, other)


def _drop_bracket(scan: Scan, reading: Reading, c: str) -> None:
    frame = reading.frame
    assert frame is not None
    outer = frame.parent
    if outer is not None and not outer.is_object and c == "{":
        other = scan.fork(reading, costs.MISSING_CLOSING_BRACKET)
        scan.close_up_to(other, outer, other.at)
    scan.replace(reading, "bracket", reading.at + 1, "", costs.SPARE_BRACKET)


def _drop_words(scan: Scan, reading: Reading) -> None:
    """Leave out the words, or the mark, at the place."""
    text, at = scan.text, reading.at
    if scan.text[at] == "(" and (parenthesis := _PARENTHESIS.match(text, at)):
        scan.drop(reading, parenthesis.end(), costs.STRAY_WORD)
        return
    word = _WORD.match(text, at)
    if word is None:
        scan.drop(reading, at + 1, costs.STRAY_MARK)
        return
    sentence = _SENTENCE.match(text, at)
    has_word = any(character.isalnum() for character in word[0])
    if sentence and sentence.end() > word.end() + 1 and " " in sentence[0].strip():
        other = scan.fork(reading, 0.0)
        end = at + len(sentence[0].rstrip())
        scan.drop(other, end, costs.STRAY_WORD + 0.3)
    is_value = word[0][0].isdigit() or word[0] in CONSTANTS
    scan.drop(reading, word.end(), costs.STRAY_WORD if has_word else costs.STRAY_MARK, is_loss=is_value)


def _after_item(scan: Scan, reading: Reading, c: str) -> None:
    """Go on without a comma after an item."""
    frame = reading.frame
    assert frame is not None
    if c == "(" and (parenthesis := _PARENTHESIS.match(scan.text, reading.at)):
        other = scan.fork(reading, 0.0)
        scan.drop(other, parenthesis.end(), costs.MISSING_COMMA + costs.BARE_VALUE)
    string = _last_string(reading) if c in ":：" else None
    if string is not None:
        _read_pair(scan, reading, string)
    elif c == ":" or not (c.isalnum() or c in QUOTES or c in _ITEM_STARTS):
        scan.drop(reading, reading.at + 1, costs.STRAY_MARK)
    else:
        _miss_comma(scan, reading, r.ITEM)


def _last_string(reading: Reading) -> RawString | None:
    """Return the string that was read last; None where another value was."""
    events = reading.events or (reading.chunk.events if reading.chunk else [])
    if not events or events[-1][0] != r.PUT_STRING or events[-1][2]:
        return None
    string: RawString = events[-1][1]
    return string


def _key(scan: Scan, string: RawString) -> str:
    """Return a string as the key that it turns out to be."""
    key = scan.text[string.start : string.stop]
    return string.read(scan.text, trusted=True)[0] if "\\" in key else key


def _read_pair(scan: Scan, reading: Reading, string: RawString) -> None:
    """Take the last item for a key: the list ended before it, or an object lacks its brackets."""
    frame = reading.frame
    assert frame is not None
    key, key_at, outer = _key(scan, string), string.start - 1, frame.parent
    if outer is not None and outer.is_object:
        declared = outer.expect is not None and outer.expect.declares(key or "")
        cost = costs.EVIDENT_CLOSING_BRACKET if declared else costs.MISSING_CLOSING_BRACKET - 0.3
        if not frame.closing:
            cost = 0.1
        elif frame.count == 1:
            cost += costs.EMPTY_LIST
        other = scan.fork(reading, cost)
        other.events.append((r.POP,))
        if frame.closing:
            scan.fix(other, "bracket", key_at, frame.closing, 0.0, start=key_at)
        scan.close(other, other.at, False)
        other.key, other.key_at, other.phase = key, key_at, r.COLON
        outer.keys.setdefault(key or "", key_at)
    if frame.count == 1 and frame.closing == "]":
        turned = scan.fork(reading, 0.0)
        turned.events += [(r.POP,), (r.FIX, "bracket", frame.start, frame.start + 1, "{"), (r.TURN,)]
        turned.cost += costs.OTHER_BRACKET
        turned.frame = scan.frames.open(outer, "[]", "}", frame.start, None, True)
        turned.key, turned.key_at, turned.phase = key, key_at, r.COLON
    reading.events += [(r.POP,), (r.FIX, "bracket", key_at, key_at, "{"), (r.OPEN, True, False, key_at)]
    reading.cost += costs.MISSING_OPENING_BRACKET - (costs.EMPTY_LIST / 2 if frame.count == 1 else 0.0)
    expect = None if frame.expect is None else frame.expect.item(0)
    reading.frame = scan.frames.open(frame, None, "}", key_at, expect, True)
    reading.key, reading.key_at, reading.phase = key, key_at, r.COLON
