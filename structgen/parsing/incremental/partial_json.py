"""Parse a prefix of a JSON text: keep what is complete, and locate the cut.

`pydantic_core.from_json` reads prefixes too, but takes the `12` of a cut `123` as complete, and does not
locate the cut.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.schema.traversal import pointer

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"', re.DOTALL)
_SCALAR = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_NUMBER_CHARACTERS = "0123456789+-.eE"
_SPACE = re.compile(r"[ \t\n\r]*")
_MAX_DEPTH = 500
"""Containers that may be open at once."""


@dataclass(frozen=True, slots=True)
class PartialJson:
    """The complete members and items of a JSON text.

    `value` is None where nothing is complete. `cut_path` leads to the value in which the text was cut; it is
    None for a complete text.
    """

    value: Any
    cut_path: tuple[str | int, ...] | None

    @property
    def cut_at(self) -> str | None:
        """The RFC 6901 pointer of the cut; None for a complete text."""
        return None if self.cut_path is None else pointer(self.cut_path)


def parse_partial(text: str) -> PartialJson:
    """Parse a prefix of a JSON text, in one pass and without exceptions.

    A number is complete once a character follows it: `12` may be the beginning of `123`. A value that cannot
    be represented ends the text, as a cut does.
    """
    return _PrefixParser(text).parse()


class _PrefixParser:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._root: list[Any] = []
        """The value, once it was begun."""
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []
        """The key that awaits its value, for each open container."""

    def parse(self) -> PartialJson:
        while self._step():
            pass
        complete = bool(self._root) and not self._open
        return PartialJson(self._root[0] if self._root else None, None if complete else self._path())

    def _step(self) -> bool:
        """Read one value, key or closing bracket; False at the cut or the end."""
        if self._root and not self._open:
            return False
        c = self._skip(",")
        if not c:
            return False
        container = self._open[-1] if self._open else None
        if isinstance(container, dict) and self._keys[-1] is None:
            return self._close() if c == "}" else self._read_key()
        if isinstance(container, list) and c == "]":
            return self._close()
        return self._read_value(c)

    def _skip(self, separator: str) -> str:
        """Skip white space and separators, and return the next character; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            c = self._text[self._at : self._at + 1]
            if not c or c != separator:
                return c
            self._at += 1

    def _read_key(self) -> bool:
        match = _STRING.match(self._text, self._at)
        if match is None:
            return False
        self._at = match.end()
        if self._skip("") != ":":
            return False
        self._at += 1
        with suppress(json_text.JsonError):
            self._keys[-1] = json_text.loads(match[0])
        return self._keys[-1] is not None

    def _read_value(self, c: str) -> bool:
        if c in "{[":
            return self._read_opening(c)
        match = (_STRING if c == '"' else _SCALAR).match(self._text, self._at)
        if match is None:
            return False
        following = self._text[match.end() : match.end() + 1]
        is_number = c not in '"tfn'
        if is_number and (not following or following in _NUMBER_CHARACTERS):
            return False
        try:
            value = json_text.loads(match[0])
        except json_text.JsonError:  # such as 1e999, which no double represents
            return False
        self._at = match.end()
        self._put(value)
        self._end_value()
        return True

    def _read_opening(self, c: str) -> bool:
        if len(self._open) == _MAX_DEPTH:
            return False
        self._at += 1
        container: dict[str, Any] | list[Any] = {} if c == "{" else []
        self._put(container)
        self._open.append(container)
        self._keys.append(None)
        return True

    def _put(self, value: Any) -> None:
        if not self._open:
            self._root.append(value)
        elif isinstance(container := self._open[-1], dict):
            container[str(self._keys[-1])] = value
        else:
            container.append(value)

    def _close(self) -> bool:
        self._at += 1
        self._open.pop()
        self._keys.pop()
        self._end_value()
        return True

    def _end_value(self) -> None:
        if self._keys:
            self._keys[-1] = None

    def _path(self) -> tuple[str | int, ...]:
        path: list[str | int] = []
        for container, key in zip(self._open, self._keys, strict=True):
            if isinstance(container, list):
                holds_open_item = self._open[-1] is not container
                path.append(len(container) - holds_open_item)
            elif key is not None:
                path.append(key)
        return tuple(path)
