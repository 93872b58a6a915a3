"""Match members and items that are valid JSON by one regular expression each."""

from __future__ import annotations

import re

from structgen.parsing.tolerant.closing import ITEM_FOLLOWS, KEY_FOLLOWS
from structgen.parsing.tolerant.constants import CONSTANTS
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.readings import (
    AFTER,
    ITEM,
    KEY,
    NO_COMMA,
    PUT_KEY,
    PUT_MEMBER,
    PUT_VALUE,
    VALUE,
    Reading,
)
from structgen.parsing.tolerant.scan import Scan, expected_value, scalar_cost

_STRING = r'"([^"\\\x00-\x1f]*+)"'
_SCALAR = r"(?:(-?(?:0|[1-9]\d{0,17})(\.\d{1,17})?)|(true|false|null))"
"""Its numbers fit into a double or an integer of 64 bits."""
_SPACE = r"[ \t\n\r]*+"
_NEXT_KEY = rf'{_SPACE}"[^"\\\n]{{0,100}}+"{_SPACE}:'
_AFTER_BRACKET = rf"[ \t\r]*+(?:[\n}}\])`;/#]|\Z|,(?:{_SPACE}[{{\[]|{_NEXT_KEY}))"
"""Text after a closing bracket which proves that the quote before the bracket closes a string."""


_MAY_BE_COMMENT = ("/", "#")


def _pattern(
    before: str, after_string: str, after_scalar: str, closing: str, after_bracket: str = _AFTER_BRACKET
) -> re.Pattern[str]:
    closes_string = rf"({closing})(?={after_bracket})"
    may_lack_value = "" if before == _BEFORE_ITEM else "?+"
    return re.compile(
        rf"{before}(?:{_STRING}(?:{_SPACE},(?={after_string})|{_SPACE}{closes_string})"
        rf"|{_SCALAR}{_SPACE}(?:,(?={after_scalar})|({closing}))|([{{\[])){may_lack_value}"
    )


_BEFORE_MEMBER = rf'({_SPACE})"([^"\\\x00-\x1f]*+)"{_SPACE}:{_SPACE}(?![:：=])'
_BEFORE_ITEM = rf"({_SPACE})()"
_MEMBER = _pattern(_BEFORE_MEMBER, _NEXT_KEY, rf'{_SPACE}"', r"\}")
_ITEM = _pattern(_BEFORE_ITEM, rf'{_SPACE}(?:"[^"\\\n]*+"{_SPACE}[,\]]|[{{\[\d-])', r"(?!0\d)", r"\]")
"""A member or item that is valid JSON beyond doubt, with the comma or bracket after it; or a key alone.

Groups: space, key (of an item empty), string, bracket after a string, number, its fraction, constant, bracket
after a number or constant, opening bracket of a container (the match ends there).
"""
_KEY_GROUP = 2
"""The last group of the match of a key alone."""


def read_valid(scan: Scan, reading: Reading, alone: bool) -> bool:  # one loop: it reads most of a text
    """Read members and items that are valid JSON beyond doubt, or a key and its colon; False for none.

    `alone`: go on as long as there are any, since no other reading is to be compared with this one. The
    bracket that closes the whole value is left.
    """
    text, start, frame = scan.text, reading.at, reading.frame
    assert frame is not None
    at = start
    while True:
        is_object = frame.is_object
        match = (_MEMBER if is_object else _ITEM).match(text, at)
        if match is None:
            break
        space, key, value, closes_string, number, fraction, constant, closes_scalar, opening = match.groups()
        closes, end = closes_string or closes_scalar, match.end()
        is_last = False
        if closes:
            is_last = frame.parent is None
            is_doubtful = _is_doubtful(text, end, frame, closes)
        elif opening == "{":
            is_doubtful = _MAY_BE_LIST.match(text, end) is not None
        else:
            is_doubtful = False
        if is_doubtful and not is_object:
            break
        if "\n" in space:
            indent = len(space) - space.rfind("\n") - 1
            if frame.indent is None:
                if is_object and frame.keys:
                    break
                frame.indent = indent
            elif indent != frame.indent and (is_object or indent < frame.indent):
                break
        if is_object:
            key_at, keys = at + len(space), frame.keys
            if key in keys and keys[key] < key_at:
                break
            if (frame.shape is not None or frame.expect is not None) and _is_unusual(frame, key):
                break
            keys.setdefault(key, key_at)
            reading.key = key
            if is_doubtful or match.lastindex == _KEY_GROUP:
                reading.events.append((PUT_KEY, key, key_at))
                reading.key_at, reading.at, reading.phase = key_at, _end_of_key(match), VALUE
                return True
        if opening:
            if is_object:
                reading.events.append((PUT_KEY, key, key_at))
                reading.phase = VALUE
            reading.at = end - 1
            scan.open(reading, "}" if opening == "{" else "]", end, opening == "{")
            at, frame = end, reading.frame
            assert frame is not None
        else:
            if value is None:
                value = CONSTANTS[constant] if constant else float(number) if fraction else int(number)
            if frame.expect is not None and (expect := expected_value(reading)) is not None:
                reading.cost += scalar_cost(expect, value)
            reading.events.append((PUT_MEMBER, key, value) if is_object else (PUT_VALUE, value))
            frame.count += 1
            at = end
            if is_last:
                reading.at = match.end(3) + 1 if match.end(3) >= 0 else max(match.end(5), match.end(7))
                reading.phase, reading.comma_at = AFTER, NO_COMMA
                return True
            if closes:
                scan.close(reading, end, True)
                frame = reading.frame
                assert frame is not None
                if not alone:
                    return True
                following = _NEXT.match(text, at)
                if following is None:
                    return True
                if following[1] == ",":
                    reading.comma_at, at = following.end() - 1, following.end()
                    reading.phase = KEY if frame.is_object else ITEM
                    reading.at = at
                else:
                    reading.at = following.end() - 1
                    return True
            else:
                reading.comma_at = end - 1
                reading.phase = KEY if is_object else ITEM
                reading.at = at
        if not alone:
            return True
    return at > start


def _is_doubtful(text: str, end: int, frame: Frame, closes: str) -> bool:
    """Whether the closing bracket before `end` is of another kind, spare, or before what may be a comment."""
    if frame.closing != closes:
        return True
    parent = frame.parent
    if parent is None:
        return text[end : end + 1] in _MAY_BE_COMMENT
    if parent.is_object is frame.is_object:
        return False
    return (KEY_FOLLOWS if frame.is_object else ITEM_FOLLOWS).match(text, end) is not None


def _end_of_key(match: re.Match[str]) -> int:
    """Return where the value behind a key begins."""
    if match.lastindex == _KEY_GROUP:
        return match.end()
    return max(match.start(3) - 1, match.start(5), match.start(7), match.start(9))


def _is_unusual(frame: Frame, key: str) -> bool:
    """Whether like objects do not have a key, or the schema does not declare it."""
    if frame.shape is not None and key not in frame.shape:
        return True
    return frame.expect is not None and not frame.expect.declares(key)


_MAY_BE_LIST = re.compile(
    r"""\s*+(?:(["'])[^"'\n]{0,200}+\1|-?\d[\d.eE+-]*+|true|false|null|True|False|None)\s*+[,}\]]"""
)
"""A scalar in braces that no colon follows."""
_NEXT = re.compile(r"[ \t\n\r]*+([,\]}])")
"""A comma or a closing bracket."""
