"""Which plain values of a document stand in a prompt, line by line."""

from bisect import bisect_right
from collections import defaultdict

from long_lists_writing import Document

Place = tuple[str, int]


class ValueRows:
    """The rows of a document's lists of plain values: whole lines, or parts of lines."""

    def __init__(self, document: Document, pointers: set[str], lines: list[tuple[int, str]]) -> None:
        starts = [start for start, _ in lines]
        by_number: dict[int, list[Place]] = defaultdict(list)
        self._alone: dict[str, list[Place]] = defaultdict(list)
        for pointer in pointers:
            for index, (start, end) in enumerate(document.spans[pointer]):
                by_number[bisect_right(starts, start) - 1].append((pointer, index))
                self._alone[_bare(document.text[start:end])].append((pointer, index))
        self._by_line: dict[str, list[tuple[int, list[Place]]]] = defaultdict(list)
        for number, places in sorted(by_number.items()):
            self._by_line[lines[number][1]].append((number, places))

    def rows_in(self, lines: list[tuple[int, str]]) -> list[tuple[int, Place]]:
        """Return the rows of a prompt's lines with their offsets: all of a line, or one that stands alone."""
        found: list[tuple[int, Place]] = []
        last, seen = -1, defaultdict(int)
        for offset, line in lines:
            if line in self._by_line:
                known = self._by_line[line]
                number, places = next((each for each in known if each[0] > last), known[0])
                last = number
                found += [(offset + at, place) for at, place in enumerate(places)]
            elif (alone := self._alone.get(_bare(line))) and line:
                found.append((offset, alone[min(seen[line], len(alone) - 1)]))
                seen[line] += 1
        return found


def _bare(text: str) -> str:
    """Return a text without the mark and the full stop at its ends."""
    return text.strip().rstrip(".")
