"""Scan a text: keep the position and the fixes, and skip white space and comments."""

from __future__ import annotations

import re
from typing import NoReturn

from structgen.parsing.tolerant.parse_result import Fix, FixKind, ParseError

SPACE = re.compile(r"[\s\u200b\ufeff\u180e]*")
_NON_JSON_SPACE = re.compile(r"[^ \t\n\r]")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*|#[^\n]*", re.DOTALL)
_TOKEN_STARTS = frozenset("{}[]\",:'0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$`")
"""Most characters that begin neither white space nor a comment."""
_STRICT_KINDS = ("cut", "unquoted-end")


class Scanner:
    """A position in a text, and the fixes up to there.

    `strict`: raise `ParseError` for every fix but those of a cut text.
    """

    __slots__ = ("at", "fixes", "strict", "text")

    def __init__(self, text: str, *, strict: bool) -> None:
        self.text, self.strict = text, strict

    def begin(self, at: int) -> None:
        """Begin a value at a position, without fixes. Call this first."""
        self.at = at
        self.fixes: list[Fix] = []

    def peek(self) -> str:
        """Return the next character; "" at the end of the text."""
        return self.text[self.at : self.at + 1]

    def skip_space(self) -> str:
        """Skip white space and comments, and return the next character; "" at the end of the text."""
        text = self.text
        if (c := text[self.at : self.at + 1]) in _TOKEN_STARTS:
            return c
        while True:
            if (match := SPACE.match(text, self.at)) and (odd := _NON_JSON_SPACE.search(match[0])):
                self.at += odd.start()
                self.replace("white-space", match.end(), " ")
            self.at = match.end() if match else self.at
            c = text[self.at : self.at + 1]
            comment = _COMMENT.match(text, self.at) if c and c in "/#" else None
            if comment is None:
                return c
            self.replace("comment", comment.end())

    def replace(self, kind: FixKind, end: int, text: str = "") -> None:
        """Record that `text` replaces the characters up to `end`, and move there."""
        self.note(kind, end, text)
        self.at = end

    def note(self, kind: FixKind, end: int, text: str) -> None:
        """Record that `text` replaces the characters up to `end`, without moving."""
        if self.strict and kind not in _STRICT_KINDS:
            self.fail(kind)
        self.fixes.append(Fix(kind, self.at, end, text))

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        """Raise `ParseError` for a position, by default the current one."""
        raise ParseError(message, self.at if at is None else at)
