"""The text of a tool call while it is open."""

from __future__ import annotations

from structgen.prompts.json_scanner import JsonScanner, end_of_space


class OpenCall:
    """Collects the text of a call, and says from where on a tag can end it.

    As long as the text is JSON, no tag counts. Behind the JSON, or from a fault on, each one does. So do
    those in the string in or right behind which the fault is: its quotes are in doubt.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        """Characters in `_pieces`."""
        self._scanner: JsonScanner | None = None
        self._json_start = 0
        self._json_end: int | None = None
        self._tags_count = False
        self._search_start: int | None = None

    @property
    def text(self) -> str:
        """All that was kept so far."""
        return "".join(self._pieces)

    @property
    def is_json(self) -> bool:
        """Whether the text begins as JSON."""
        return self._scanner is not None

    @property
    def awaits_search(self) -> bool:
        """Whether text that was kept must be searched for tags."""
        return self._search_start is not None

    def keep(self, text: str) -> None:
        """Add the next piece of the text."""
        self._pieces.append(text)
        self._length += len(text)

    def read(self, text: str, at: int) -> tuple[str, int, int | None]:
        """Read `text` from index `at`: what follows the text that was kept.

        Return the text, the index from which it is not kept yet, and the index from which tags count. The
        latter is None where no tag counts yet; all of the text was kept then. The text comes back longer
        where tags count in what was kept before.
        """
        if not self._tags_count:
            fault = self._scan(text, at)
            if not self._tags_count:
                self.keep(text[at:])
                return text, len(text), None
            self._search_start = self._doubtful_string
            if self._search_start is None:
                self._search_start = self._length + fault - at
        if self._search_start is None:
            return text, at, at
        start, self._search_start = self._search_start, None
        if start < self._length:
            text, at = self.text + text[at:], 0
            self._pieces, self._length = [], 0
        return text, at, at + start - self._length

    def _scan(self, text: str, at: int) -> int:
        """Read JSON; return the index from which tags count, if they do."""
        begin = at
        if self._scanner is None:
            at = end_of_space(text, at)
            if at == len(text):
                return at
            if text[at] not in "{[":
                self._tags_count = True
                return at
            self._scanner, self._json_start = JsonScanner(), self._length + at - begin
        end = self._scanner.scan(text, at)
        if self._scanner.complete:
            if self._json_end is None:
                self._json_end = self._length + end - begin
            end = end_of_space(text, end)
            self._tags_count = end < len(text)
        else:
            self._tags_count = self._scanner.broken
        return end

    @property
    def _doubtful_string(self) -> int | None:
        scanner = self._scanner
        if scanner is None or scanner.complete or scanner.doubtful_string is None:
            return None
        return self._json_start + scanner.doubtful_string

    def doubt(self, close: str) -> bool:
        """Take the last string as broken if it holds the tag `close`: no more text follows."""
        start = None if self._tags_count else self._doubtful_string
        if start is None or self.text.find(close, start) < 0:
            return False
        self._tags_count, self._search_start = True, start
        return True

    def take_following(self, close: str) -> str:
        """Remove what follows the JSON of the call, where something does, and return it.

        The beginning of the tag `close` stays.
        """
        text = self.text
        following = text[self._json_end :] if self._json_end is not None else ""
        if close.startswith(following.strip()):
            return ""
        self._pieces = [text[: self._json_end]]
        return following
