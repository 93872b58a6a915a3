"""Numbers that no double holds: a grammar lets `1e999` pass, for it does not count exponents."""

from __future__ import annotations

from math import isinf

from structgen.jsontext import MAX_DIGITS

_CONTINUES = frozenset("0123456789+-.eE")


class Numbers:
    """Follows a JSON text as it grows, and tells which pieces would take a number out of range."""

    def __init__(self) -> None:
        self._quoted = self._escaped = False
        self._literal = ""

    def fits(self, piece: bytes) -> bool:
        """Whether the piece may come next. A number that is cut short can always be ended."""
        state = self._quoted, self._escaped, self._literal
        fitting = self.take(piece)
        self._quoted, self._escaped, self._literal = state
        return fitting

    def take(self, piece: bytes) -> bool:
        """Go on by a piece; false where a number left the range."""
        fitting = True
        for char in piece.decode("latin-1"):
            if self._quoted:
                self._quoted = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self._quoted, self._literal = True, ""
            elif char in "-0123456789" or (self._literal and char in _CONTINUES):
                self._literal += char
                fitting = fitting and _representable(self._literal)
            else:
                self._literal = ""
        return fitting


def _representable(literal: str) -> bool:
    if literal.lstrip("-").isdecimal():
        return len(literal) <= MAX_DIGITS
    whole = literal.rstrip("+-.eE")
    return not (whole and isinf(float(whole)))
