"""JSON text as it grows. A grammar lets `1e999` pass, for it does not count exponents: this does."""

from __future__ import annotations

from math import isinf

from structgen.jsontext import MAX_DIGITS

_CONTINUES = frozenset("0123456789+-.eE")


class Text:
    """Follows a JSON text as it grows, and tells which pieces would take a number out of range."""

    def __init__(self) -> None:
        self.quoted = self._escaped = False
        """`quoted`: inside a string."""
        self._literal = ""

    def copy(self) -> Text:
        made = Text()
        made.quoted, made._escaped, made._literal = self.quoted, self._escaped, self._literal
        return made

    def fits(self, piece: bytes) -> bool:
        """Whether the piece may come next. A number that is cut short can always be ended."""
        return self.copy().take(piece)

    def take(self, piece: bytes) -> bool:
        """Go on by a piece; false where a number left the range."""
        fitting = True
        for char in piece.decode("latin-1"):
            if self.quoted:
                self.quoted = self._escaped or char != '"'
                self._escaped = char == "\\" and not self._escaped
            elif char == '"':
                self.quoted, self._literal = True, ""
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
