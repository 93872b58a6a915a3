"""Read JSON whose faults have one reading, so that no search is needed.

The text may be cut, and may have comments, trailing commas, ellipses, members without a value, Python's words
for true, false and null, and constructors such as `ObjectId("1")`: its quotes and brackets are those of JSON.
"""

from __future__ import annotations

import re
from typing import Any

from structgen import json_text
from structgen.parsing.tolerant.numbers import NUMBER_PARTS, lenient_number, number_of
from structgen.parsing.tolerant.parse_result import ContainerSpan, Fix, ParseResult, ReplacedMember
from structgen.parsing.tolerant.raw_string import RawString
from structgen.schema.traversal import pointer

_MAX_DEPTH = 500
"""Containers that may be open at once."""
_SPACE = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)("?)')
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?(\.|\.?[eE][+-]?)?")
"""A number; the group is a part without its digits, which are cut."""
_COMMENT = re.compile(r"""/\*[^*"',:{}\[\]]*+\*/|(?://|\#(?!\w))[ \w]*+(?=\n)""")
"""A comment without any sign of JSON: no member can be hidden in it, and no value such as `#ff0000`."""
_CALL = re.compile(
    r"((?:new )?(?:ObjectId|ISODate|Date|NumberLong|NumberInt|NumberDecimal|UUID)\()"
    r'(?:"([^"\\\x00-\x1f]*+)"|(-?(?:0|[1-9]\d*+)(?:\.\d++)?))(\))'
)
"""A constructor of the shell of a database, which stands for its argument."""
_PYTHON_CONSTANT = re.compile(r"(?:True|False|None)(?=[,\]} \t\r\n/#])")
_PYTHON_CONSTANTS = {"True": True, "False": False, "None": None}
_CONSTANTS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


class _Open:
    """An open container; `end` is where its last complete member or item ends."""

    __slots__ = ("container", "end", "is_object", "key", "start")

    def __init__(self, container: dict[str, Any] | list[Any], start: int) -> None:
        self.container, self.start, self.end = container, start, start + 1
        self.is_object = isinstance(container, dict)
        self.key: str | None = None


class _Ambiguous(Exception):
    """The text has a fault that may be read in several ways."""


def read_unambiguous(text: str) -> ParseResult | None:
    """Return the value of a text whose faults have one reading; None for other texts, and for valid JSON.

    A member or item of which nothing was written, or only a key, is left out; a value that was begun stays.
    """
    try:
        return _Reader(text).read()
    except _Ambiguous:
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
            raise _Ambiguous
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
                    raise _Ambiguous
                comma_at, at = at, self._skip(at + 1)
                if text.startswith("...", at):
                    at = self._ellipsis(at)
                if text[at : at + 1] == ("}" if inner.is_object else "]"):
                    self._fixes.append(Fix("comma", comma_at, comma_at + 1))
                    continue
            at = self._key(at) if inner.is_object else at
            if at < 0 or at == end or (at + 1 == end and text[at] == "-"):
                self._close_all(inner.end, end)
                return self._result(start)
            at = self._value(at)
        return self._result(start) if self._skip(at) == end and self._fixes else None

    def _skip(self, at: int) -> int:
        """Return where the next token begins; comments before it become fixes."""
        text = self._text
        while True:
            match = _SPACE.match(text, at)
            at = at if match is None else match.end()
            if text[at : at + 1] not in ("/", "#"):
                return at
            comment = _COMMENT.match(text, at)
            if comment is None:
                raise _Ambiguous
            self._fixes.append(Fix("comment", at, comment.end()))
            at = comment.end()

    def _ellipsis(self, at: int) -> int:
        """Leave out an ellipsis between two commas, with the second one, or before a bracket."""
        end = at + 3
        if self._text.startswith(",", end):
            end += 1
        self._fixes.append(Fix("ellipsis", at, end))
        after = self._skip(end)
        if end == at + 3 and self._text[after : after + 1] not in ("]", "}"):
            raise _Ambiguous
        return after

    def _key(self, at: int) -> int:
        """Read a key and its colon, and return where the value begins; -1 where the text ends before it."""
        text, end, inner = self._text, self._end, self._open[-1]
        if at == end:
            return end
        match = _STRING.match(text, at)
        if match is None:
            raise _Ambiguous
        if not match[2]:
            if match.end() != end and _CUT_ESCAPE.match(text, match.end()) is None:
                raise _Ambiguous
            return -1
        at = self._skip(match.end())
        if at == end:
            return -1
        if text[at] != ":":
            raise _Ambiguous
        inner.key = self._string(match)
        return self._skip(at + 1)

    def _value(self, at: int) -> int:
        """Read a scalar, or the opening bracket of a container, and return where it ends."""
        text, end = self._text, self._end
        c = text[at]
        if c in "{[":
            if len(self._open) == _MAX_DEPTH:
                raise _Ambiguous
            container: dict[str, Any] | list[Any] = {} if c == "{" else []
            self._put(container)
            self._open.append(_Open(container, at))
            return at + 1
        if c == '"':
            match = _STRING.match(text, at)
            if match is None:
                raise _Ambiguous
            if match[2]:
                self._put(self._string(match))
                at = match.end()
            else:
                at = self._cut_string(at, match.end())
        elif c in ",}" and self._open and self._open[-1].is_object:
            if self._fixes and self._fixes[-1].kind == "comment":
                raise _Ambiguous  # perhaps the value looks like a comment
            self._fixes.append(Fix("missing-value", at, at, "null"))
            self._put(None)
        elif c in "ODINUn" and (call := _CALL.match(text, at)):
            at = self._call(call)
        elif c in "TFN":
            at = self._python_constant(at)
        elif c in _CONSTANTS:
            word, value = _CONSTANTS[c]
            if not text.startswith(word, at):
                if end - at >= len(word) or not word.startswith(text[at:]):
                    raise _Ambiguous
                self._put_cut(at, value, word)
                at = end
            else:
                self._put(value)
                at += len(word)
        else:
            at = self._number(at)
        if self._open:
            self._open[-1].end = at
        return at

    def _call(self, call: re.Match[str]) -> int:
        string, literal = call.group(2, 3)
        value = string if literal is None else number_of(literal)
        if value is None:
            raise _Ambiguous
        self._fixes += (Fix("call", *call.span(1)), Fix("call", *call.span(4)))
        self._put(value)
        return call.end()

    def _python_constant(self, at: int) -> int:
        match = _PYTHON_CONSTANT.match(self._text, at)
        if match is None:
            raise _Ambiguous
        value = _PYTHON_CONSTANTS[match[0]]
        self._fixes.append(Fix("literal", at, match.end(), json_text.dumps(value)))
        self._put(value)
        return match.end()

    def _string(self, match: re.Match[str]) -> str:
        if "\\" not in match[1]:
            return match[1]
        try:
            return str(json_text.loads(match[0]))
        except json_text.JsonError as error:  # such as an unpaired surrogate
            raise _Ambiguous from error

    def _cut_string(self, at: int, stop: int) -> int:
        text, end = self._text, self._end
        if stop != end and _CUT_ESCAPE.match(text, stop) is None:
            raise _Ambiguous
        value = RawString(at + 1, end, end, '"', False, True).read(text, trusted=True)[0]
        self._put_cut(at, value, json_text.dumps(value))
        return end

    def _number(self, at: int) -> int:
        match = _NUMBER.match(self._text, at)
        if match is None:
            raise _Ambiguous
        literal = match[0]
        if match[1] is not None and (match.end() != self._end or NUMBER_PARTS.fullmatch(literal) is None):
            raise _Ambiguous
        value = number_of(literal) if match[1] is None else lenient_number(literal)
        if value is None:
            raise _Ambiguous
        if match.end() == self._end:  # more digits may be missing
            self._put_cut(at, value, literal if match[1] is None else json_text.dumps(value))
        else:
            self._put(value)
        return match.end()

    def _put_cut(self, at: int, value: Any, text: str) -> None:
        """Put a scalar that the end of the text cuts; `text` is the JSON that stands for what was written."""
        self._fixes.append(Fix("cut", at, self._end, text))
        self._put(value)
        self._cut_at = self._pointer()

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
