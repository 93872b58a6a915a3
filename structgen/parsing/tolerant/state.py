"""Where a tolerant parser stands: in a text, and in the containers that are open there."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from structgen import json_text
from structgen.parsing.tolerant.parse_result import Fix, Unreadable
from structgen.parsing.tolerant.strings import TOP, Ends, Place, place
from structgen.schema.traversal import pointer

MAX_DEPTH = 500
"""Brackets open at once."""
SPACE = re.compile(r"[\s\u200b\ufeff\u180e]*")
_ODD = re.compile(r"[^ \t\n\r]")
"""White space that JSON does not know."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*|#[^\n]*", re.DOTALL)
_INK = frozenset("{}[]\",:'0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$`")
"""Most of what is neither white space nor the beginning of a comment."""
EMPTY = object()
"""No value yet."""


class Frame:
    __slots__ = ("comma", "comma_at", "fixes", "key", "key_at", "opening", "place", "start", "value")

    def __init__(self, opening: str, value: Any, start: int, place: Place) -> None:
        self.opening, self.value, self.start, self.place = opening, value, start, place
        self.key: str | None = None
        self.comma = True
        """Whether a comma, or the bracket, stands right before."""
        self.comma_at = self.key_at = self.fixes = -1
        """Where the last comma and the last key stand; of a call, how many fixes there were before it."""


class Cursor:
    """A place in a text, the containers open there, and what was noted on the way."""

    def __init__(self, text: str, *, strict: bool = False) -> None:
        self.text, self._strict = text, strict
        self._ends = Ends(text, strict)
        self._last_block = text.rfind('"""')
        self._begin(0)

    def _begin(self, at: int) -> None:
        self.at = at
        self.fixes: list[Fix] = []
        self.cut_at: str | None = None
        self.removed: list[tuple[str, Any]] = []
        self.stack: list[Frame] = []
        self.spans: dict[int, tuple[int, int]] = {}
        self.root: Any = EMPTY

    def _rest(self) -> str:
        return self.text[self.at : self.at + 1]

    def _space(self) -> str:
        """Pass over white space and comments, to the character that is returned; "" at the end."""
        text = self.text
        if (c := text[self.at : self.at + 1]) in _INK:
            return c
        while True:
            if (match := SPACE.match(text, self.at)) and (odd := _ODD.search(match[0])):
                self.at += odd.start()
                self._fix("white-space", match.end(), " ")
            self.at = match.end() if match else self.at
            c = text[self.at : self.at + 1]
            comment = _COMMENT.match(text, self.at) if c and c in "/#" else None
            if comment is None:
                return c
            self._fix("comment", comment.end())

    def _fix(self, kind: str, end: int, text: str = "") -> None:
        """Note what stands in place of the text up to `end`, and go there."""
        self._note(kind, end, text)
        self.at = end

    def _note(self, kind: str, end: int, text: str) -> None:
        if self._strict and kind not in ("cut", "unquoted-end"):
            self._fail(kind)
        self.fixes.append(Fix(kind, self.at, end, text))

    def _place(self) -> Place:
        return self.stack[-1].place if self.stack else TOP

    def _path(self, frames: list[Frame]) -> str:
        path: list[str | int] = []
        for frame in frames:
            if frame.opening == "[":
                path.append(len(frame.value) - (frame is not frames[-1]))
            elif frame.opening == "{" and frame.key is not None:
                path.append(frame.key)
        return pointer(path)

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if frame.opening == "{":
            assert frame.key is not None
            if frame.key in frame.value:
                self.removed.append((self._path(self.stack), frame.value[frame.key]))
            frame.value[frame.key] = value
        else:
            frame.value.append(value)
        if not isinstance(value, dict | list):
            self._done(frame)

    def _done(self, frame: Frame) -> None:
        frame.key, frame.comma = None, False

    def _open(self, c: str, end: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._fail(f"more than {MAX_DEPTH} brackets are open")
        value: Any = {} if c == "{" else []
        start = self.at
        self.at = end
        if c != "(":
            self._put(value)
        self._enter(c, value, start)

    def _enter(self, opening: str, value: Any, start: int) -> Frame:
        frame = Frame(opening, value, start, place((self._place().enclosing + opening)[-8:]))
        self.stack.append(frame)
        return frame

    def _pop(self) -> None:
        frame = self.stack.pop()
        self.spans[id(frame.value)] = frame.start, self.at
        if frame.opening == "(":
            self._put(self._called(frame))
        if self.stack:
            self._done(self.stack[-1])

    def _called(self, frame: Frame) -> Any:
        """The value of a call: its one argument, or its text where it has several scalars. A tuple's list."""
        if self.text[frame.start] == "(":
            return frame.value
        if not frame.value:
            self._fail("a call without a value", frame.start)
        if len(frame.value) == 1:
            return frame.value[0]
        if any(isinstance(value, dict | list) for value in frame.value):
            self.fixes.append(Fix("several-values", frame.start, self.at))
            return frame.value[0]
        del self.fixes[frame.fixes :]
        text = self.text[frame.start : self.at]
        self.fixes.append(Fix("quotes", frame.start, self.at, json_text.dumps(text)))
        return text

    def _cut(self) -> None:
        """The end of the text: close what is open, and drop what is not complete."""
        if self.cut_at is None:
            self.cut_at = self._path(self.stack)
        frame = self.stack[-1]
        if frame.key is not None and frame.key_at >= 0:
            self.at = frame.key_at
        if frame.comma and frame.value and frame.comma_at >= 0:
            self.at = frame.comma_at
        closing = {"{": "}", "[": "]", "(": ")"}
        self._fix("cut", len(self.text), "".join(closing[f.opening] for f in reversed(self.stack)))
        while self.stack:
            self.stack[-1].key = None
            self._pop()

    def _fail(self, message: str, at: int | None = None) -> NoReturn:
        raise Unreadable(message, self.at if at is None else at)
