"""JSON text as it grows, and what of it decides about the way to its end."""

from __future__ import annotations

from structgen.engines.guidance.number_range import Text

_VALUE = "v"
"""Stands for a value that is complete."""


class Outline(Text):
    """Follows a text and keeps its outline: open containers with the names of their members, without values.

    Two texts with the same outline mostly have the same shortest way to the end: `{"a":"x` and `{"a":"yz`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._string: list[str] = []

    def copy(self) -> Outline:
        made = Outline()
        made.quoted, made._escaped, made.literal = self.quoted, self._escaped, self.literal
        made._parts, made._string = self._parts.copy(), self._string.copy()
        return made

    @property
    def outline(self) -> str:
        """Member names, and the marks between values; inside a string without its text."""
        return "".join(self._parts)

    def take(self, piece: bytes) -> bool:
        fitting = True
        for char in piece.decode("latin-1"):
            quoted = self.quoted
            fitting = super().take(char.encode("latin-1")) and fitting
            if quoted or char == '"':
                self._in_string(char, quoted)
            else:
                self._between(char)
        return fitting

    def _in_string(self, char: str, quoted: bool) -> None:
        if not quoted:
            self._string = []
            self._parts.append('"')
        elif self.quoted:
            self._string.append(char)
        elif self._names_member():
            self._parts[-1] = '"' + "".join(self._string) + '"'
        else:
            self._parts[-1] = _VALUE

    def _names_member(self) -> bool:
        """Whether the string that has just ended stands where a member's name does."""
        before = self._parts[-2] if len(self._parts) > 1 else ""
        return before == "{" or (before == "," and self._innermost() == "{")

    def _innermost(self) -> str:
        return next((part for part in reversed(self._parts) if part in ("{", "[")), "")

    def _between(self, char: str) -> None:
        parts = self._parts
        if char in "{[:":
            parts.append(char)
        elif char in "}]":
            opening = "{" if char == "}" else "["
            while parts and parts.pop() != opening:
                pass
            parts.append(_VALUE)
        elif char == ",":
            if self._innermost() == "[":  # an item more: the ones before it do not matter
                while parts[-1] != "[":
                    parts.pop()
            parts.append(char)
        elif not parts or parts[-1] not in (_VALUE, "#"):
            parts.append("#")  # a number or a word, as long as it is open
