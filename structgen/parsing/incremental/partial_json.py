"""What is complete in a JSON text that was cut."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.schema.traversal import pointer

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"', re.DOTALL)
_SCALAR = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_OF_NUMBERS = "0123456789+-.eE"
_SPACE = re.compile(r"[ \t\n\r]*")
_DEEPEST = 500
"""Brackets open at once."""


@dataclass(frozen=True, slots=True)
class Partial:
    """The value of the complete members, and the pointer of the place where the text was cut.

    `cut_at` is None where the text is whole. `value` is None where nothing is complete.
    """

    value: Any
    cut_at: str | None


def partial(text: str) -> Partial:
    """Read a prefix of a JSON text: one pass, a stack, never an exception.

    A number counts once something follows it: `12` may be the start of `123`. What cannot be represented
    ends the reading, as a cut does.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.root: list[Any] = []
        self.stack: list[dict[str, Any] | list[Any]] = []
        self.keys: list[str | None] = []

    def read(self) -> Partial:
        while self._step():
            pass
        whole = bool(self.root) and not self.stack
        return Partial(self.root[0] if self.root else None, None if whole else self._pointer())

    def _step(self) -> bool:
        """One value, key or closing bracket; False at the cut or the end."""
        if self.root and not self.stack:
            return False
        character = self._skip(",")
        if not character:
            return False
        inside = self.stack[-1] if self.stack else None
        if isinstance(inside, dict) and self.keys[-1] is None:
            return self._close() if character == "}" else self._key()
        if isinstance(inside, list) and character == "]":
            return self._close()
        return self._value(character)

    def _skip(self, also: str) -> str:
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            found = self.text[self.at : self.at + 1]
            if not found or found != also:
                return found
            self.at += 1

    def _key(self) -> bool:
        match = _STRING.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        if self._skip("") != ":":
            return False
        self.at += 1
        with suppress(json_text.JsonFault):
            self.keys[-1] = json_text.loads(match.group())
        return self.keys[-1] is not None

    def _value(self, character: str) -> bool:
        if character in "{[":
            if len(self.stack) == _DEEPEST:
                return False
            self.at += 1
            opened: dict[str, Any] | list[Any] = {} if character == "{" else []
            self._put(opened)
            self.stack.append(opened)
            self.keys.append(None)
            return True
        match = (_STRING if character == '"' else _SCALAR).match(self.text, self.at)
        if match is None:
            return False
        after = self.text[match.end() : match.end() + 1]
        number = character not in '"tfn'
        if number and (not after or after in _OF_NUMBERS):
            return False
        try:
            value = json_text.loads(match.group())
        except json_text.JsonFault:  # such as 1e999: no value that anything could carry
            return False
        self.at = match.end()
        self._put(value)
        self._done()
        return True

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root.append(value)
        elif isinstance(inside := self.stack[-1], dict):
            inside[str(self.keys[-1])] = value
        else:
            inside.append(value)

    def _close(self) -> bool:
        self.at += 1
        self.stack.pop()
        self.keys.pop()
        self._done()
        return True

    def _done(self) -> None:
        if self.keys:
            self.keys[-1] = None

    def _pointer(self) -> str:
        path: list[str | int] = []
        for inside, key in zip(self.stack, self.keys, strict=True):
            if isinstance(inside, list):
                open_item = self.stack[-1] is not inside
                path.append(len(inside) - open_item)
            elif key is not None:
                path.append(key)
        return pointer(path)
