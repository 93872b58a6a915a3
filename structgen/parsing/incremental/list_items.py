"""Split the text of a JSON list into its items while it grows."""

from __future__ import annotations

import re

_MARK = re.compile(r'["\\\[\]{},]')


class ListItemSplitter:
    """Returns the text of each item of a list as soon as it is complete.

    A string, list or object is complete with its last character, a number or literal with the character after
    it. A text that does not begin with a list has no items.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        """The pieces of the open item."""
        self._depth = 0
        self._quoted = self._ended = self._returned = False
        """`ended`: the list is closed, or there is none. `returned`: the last item was returned already."""
        self._read, self._escaped = 0, -1
        """Characters of the text before the piece, and the position of the character after a backslash."""

    def feed(self, piece: str) -> list[str]:
        """Read a piece of the text, and return the texts of the items that it completes."""
        items: list[str] = []
        start = 0
        for mark in _MARK.finditer(piece):
            if self._ended:
                break
            if self._depth == 0:
                before = "".join([*self._open, piece[: mark.start()]])
                self._depth, self._ended = 1, mark[0] != "[" or bool(before.strip())
                self._open, start = [], mark.end()
                continue
            closes, separates = self._take(mark[0], self._read + mark.start())
            if closes or separates:
                self._open.append(piece[start : mark.end() if closes else mark.start()])
                start = mark.end()
                text = "".join(self._open).strip()
                self._open.clear()
                if text and not self._returned:
                    items.append(text)
                self._returned = closes
        self._open.append(piece[start:])
        self._read += len(piece)
        return items

    def _take(self, mark: str, position: int) -> tuple[bool, bool]:
        """Read a structural character; return whether it closes an item, and whether it follows one."""
        if self._quoted:
            if position != self._escaped and mark in '"\\':
                self._escaped = position + 1 if mark == "\\" else -1
                self._quoted = mark == "\\"
            return not self._quoted and self._depth == 1, False
        if mark == '"':
            self._quoted = True
        elif mark in "[{":
            self._depth += 1
        elif mark in "]}":
            self._depth -= 1
            self._ended = self._depth == 0
            return self._depth == 1, self._ended
        return False, mark == "," and self._depth == 1
