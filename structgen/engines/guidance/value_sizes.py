"""Sizes of values as a JSON text grows, and the tokens that would take one beyond its limit.

A limit is held only where the grammar lets the value end: a pattern, a multiple or a least length that needs
more gets more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from structgen.engines.guidance.number_range import Text
from structgen.schema.declared_sizes import Extent

_AWAITING = frozenset((b".", b"e", b"E", b"+", b"-"))
"""After these a digit must follow."""
_RUN = re.compile(rb"[-0-9+.eE]*")
_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_INSIDE = re.compile(rb'(?:[^"\\]|\\.)*', re.DOTALL)


class Sizes:
    """Follows one text: the digits of the open number, the characters of the open string, the items of
    every open container."""

    def __init__(self, bounds: Extent) -> None:
        self.bounds = bounds
        self.text = Text()
        self.characters = 0
        self.counts: list[int] = []
        """Items or members begun in each open container."""
        self._hexadecimal = 0

    def copy(self) -> Sizes:
        made = Sizes(self.bounds)
        made.text, made.characters = self.text.copy(), self.characters
        made.counts, made._hexadecimal = self.counts.copy(), self._hexadecimal
        return made

    @property
    def digits(self) -> int:
        """Digits of the number that stands at the end."""
        return sum(character.isdigit() for character in self.text.literal)

    def take(self, piece: bytes) -> None:
        """Go on by a piece."""
        for byte in piece:
            char, quoted, escaped = bytes((byte,)), self.text.quoted, self.text._escaped
            self.text.take(char)
            if quoted:
                self._in_string(byte, escaped)
            elif char == b'"':
                self.characters = 0
            elif char in b"{[":
                self.counts.append(1)
            elif char in b"}]" and self.counts:
                self.counts.pop()
            elif char == b"," and self.counts:
                self.counts[-1] += 1

    def _in_string(self, byte: int, escaped: bool) -> None:
        """An escape counts once, with its last character; so does a character of several bytes."""
        if not self.text.quoted or self.text._escaped or 0x80 <= byte < 0xC0:
            return
        if self._hexadecimal:
            self._hexadecimal -= 1
            return
        if escaped and byte == ord("u"):
            self._hexadecimal = 4
        self.characters += 1

    @property
    def full(self) -> bool:
        """Whether an open container has all the items that it may have."""
        return any(count >= self.bounds.items for count in self.counts)

    def overfills(self, piece: bytes) -> bool:
        """Whether the piece begins an item too many."""
        after = self.copy()
        for byte in piece:
            after.take(bytes((byte,)))
            if any(count > self.bounds.items for count in after.counts):
                return True
        return False


class Limiter:
    """Knows of each token of a vocabulary what it adds to an open number or string."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self.size = pieces, len(pieces)
        self._characters = np.array([_characters(piece) for piece in pieces], dtype=np.int32)
        self._escaped = np.array([_characters(b"\\" + piece) for piece in pieces], dtype=np.int32)
        """Likewise where a backslash stands before the token: a quote does not end the string there."""
        self._digits = np.array([_digits(piece) for piece in pieces], dtype=np.int32)
        self._commas = np.array([b"," in piece for piece in pieces], dtype=bool)
        self._most = max(int(self._escaped.max()), int(self._digits.max()))

    def is_near(self, sizes: Sizes) -> bool:
        """Whether any token could take a value beyond its limit."""
        if sizes.text.quoted:
            near = sizes.characters + self._most > sizes.bounds.length
        else:
            near = bool(sizes.text.literal) and sizes.digits + self._most > sizes.bounds.digits
        return near or sizes.full

    def narrowed(self, sizes: Sizes, allowed: np.ndarray) -> np.ndarray:
        """Return the allowed tokens (a boolean for each) without those that go too far.

        Where all of them do, in the middle of an escape say, those remain that go the least distance.
        """
        kept = allowed
        if sizes.text.quoted:
            costs = self._escaped if sizes.text._escaped else self._characters
            kept = _within(kept, costs, sizes.bounds.length - sizes.characters)
        elif sizes.text.literal:
            kept = _within(kept, self._digits, sizes.bounds.digits - sizes.digits)
        if not sizes.full:
            return kept
        fitting = kept.copy()
        for token in np.flatnonzero(kept & self._commas):
            fitting[token] = not sizes.overfills(self._pieces[int(token)])
        return fitting if fitting.any() else kept


def _within(allowed: np.ndarray, costs: np.ndarray, room: int) -> np.ndarray:
    """Return the allowed tokens that cost no more than the room, or else the cheapest of them."""
    kept: np.ndarray = allowed & (costs <= max(0, room))
    if not kept.any() and allowed.any():
        kept = allowed & (costs == costs[allowed].min())
    return kept


def _characters(piece: bytes) -> int:
    """Characters that the piece adds to a string before it ends it; an escape that it begins is one."""
    inside = _INSIDE.match(piece)
    ended = inside.end() if inside else 0
    text = _ESCAPE.sub(b"x", piece[:ended])
    return sum(not 0x80 <= byte < 0xC0 for byte in text) + (piece[ended : ended + 1] == b"\\")


def _digits(piece: bytes) -> int:
    """Digits that the piece adds to a number; one more where another must follow."""
    run = _RUN.match(piece)
    text = run.group() if run else b""
    return sum(48 <= byte < 58 for byte in text) + (text[-1:] in _AWAITING)
