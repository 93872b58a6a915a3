"""Read valid JSON that was cut. Its quotes and brackets are unambiguous, so that no search is needed."""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.parsing.tolerant.numbers import number_of
from structgen.parsing.tolerant.parse_result import ContainerSpan, Fix, ParseResult, ReplacedMember
from structgen.parsing.tolerant.raw_string import RawString
from structgen.schema.traversal import pointer

_MAX_DEPTH = 500
"""Containers that may be open at once."""
_SPACE = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)("?)')
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?")
_CONSTANTS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


class _Open:
    """An open container; `end` is where its last complete member or item ends."""

    __slots__ = ("container", "end", "is_object", "key", "start")

    def __init__(self, container: dict[str, Any] | list[Any], start: int) -> None:
        self.container, self.start, self.end = container, start, start + 1
        self.is_object = isinstance(container, dict)
        self.key: str | None = None


class _NotCutJson(Exception):
    """The text has another fault than its end."""


def read_cut_json(text: str) -> ParseResult | None:
    """Return the value of a text that is valid JSON but for its end; None for any other text.

    A member or item of which nothing was written, or only a key, is left out; a value that was begun stays.
    """
    try:
        return _Reader(text).read()
    except _NotCutJson:
        return None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._end = text, len(text)
        self._open: list[_Open] = []
        self._fixes: list[Fix] = []
        self._replaced: list[ReplacedMember] = []
        self._containers: list[ContainerSpan] = []
        self._root: Any = None
        self._cut_at: str | None = None

    def read(self) -> ParseResult | None:
        """Read to the end of the text; None for a text that is complete."""
        text, end, open_ = self._text, self._end, self._open
        start = at = self._skip(0)
        if at == end:
            raise _NotCutJson
        at = self._value(at)
        while open_:
            inner = open_[-1]
            at = self._skip(at)
            if at == end:
                self._close_all(end, end)
                return self._result(start)
            c, is_first = text[at], inner.end == inner.start + 1
            if c == ("}" if inner.is_object else "]"):
                at += 1
                open_.pop()
                self._containers.append(ContainerSpan(inner.container, inner.start, at))
                if open_:
                    open_[-1].end = at
                continue
            if not is_first:
                if c != ",":
                    raise _NotCutJson
                at = self._skip(at + 1)
            at = self._key(at) if inner.is_object else at
            if at == end or at < 0:
                self._close_all(inner.end, end)
                return self._result(start)
            at = self._value(at)
        return self._result(start) if self._fixes and self._skip(at) == end else None

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return at if match is None else match.end()

    def _key(self, at: int) -> int:
        """Read a key and its colon, and return where the value begins; -1 where the text ends before it."""
        text, end, inner = self._text, self._end, self._open[-1]
        if at == end:
            return end
        match = _STRING.match(text, at)
        if match is None:
            raise _NotCutJson
        if not match[2]:
            if match.end() != end and _CUT_ESCAPE.match(text, match.end()) is None:
                raise _NotCutJson
            return -1
        at = self._skip(match.end())
        if at == end:
            return -1
        if text[at] != ":":
            raise _NotCutJson
        inner.key = self._string(match)
        return self._skip(at + 1)

    def _value(self, at: int) -> int:
        """Read a scalar, or the opening bracket of a container, and return where it ends."""
        text, end = self._text, self._end
        c = text[at]
        if c in "{[":
            if len(self._open) == _MAX_DEPTH:
                raise _NotCutJson
            container: dict[str, Any] | list[Any] = {} if c == "{" else []
            self._put(container)
            self._open.append(_Open(container, at))
            return at + 1
        if c == '"':
            match = _STRING.match(text, at)
            if match is None:
                raise _NotCutJson
            if not match[2]:
                return self._cut_string(at, match.end())
            self._put(self._string(match))
            at = match.end()
        elif c in _CONSTANTS:
            word, value = _CONSTANTS[c]
            if not text.startswith(word, at):
                if end - at >= len(word) or not word.startswith(text[at:]):
                    raise _NotCutJson
                self._fixes.append(Fix("cut", at, end, word))
                self._put(value)
                self._cut_at = self._pointer()
                at = end
            else:
                self._put(value)
                at += len(word)
        else:
            at = self._number(at)
        if self._open:
            self._open[-1].end = at
        return at

    def _string(self, match: re.Match[str]) -> str:
        if "\\" not in match[1]:
            return match[1]
        try:
            return str(json_text.loads(match[0]))
        except json_text.JsonError as error:  # such as an unpaired surrogate
            raise _NotCutJson from error

    def _cut_string(self, at: int, stop: int) -> int:
        text, end = self._text, self._end
        if stop != end and _CUT_ESCAPE.match(text, stop) is None:
            raise _NotCutJson
        value, _, fix = RawString(at + 1, end, end, '"', False, True).read(text, trusted=True)
        if fix is not None:
            self._fixes.append(fix)
        self._put(value)
        self._cut_at = self._pointer()
        if self._open:
            self._open[-1].end = end
        return end

    def _number(self, at: int) -> int:
        match = _NUMBER.match(self._text, at)
        value = None if match is None else number_of(match[0])
        if match is None or value is None:
            raise _NotCutJson
        self._put(value)
        if match.end() == self._end:  # more digits may be missing
            self._fixes.append(Fix("cut", at, self._end, match[0]))
            self._cut_at = self._pointer()
        return match.end()

    def _put(self, value: Any) -> None:
        if not self._open:
            self._root = value
            return
        container = self._open[-1].container
        if isinstance(container, list):
            container.append(value)
            return
        key = self._open[-1].key or ""
        if key in container:
            self._replaced.append(ReplacedMember(self._pointer(), container[key]))
        container[key] = value

    def _close_all(self, start: int, end: int) -> None:
        """Close all containers at `start`, where the last complete member ends; the rest is left out."""
        if self._cut_at is None:
            self._cut_at = self._pointer(awaits_item=True)
        brackets = "".join("}" if inner.is_object else "]" for inner in reversed(self._open))
        self._fixes.append(Fix("cut", start, end, brackets))
        self._containers += (
            ContainerSpan(inner.container, inner.start, start) for inner in reversed(self._open)
        )
        self._open.clear()

    def _result(self, start: int) -> ParseResult:
        return ParseResult(
            self._root,
            start,
            self._end,
            tuple(self._fixes),
            self._cut_at,
            tuple(self._replaced),
            tuple(self._containers),
        )

    def _pointer(self, *, awaits_item: bool = False) -> str:
        """Return the pointer of the value that was read last; `awaits_item`: of the item that is to come."""
        path: list[str | int] = []
        for inner in self._open:
            if not inner.is_object:
                path.append(len(inner.container) - (not awaits_item or inner is not self._open[-1]))
            elif inner.key is not None:
                path.append(inner.key)
        return pointer(path)
