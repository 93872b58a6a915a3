"""Build a `Source` piece by piece, within a limit of characters."""

from __future__ import annotations

from structgen.evidence.packed_words import PackedWords
from structgen.evidence.source import PAGE_BREAK, Source
from structgen.files.limits import FileLimits, exceeded
from structgen.types import Diagnostic
from structgen.types.evidence import Box

UNREAD_PART, DECODED, NO_TEXT_PAGE = "unread-part", "guessed-encoding", "page-without-text"
"""Codes of the warnings about files."""


class SourceBuilder:
    """Collect the text of a file with its pages, words and warnings."""

    def __init__(self, limits: FileLimits) -> None:
        self._limits = limits
        self._parts: list[str] = []
        self._page_starts: list[int] = []
        self._words: list[tuple[int, int, Box]] = []
        self._warnings: list[Diagnostic] = []
        self.length = 0

    def page(self) -> None:
        """Begin a page."""
        if self._page_starts:
            self.text(PAGE_BREAK)
        self._page_starts.append(self.length)

    def text(self, text: str) -> None:
        """Append text; raise `UnreadableFile` where it becomes too long."""
        self._parts.append(text)
        self.length += len(text)
        if self.length > self._limits.max_characters:
            exceeded("max_characters", self._limits, self.length)

    def word(self, text: str, box: Box) -> None:
        """Append a word with its rectangle."""
        self.text(text)
        self._words.append((self.length - len(text), self.length, box))

    def warn(self, code: str, message: str) -> None:
        """Record what of the file is not in the text, or may be wrong in it."""
        self._warnings.append(Diagnostic("", code, message))

    def source(self, part: Source) -> None:
        """Append another source as pages of its own."""
        self.page()
        offset = self.length
        self._page_starts += [offset + start for start in part.page_starts[1:]]
        self.text(part.text)
        self._words += [(offset + w.start, offset + w.end, w.box) for w in part.words]
        self._warnings += part.warnings

    def build(self) -> Source:
        """Return the source."""
        words = PackedWords.of(self._words) if self._words else ()
        return Source("".join(self._parts), tuple(self._page_starts), words, tuple(self._warnings))
