"""JSON text as it grows. A grammar lets `1e999` pass, for it does not count exponents: this does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isinf

from structgen.jsontext import MAX_DIGITS

_CONTINUES = frozenset("0123456789+-.eE")
_EXPONENT = re.compile(rb"[0-9.+-]*[eE][+-]?[0-9]")
_SAFE = 308
"""Digits with which a number is within a double, as long as it has no exponent."""


class Text:
    """Follows a JSON text as it grows, and tells which pieces would take a number out of range."""

    def __init__(self) -> None:
        self.quoted = self._escaped = False
        """`quoted`: inside a string."""
        self.literal = ""
        """The number, so far, that stands at the end."""

    def copy(self) -> Text:
        made = Text()
        made.quoted, made._escaped, made.literal = self.quoted, self._escaped, self.literal
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
                self.quoted, self.literal = True, ""
            elif char in "-0123456789" or (self.literal and char in _CONTINUES):
                self.literal += char
                fitting = fitting and _representable(self.literal)
            else:
                self.literal = ""
        return fitting


class Ranges:
    """Which tokens of a vocabulary a grammar would allow, and no number may take."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        numeric = [(token, p) for token, p in enumerate(pieces) if p and chr(p[0]) in _CONTINUES]
        self._continuing = numeric
        self._exponents = [(token, piece) for token, piece in numeric if _EXPONENT.match(piece)]
        self._alone = [token for token, piece in self._exponents if not Text().fits(piece)]
        self._near = _SAFE - max((len(piece) for _, piece in numeric), default=0)

    def barred(self, text: Text) -> list[int]:
        """Tokens that may not come next; seldom any."""
        if text.quoted or not text.literal:
            return [] if text.quoted else self._alone
        near = len(text.literal) > self._near or "e" in text.literal.lower()
        candidates = self._continuing if near else self._exponents
        return [token for token, piece in candidates if not text.fits(piece)]


def _representable(literal: str) -> bool:
    if literal.lstrip("-").isdecimal():
        return len(literal) <= MAX_DIGITS
    whole = literal.rstrip("+-.eE")
    try:
        return not (whole and isinf(float(whole)))
    except ValueError:  # no number: that is the grammar's affair
        return True
