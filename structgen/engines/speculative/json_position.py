"""Position inside a growing JSON text: the last key, and whether a key or a value comes next."""

from __future__ import annotations

from collections import Counter

from structgen.engines.json_regions import JsonRegions

_TAIL = 80
"""Bytes of an unfinished string or literal that are kept: its last ones."""


class JsonPosition:
    """Incremental scanner of a JSON text; a step takes constant time, however long the text is.

    With `regions` it reads an answer of which only these are JSON.
    """

    def __init__(self, regions: JsonRegions | None = None) -> None:
        self._regions = regions
        self.keys: Counter[str] = Counter()
        """Occurrences of each key."""
        self.key: str | None = None
        """The last key."""
        self.quoted = self._escaped = False
        self._last = self._before_string = ""
        """The last byte outside of strings, and the one before the string that is open or was last."""
        self._open = self._closed = ""
        """The unfinished string or literal, and the last finished string."""

    def copy(self) -> JsonPosition:
        """Return an independent scanner at the same position."""
        copy = JsonPosition()
        copy.__dict__.update(self.__dict__)
        copy.keys = self.keys.copy()
        copy._regions = self._regions.copy() if self._regions else None
        return copy

    def take(self, piece: bytes) -> None:
        """Consume a piece of the text."""
        json = self._regions.take(piece) if self._regions else piece
        for char in json.decode("latin-1"):
            if self.quoted:
                if char == '"' and not self._escaped:
                    self.quoted, self._closed, self._open, self._last = False, self._open, "", char
                else:
                    self._escaped = char == "\\" and not self._escaped
                    self._open = (self._open + char)[-_TAIL:]
                continue
            if char == '"':
                self.quoted, self._before_string, self._open = True, self._last, ""
            elif char == ":":
                self.key = _decoded(self._closed)
                self.keys[self.key] += 1
            elif char in "{}[],":
                self._open = ""
            else:
                self._open = (self._open + char)[-_TAIL:]
            self._last = char

    @property
    def at_value(self) -> bool:
        """Whether the value of `key` comes next, or is a string of which only the quote is there."""
        return not self._open and (self._before_string if self.quoted else self._last) == ":"

    @property
    def at_key(self) -> bool:
        """Whether the quote of the next key was the last byte."""
        return self.quoted and not self._open and self._before_string in ("{", ",")

    @property
    def prefix(self) -> str:
        """The unfinished string or literal, or the end of a long one."""
        return _decoded(self._open)


def _decoded(latin: str) -> str:
    return latin.encode("latin-1").decode("utf-8", "ignore")
