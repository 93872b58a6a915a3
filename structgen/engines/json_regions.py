"""Separate the JSON of an answer from the text around it, byte by byte.

Scanners of JSON read an answer with tool calls through these regions: a quote or a digit in prose is none of
theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_TAG = b"<tool_call>"
_OPENING, _CLOSING = b"{[", b"}]"


@dataclass(slots=True)
class JsonRegions:
    """Position in a growing answer: inside of a region of JSON, or in the text around it.

    A region begins with the first bracket after the tag of a call, and ends with the bracket that closes it.
    """

    tagged: bool = True
    """Whether calls may come; otherwise a text has no region."""
    response: bool = False
    """Whether the answer, so far empty, is JSON as a whole unless it begins with a tag."""
    whole: bool = False
    """Whether the whole answer is JSON."""
    awaited: bool = False
    """Whether the tag of a call was the last, and its JSON comes next."""
    _depth: int = 0
    """Open brackets of the region."""
    _matched: int = 0
    """Bytes of the tag at the end of the text."""
    _quoted: bool = False
    _escaped: bool = False

    @property
    def inside(self) -> bool:
        """Whether the next byte belongs to JSON."""
        return self.whole or self.response or self._depth > 0

    def copy(self) -> JsonRegions:
        """Return an independent copy at the same position."""
        return replace(self)

    def take(self, piece: bytes) -> bytes:
        """Consume a piece of the answer, and return its bytes that belong to JSON."""
        if self.response and piece:
            self.response, self.whole = False, piece[:1] != _TAG[:1]
        if self.whole:
            return piece
        return bytes(byte for byte in piece if self._belongs(byte)) if self.tagged else b""

    def _belongs(self, byte: int) -> bool:
        if self._depth:
            self._follow(byte)
            return True
        if self.awaited:
            if byte in _OPENING:
                self.awaited, self._depth = False, 1
            return byte in _OPENING
        self._matched = self._matched + 1 if byte == _TAG[self._matched] else int(byte == _TAG[0])
        if self._matched == len(_TAG):
            self.awaited, self._matched = True, 0
        return False

    def _follow(self, byte: int) -> None:
        """Count brackets outside of strings."""
        if self._quoted:
            self._quoted = self._escaped or byte != ord('"')
            self._escaped = byte == ord("\\") and not self._escaped
        elif byte == ord('"'):
            self._quoted = True
        else:
            self._depth += (byte in _OPENING) - (byte in _CLOSING)
