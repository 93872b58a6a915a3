"""Writes long documents whose rows have known places: lines, rows of lists, pages with headers."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grounding_rendering import Notation

Range = tuple[int, int]
Lines = Callable[["Writer"], Sequence[str]]
"""Lines of a header or footer, from the writer's page number and count."""


@dataclass(frozen=True)
class Document:
    """A document and its truth.

    `spans` has, for the pointer of every list, the range of each row in the order of the text: half-open, in
    code points. `scalars` has the range of the line that says each other value. `countable` is false where
    the text does not show how many rows a list has: an honest count is then not certain.
    """

    style: str
    text: str
    schema: dict[str, Any]
    gold: Any
    pages: tuple[str, ...]
    spans: dict[str, list[Range]]
    scalars: dict[str, Range]
    countable: bool = True

    @property
    def rows(self) -> int:
        return sum(map(len, self.spans.values()))


class Writer:
    """Writes lines and knows where rows stand.

    With `page_lines` a page holds about so many lines: `next_row` turns the page before a row that would
    stand below them, writes `footer` and `header`, and `repeated`, such as the header of a table.
    """

    def __init__(
        self, rng: random.Random, notation: Notation, newline: str, page_lines: int | None, pages: int
    ) -> None:
        self.rng, self.notation, self.newline = rng, notation, newline
        self.page_lines, self.pages, self.page = page_lines, pages, 1
        self.page_mark = "\f"
        """What stands between two pages: nothing in text whose pages are not marked."""
        self.header: Lines | None = None
        self.footer: Lines | None = None
        self.repeated: Sequence[str] = ()
        self.carried: Lines | None = None
        """Lines at the end of a page and again on the next one, such as a balance carried forward."""
        self.spans: dict[str, list[Range]] = {}
        self.scalars: dict[str, Range] = {}
        self.countable = True
        self.length = 0
        self._parts: list[str] = []
        self._lines = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)

    def line(self, *lines: str) -> None:
        for text in lines or ("",):
            self.write(text + self.newline)
            self._lines += 1

    def scalar(self, pointer: str, text: str) -> None:
        """Write a line that says a value outside of the lists."""
        self.scalars[pointer] = (self.length, self.length + len(text))
        self.line(text)

    def list_at(self, pointer: str) -> None:
        """Say that there is a list, which may stay empty."""
        self.spans.setdefault(pointer, [])

    @contextmanager
    def row(self, pointer: str) -> Iterator[None]:
        """Take what the block writes, without white space around it, for the next row of a list."""
        first, start = len(self._parts), self.length
        ranges = self.spans.setdefault(pointer, [])
        place = len(ranges)
        ranges.append((start, start))
        yield
        text = "".join(self._parts[first:])
        ranges[place] = (start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    def rows(self, pointer: str, lines: Sequence[str]) -> None:
        """Write the lines of one row, on a page that has space for them."""
        self.next_row(len(lines))
        with self.row(pointer):
            self.line(*lines)

    def next_row(self, lines: int = 1) -> None:
        """Turn the page where it has no space for so many lines."""
        if self.page_lines is not None and self._lines + lines > self.page_lines:
            self.turn_page()

    def turn_page(self) -> None:
        carried = self.carried(self) if self.carried else ()
        if carried:
            self.line(carried[0])
        if self.footer:
            self.line(*self.footer(self))
        self.write(self.page_mark)
        self.page += 1
        self._lines = 0
        if self.header:
            self.line(*self.header(self))
        if carried[1:]:
            self.line(*carried[1:])
        if self.repeated:
            self.line(*self.repeated)
