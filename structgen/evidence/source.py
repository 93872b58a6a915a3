"""The text that an object came from, with its pages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from structgen.types import Diagnostic
from structgen.types.evidence import Box

PAGE_BREAK = "\f"
"""Stands between two pages of a source that is given as a list of pages."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page with a layout: its half-open range of the source, and its rectangle."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True)
class Source:
    """A text; where it came from pages, the offset of each one; where it has a layout, its words in order."""

    text: str
    page_starts: tuple[int, ...] = ()
    words: Sequence[Word] = ()
    warnings: tuple[Diagnostic, ...] = ()
    """What of a file is not in the text, or may be wrong in it."""

    @classmethod
    def of(cls, source: str | Sequence[str] | Source) -> Source:
        """Return the source of a text, or of the texts of pages; offsets then count the joined text."""
        if isinstance(source, Source):
            return source
        if isinstance(source, str):
            return cls(source)
        starts, offset = [], 0
        for page in source:
            starts.append(offset)
            offset += len(page) + len(PAGE_BREAK)
        return cls(PAGE_BREAK.join(source), tuple(starts))

    def page(self, offset: int) -> int | None:
        """Return the page of an offset, from 1; None for a source without pages."""
        return bisect_right(self.page_starts, offset) if self.page_starts else None

    def box(self, start: int, end: int) -> Box | None:
        """Return the smallest rectangle around the words of a range; None without a layout."""
        first = bisect_right(self.words, start, key=lambda word: word.end)
        boxes = []
        for index in range(first, len(self.words)):
            word = self.words[index]
            if word.start >= end:
                break
            boxes.append(word.box)
        if not boxes:
            return None
        left, top, right, bottom = zip(*boxes, strict=True)
        return min(left), min(top), max(right), max(bottom)
