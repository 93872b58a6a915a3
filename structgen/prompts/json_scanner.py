"""Read JSON strictly, in pieces of any size, and say where it ends or breaks."""

from __future__ import annotations

import re

_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_SPACE = re.compile(r"[ \t\r\n]*")
_DIGITS = "0123456789"
_HEX = frozenset("0123456789abcdefABCDEF")
_ESCAPES = frozenset('"\\/bfnrt')
_LITERALS = {"t": "rue", "f": "alse", "n": "ull"}


def end_of_space(text: str, at: int) -> int:
    """Return the index behind the JSON white space that begins at index `at`."""
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _steps(*targets: tuple[str, str]) -> dict[str, str]:
    return {character: state for characters, state in targets for character in characters}


_NUMBERS = {
    "minus": _steps(("0", "zero"), ("123456789", "integer")),
    "zero": _steps((".", "point"), ("eE", "exponent")),
    "integer": _steps((_DIGITS, "integer"), (".", "point"), ("eE", "exponent")),
    "point": _steps((_DIGITS, "fraction")),
    "fraction": _steps((_DIGITS, "fraction"), ("eE", "exponent")),
    "exponent": _steps(("+-", "sign"), (_DIGITS, "power")),
    "sign": _steps((_DIGITS, "power")),
    "power": _steps((_DIGITS, "power")),
}
"""The states of a number, and where a character leads from each."""
_WHOLE_NUMBERS = frozenset({"zero", "integer", "fraction", "power"})
_FIRST_OF_NUMBER = _steps(("-", "minus"), ("0", "zero"), ("123456789", "integer"))


class JsonScanner:
    """Reads one JSON value (RFC 8259) as it arrives, in linear time; it keeps open containers, not the text.

    `complete` is set behind the value, `broken` at the first character that is not JSON.
    """

    def __init__(self) -> None:
        self.complete = self.broken = False
        self._read = 0
        """Characters before the text of the running call of `scan`."""
        self._state = "value"
        self._open: list[str] = []
        """The closing brackets that are due, outermost first."""
        self._left = ""
        """The rest of a literal, or one character for each hexadecimal digit to come."""
        self._is_key = False
        self._string: int | None = None

    @property
    def doubtful_string(self) -> int | None:
        """Where the string begins that is open, or that closed as the last thing before this point.

        Where JSON breaks, the quotes of this string may be wrong. Counted in characters from the start.
        """
        return self._string

    def scan(self, text: str, at: int = 0) -> int:
        """Read `text` from index `at`; return the index of the fault, or behind what was read."""
        self._read -= at
        while at < len(text) and not (self.complete or self.broken):
            at = self._step(text, at)
        self._read += at
        return at

    def _step(self, text: str, at: int) -> int:
        """Read as much as one state takes: at least one character, but for a fault or a number's end."""
        if self._state == "string":
            return self._read_string(text, at)
        if self._state in ("escape", "hex"):
            return self._read_escape(text[at], at)
        if self._state in _NUMBERS:
            return self._read_number(text, at)
        if self._state == "literal":
            return self._read_literal(text[at], at)
        at = end_of_space(text, at)
        return self._read_structure(text[at], at) if at < len(text) else at

    def _read_string(self, text: str, at: int) -> int:
        plain = _PLAIN.match(text, at)
        at = plain.end() if plain else at
        if at == len(text):
            return at
        if text[at] == "\\":
            self._state = "escape"
        elif text[at] == '"':
            self._state = "colon" if self._is_key else "next"
            self._end_if_outermost()
        else:
            return self._break(at)
        return at + 1

    def _read_escape(self, character: str, at: int) -> int:
        if self._state == "escape" and character == "u":
            self._state, self._left = "hex", "0000"
        elif self._state == "escape" and character in _ESCAPES:
            self._state = "string"
        elif self._state == "hex" and character in _HEX:
            self._left = self._left[1:]
            self._state = "hex" if self._left else "string"
        else:
            return self._break(at)
        return at + 1

    def _read_number(self, text: str, at: int) -> int:
        state: str | None = self._state
        while at < len(text) and (state := _NUMBERS[self._state].get(text[at])) is not None:
            self._state = state
            at += 1
        if at == len(text):
            return at
        if self._state not in _WHOLE_NUMBERS:
            return self._break(at)
        self._end_value()
        return at

    def _read_literal(self, character: str, at: int) -> int:
        if character != self._left[0]:
            return self._break(at)
        self._left = self._left[1:]
        if not self._left:
            self._end_value()
        return at + 1

    def _read_structure(self, character: str, at: int) -> int:
        """Read a bracket, a comma, a colon, or the first character of a value or a key."""
        state = self._state
        if self._open and character == self._open[-1] and state in ("next", "first key", "first item"):
            self._string = None
            self._open.pop()
            self._end_value()
        elif state == "next" and character == ",":
            self._string, self._state = None, "key" if self._open[-1] == "}" else "value"
        elif state == "colon" and character == ":":
            self._string, self._state = None, "value"
        elif state in ("key", "first key") and character == '"':
            self._begin_string(at, is_key=True)
        elif state in ("value", "first item"):
            return self._begin_value(character, at)
        else:
            return self._break(at)
        return at + 1

    def _begin_value(self, character: str, at: int) -> int:
        if character in "{[":
            self._open.append("}" if character == "{" else "]")
            self._state = "first key" if character == "{" else "first item"
        elif character == '"':
            self._begin_string(at, is_key=False)
        elif character in _FIRST_OF_NUMBER:
            self._state = _FIRST_OF_NUMBER[character]
        elif character in _LITERALS:
            self._state, self._left = "literal", _LITERALS[character]
        else:
            return self._break(at)
        return at + 1

    def _begin_string(self, at: int, *, is_key: bool) -> None:
        self._state, self._is_key, self._string = "string", is_key, self._read + at

    def _end_value(self) -> None:
        self._state = "next"
        self._end_if_outermost()

    def _end_if_outermost(self) -> None:
        self.complete = not self._open

    def _break(self, at: int) -> int:
        self.broken = True
        return at
