"""Track the structure of a growing JSON text: open containers and member names, without values."""

from __future__ import annotations

from structgen.engines.guidance.number_range import JsonScanner
from structgen.engines.json_regions import JsonRegions

_VALUE = "v"
"""Placeholder of a complete value."""
_TAG = "<"
"""Placeholder of a tag whose call has not begun."""


class JsonOutline(JsonScanner):
    """Incremental scanner that keeps open containers with their member names, and no values.

    Texts with the same outline mostly have the same shortest completion: `{"a":"x` and `{"a":"yz`.
    """

    def __init__(self, regions: JsonRegions | None = None) -> None:
        super().__init__(regions)
        self._marks: list[str] = []
        self._string: list[str] = []

    def copy(self) -> JsonOutline:
        """Return an independent copy."""
        copy = JsonOutline(self.regions.copy() if self.regions else None)
        copy.quoted, copy._escaped, copy.literal = self.quoted, self._escaped, self.literal
        copy._marks, copy._string = self._marks.copy(), self._string.copy()
        return copy

    @property
    def outline(self) -> str:
        """Member names and structural characters; string contents are left out."""
        awaited = self.regions is not None and self.regions.awaited
        return "".join([_TAG, *self._marks] if awaited else self._marks)

    def _read(self, json: bytes) -> bool:
        in_range = True
        for char in json.decode("latin-1"):
            quoted = self.quoted
            in_range = super()._read(char.encode("latin-1")) and in_range
            if quoted or char == '"':
                self._in_string(char, quoted)
            else:
                self._between(char)
        return in_range

    def _in_string(self, char: str, quoted: bool) -> None:
        if not quoted:
            self._string = []
            self._marks.append('"')
        elif self.quoted:
            self._string.append(char)
        elif self._names_member():
            self._marks[-1] = '"' + "".join(self._string) + '"'
        else:
            self._marks[-1] = _VALUE

    def _names_member(self) -> bool:
        """Return whether the string that has just ended is a member name."""
        before = self._marks[-2] if len(self._marks) > 1 else ""
        return before == "{" or (before == "," and self._innermost() == "{")

    def _innermost(self) -> str:
        return next((mark for mark in reversed(self._marks) if mark in ("{", "[")), "")

    def _between(self, char: str) -> None:
        marks = self._marks
        if char in "{[" and marks == [_VALUE]:  # the JSON of another call
            marks.clear()
        if char in "{[:":
            marks.append(char)
        elif char in "}]":
            opening = "{" if char == "}" else "["
            while marks and marks.pop() != opening:
                pass
            marks.append(_VALUE)
        elif char == ",":
            if self._innermost() == "[":  # earlier items do not change the completion
                while marks[-1] != "[":
                    marks.pop()
            marks.append(char)
        elif not char.isspace() and (not marks or marks[-1] not in (_VALUE, "#")):
            marks.append("#")  # an unfinished number or literal
