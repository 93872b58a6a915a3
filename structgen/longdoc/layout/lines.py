"""The lines of a text that are not empty, packed: their places, indents and the gaps above them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator

from structgen.evidence.source import Source

LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
MANY = 255


class Lines:
    """Lines with something in them; a million take 30 MB.

    `gaps` has the empty lines above each line (255 at most), `breaks` whether a page begins there.
    """

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source.text
        self.starts, self.ends = array("q"), array("q")
        self.indents, self.gaps, self.breaks = array("H"), bytearray(), bytearray()
        pages = source.page_starts
        page = bisect_left(pages, start + 1)
        last = start
        for match in LINE.finditer(self.source, start, end):
            first, stop = match.span()
            line = match.group()
            bare = line.strip()
            if not bare:
                continue
            left = first + len(line) - len(line.lstrip())
            gap = self.source.count("\n", last, left) or self.source.count("\r", last, left)
            turned = self.source.find("\f", last, left) >= 0
            while page < len(pages) and pages[page] <= left:
                turned, page = True, page + 1
            self.starts.append(left)
            self.ends.append(left + len(bare))
            self.indents.append(min(len(line[: left - first].expandtabs(4)), 65_535))
            self.gaps.append(min(max(gap - 1, 0), MANY))
            self.breaks.append(turned and bool(len(self.starts) > 1))
            last = stop

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, line: int) -> str:
        return self.source[self.starts[line] : self.ends[line]]

    def texts(self, start: int, end: int) -> Iterator[str]:
        """Yield the texts of lines."""
        return map(self.__getitem__, range(start, end))

    def is_apart(self, line: int) -> bool:
        """Return whether an empty line or a new page stands above."""
        return bool(self.gaps[line] or self.breaks[line])
