"""Hold what the readings of one text share, and the steps that all of them take."""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant.expectation import ANYTHING, Expectation
from structgen.parsing.tolerant.frames import Frame, Frames
from structgen.parsing.tolerant.parse_result import FixKind
from structgen.parsing.tolerant.readings import (
    AFTER,
    CLOSE,
    DONE,
    DROP,
    FIRST,
    FIX,
    ITEM,
    KEY,
    NO_COMMA,
    OPEN,
    PUT_VALUE,
    VALUE,
    Reading,
)

SPACE = re.compile(r"[\s\x00\u200b\ufeff\u180e\u2060]*")
_NON_JSON_SPACE = re.compile(r"[^ \t\n\r]")
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*|#[^\n]*|<!--.*?-->", re.DOTALL)
_SWALLOWED = re.compile(r"[,\"']")
"""A sign of values within a comment."""
_CLOSING = re.compile(r"[ \t]*[}\]]")
TOKEN_STARTS = frozenset("{}[]\",:'0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$`")
"""Most characters that begin neither white space nor a comment."""
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
_MAX_MISSING = 3


class Scan:
    """One text, the schema that it is read for, and the readings that steps fork off."""

    __slots__ = ("end", "expect", "forks", "frames", "has_parenthesis", "has_plus", "text")

    def __init__(self, text: str, *, expect: Expectation | None, frames: Frames) -> None:
        self.text, self.end, self.frames = text, len(text), frames
        self.expect = None if expect is ANYTHING else expect
        self.forks: list[Reading] = []
        self.has_plus = "+" in text
        """Whether strings may be added."""
        self.has_parenthesis = "(" in text

    def fork(self, reading: Reading, cost: float) -> Reading:
        """Return a copy of a reading that goes on beside it, at an additional cost."""
        other = reading.fork(cost)
        self.forks.append(other)
        return other

    def fix(
        self, reading: Reading, kind: FixKind, end: int, text: str, cost: float, *, start: int | None = None
    ) -> None:
        """Record that `text` replaces the characters up to `end`, without moving.

        `start`: the place of the first character, where it is not that of the reading.
        """
        reading.cost += cost
        reading.events.append((FIX, kind, reading.at if start is None else start, end, text))

    def replace(self, reading: Reading, kind: FixKind, end: int, text: str, cost: float) -> None:
        """Record that `text` replaces the characters up to `end`, and move there."""
        self.fix(reading, kind, end, text, cost)
        reading.at = end

    def drop(self, reading: Reading, end: int, cost: float, *, is_loss: bool = False) -> None:
        """Leave out the characters up to `end`, and move there."""
        reading.cost += cost
        reading.events.append((DROP, reading.at, end, is_loss))
        reading.at = end

    def skip_space(self, reading: Reading) -> str:
        """Skip white space and comments, and return the next character; "" at the end of the text."""
        text, at = self.text, reading.at
        if text.startswith(" ", at):
            reading.at = at = at + 1
        if (c := text[at : at + 1]) in TOKEN_STARTS:
            return c
        while True:
            match = SPACE.match(text, at)
            if match and (end := match.end()) > at:
                if odd := _NON_JSON_SPACE.search(text, at, end):
                    reading.at = odd.start()
                    self.replace(reading, "white-space", end, " ", costs.WHITE_SPACE)
                reading.at = at = end
            c = text[at : at + 1]
            comment = COMMENT.match(text, at) if c and c in "/#<" else None
            if comment is None:
                return c
            if self._may_be_value(reading, comment):
                return c
            unended = comment.end() == self.end and not comment[0].endswith(("*/", "-->"))
            cost = costs.COMMENT
            if comment[0][:2] != "/*" and text[at - 1 : at] in ('"', "'"):
                cost += costs.WORD_AT_QUOTE  # `"#12"` within a string
            if unended and reading.frame is not None:
                cost += costs.STRAY_WORD
                if closing := _CLOSING.search(text, at):
                    cost += self._fork_lost_line_end(reading, closing.start())
            self.replace(reading, "comment", comment.end(), "", cost)
            at = reading.at

    def _fork_lost_line_end(self, reading: Reading, end: int) -> float:
        """Let another reading end a comment before a bracket; return what it costs that it holds values."""
        swallowed = _SWALLOWED.search(self.text, reading.at, end)
        other = self.fork(reading, 0.5)
        if swallowed is None:
            self.replace(other, "comment", end, "", costs.COMMENT)
            return 0.0
        self.drop(other, end, costs.LOST_VALUE, is_loss=True)
        return costs.LOST_VALUE

    def _may_be_value(self, reading: Reading, comment: re.Match[str]) -> bool:
        """Whether `#` or `//` begins a value; where it may, another reading takes it for a comment."""
        if reading.phase not in (VALUE, ITEM) or comment[0][:2] in ("/*", "<!"):
            return False
        mark = 1 if comment[0][0] == "#" else 2
        if not comment[0][mark : mark + 1].strip():
            return False
        unended = comment.end() == self.end
        other = self.fork(reading, costs.STRAY_WORD if unended else 0.0)
        self.replace(other, "comment", comment.end(), "", costs.COMMENT + 0.4)
        return True

    def open(self, reading: Reading, closing: str, end: int, is_object: bool, is_call: bool = False) -> None:
        """Open a container at the place of a reading, and move to `end`."""
        outer = reading.frame
        key, expect = None, self.expect
        if outer is not None:
            if outer.is_object:
                key = reading.key or ""
            expect = None if outer.expect is None else expected_value(reading)
        if expect is not None:
            if expect.is_open:
                expect = None
            elif not is_call and not expect.allows("object" if is_object else "array"):
                reading.cost += costs.OTHER_TYPE
        frame = self.frames.open(outer, key, closing, reading.at, expect, is_object)
        reading.events.append((OPEN, is_object, is_call, reading.at))
        reading.frame, reading.at = frame, end
        reading.phase, reading.comma_at = (KEY if is_object else ITEM), FIRST

    def close(self, reading: Reading, end: int, own: bool) -> None:
        """Close the innermost container, and move to `end`. `own`: its own bracket closes it."""
        frame = reading.frame
        assert frame is not None
        if frame.is_object:
            if frame.expect is not None and (required := frame.expect.required):
                missing = sum(1 for name in required if name not in frame.keys)
                reading.cost += costs.MISSING_MEMBER * min(missing, _MAX_MISSING)
            if own:
                self.frames.learn(frame)
        reading.events.append((CLOSE, end, own))
        reading.at, reading.frame = end, frame.parent
        if frame.parent is None:
            reading.phase = DONE
        else:
            self.end_value(reading)

    def close_up_to(self, reading: Reading, outer: Frame | None, at: int) -> None:
        """Close the containers within `outer` at a place, with the brackets that are missing there."""
        while reading.frame is not outer and reading.frame is not None:
            if closing := reading.frame.closing:
                self.fix(reading, "bracket", at, closing, 0.0, start=at)
            self.close(reading, at, False)

    def put(self, reading: Reading, value: Any, end: int) -> None:
        """Put a scalar into the innermost container, and move to `end`."""
        reading.events.append((PUT_VALUE, value))
        reading.at, frame = end, reading.frame
        if frame is None:
            reading.phase = DONE
            return
        if frame.expect is not None and (expect := expected_value(reading)) is not None:
            reading.cost += scalar_cost(expect, value)
        frame.count += 1
        reading.phase, reading.comma_at = AFTER, NO_COMMA

    def put_replaced(self, reading: Reading, kind: FixKind, end: int, value: Any, cost: float) -> None:
        """Put a scalar in place of the characters up to `end`, and move there."""
        self.replace(reading, kind, end, json_text.dumps(value), cost)
        self.put(reading, value, end)

    def end_value(self, reading: Reading) -> None:
        """Go on behind a value."""
        frame = reading.frame
        if frame is None:
            reading.phase = DONE
            return
        frame.count += 1
        reading.phase, reading.comma_at = AFTER, NO_COMMA


def expected_value(reading: Reading) -> Expectation | None:
    """Return what the schema expects of the next value in the innermost container; None for anything."""
    frame = reading.frame
    if frame is None or frame.expect is None:
        return None
    return frame.expect.member(reading.key or "") if frame.is_object else frame.expect.item(frame.count)


def scalar_cost(expect: Expectation, value: Any) -> float:
    """Return what a scalar costs where the schema expects another one."""
    if expect.is_open:
        return 0.0
    if expect.allows(_TYPES[type(value)]):
        wrong = expect.choices is not None and isinstance(value, str) and value not in expect.choices
        return costs.OTHER_CHOICE if wrong else 0.0
    scalars = ("string", "number", "integer", "boolean", "null")
    return costs.OTHER_SCALAR if any(map(expect.allows, scalars)) else costs.OTHER_TYPE
