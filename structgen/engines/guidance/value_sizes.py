"""Bound the sizes of values, token by token: digits, string lengths, items.

A bound holds only where the grammar lets the value end: a pattern, a multiple or a least length that needs
more gets more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from structgen.engines.guidance.number_range import JsonScanner
from structgen.engines.json_regions import JsonRegions
from structgen.schema.declared_sizes import DeclaredSizes

_AWAITING = frozenset((b".", b"e", b"E", b"+", b"-"))
"""After these a digit must follow."""
_RUN = re.compile(rb"[-0-9+.eE]*")
_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_INSIDE = re.compile(rb'(?:[^"\\]|\\.)*', re.DOTALL)


class ValueSizes:
    """Sizes in a growing JSON text.

    They are the digits of the open number, the characters of the open string and the items of each open
    container. With `regions` only these are JSON.
    """

    def __init__(self, bounds: DeclaredSizes, regions: JsonRegions | None = None) -> None:
        self.bounds, self.regions = bounds, regions
        self.text = JsonScanner()
        self.characters = 0
        self.counts: list[int] = []
        """Items or members in each open container, the open one included."""
        self._hexadecimal = 0

    def copy(self) -> ValueSizes:
        """Return an independent copy at the same position."""
        copy = ValueSizes(self.bounds, self.regions.copy() if self.regions else None)
        copy.text, copy.characters = self.text.copy(), self.characters
        copy.counts, copy._hexadecimal = self.counts.copy(), self._hexadecimal
        return copy

    @property
    def digits(self) -> int:
        """Digits of the unfinished number at the end of the text."""
        return sum(character.isdigit() for character in self.text.literal)

    def take(self, piece: bytes) -> None:
        """Consume a piece of the text."""
        for byte in self.regions.take(piece) if self.regions else piece:
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
        """Count an escape once, with its last character, and a character of several bytes once."""
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
        """Whether an open container has as many items as its bound."""
        return any(count >= self.bounds.items for count in self.counts)

    def overfills(self, piece: bytes) -> bool:
        """Return whether the piece begins an item beyond the bound."""
        after = self.copy()
        for byte in piece:
            after.take(bytes((byte,)))
            if any(count > self.bounds.items for count in after.counts):
                return True
        return False


class ValueSizeMask:
    """The tokens of a vocabulary by the digits and characters that they add to an open value."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self.size = pieces, len(pieces)
        self._characters = np.array([_characters(piece) for piece in pieces], dtype=np.int32)
        self._escaped = np.array([_characters(b"\\" + piece) for piece in pieces], dtype=np.int32)
        """Characters after a backslash, where a quote does not end the string."""
        self._digits = np.array([_digits(piece) for piece in pieces], dtype=np.int32)
        self._commas = np.array([b"," in piece for piece in pieces], dtype=bool)
        self._most = max(int(self._escaped.max()), int(self._digits.max()))

    def is_near(self, sizes: ValueSizes) -> bool:
        """Return whether any token could take a value beyond its bound."""
        if sizes.text.quoted:
            near = sizes.characters + self._most > sizes.bounds.length
        else:
            near = bool(sizes.text.literal) and sizes.digits + self._most > sizes.bounds.digits
        return near or sizes.full

    def apply(self, sizes: ValueSizes, allowed: np.ndarray) -> np.ndarray:
        """Return the mask `allowed` (a boolean for each token) without tokens that exceed a bound.

        Where all of them do, in the middle of an escape say, those remain that exceed it least.
        """
        narrowed = allowed
        if sizes.text.quoted:
            costs = self._escaped if sizes.text._escaped else self._characters
            narrowed = _within(narrowed, costs, sizes.bounds.length - sizes.characters)
        elif sizes.text.literal:
            narrowed = _within(narrowed, self._digits, sizes.bounds.digits - sizes.digits)
        if not sizes.full:
            return narrowed
        fitting = narrowed.copy()
        for token in np.flatnonzero(narrowed & self._commas):
            fitting[token] = not sizes.overfills(self._pieces[int(token)])
        return fitting if fitting.any() else narrowed


def _within(allowed: np.ndarray, costs: np.ndarray, room: int) -> np.ndarray:
    """Return the allowed tokens that cost at most `room`, or the cheapest ones where none does."""
    affordable: np.ndarray = allowed & (costs <= max(0, room))
    if not affordable.any() and allowed.any():
        affordable = allowed & (costs == costs[allowed].min())
    return affordable


def _characters(piece: bytes) -> int:
    """Count the characters that the piece adds to a string; an escape that it begins is one."""
    inside = _INSIDE.match(piece)
    ended = inside.end() if inside else 0
    text = _ESCAPE.sub(b"x", piece[:ended])
    return sum(not 0x80 <= byte < 0xC0 for byte in text) + (piece[ended : ended + 1] == b"\\")


def _digits(piece: bytes) -> int:
    """Count the digits that the piece adds to a number, and one more where a digit must follow."""
    run = _RUN.match(piece)
    text = run.group() if run else b""
    return sum(48 <= byte < 58 for byte in text) + (text[-1:] in _AWAITING)
