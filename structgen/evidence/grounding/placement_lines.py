"""The lines of a source, and the words on them that may name a field."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that do not put spaces between words."""
_STEM_LENGTH = 5
_ABBREVIATIONS = {
    "acct": "account",
    "addr": "address",
    "amt": "amount",
    "desc": "description",
    "dob": "birth",
    "no": "number",
    "nr": "number",
    "nbr": "number",
    "num": "number",
    "pct": "percent",
    "qty": "quantity",
    "ref": "reference",
    "tel": "telephone",
    "phone": "telephone",
}
_HEADING_WORDS = 6
_LONG_LINE = 400
"""Characters of a line whose words are read; further ones stand in running text."""
_PIECE = 1_000
"""Characters of the pieces that a line of more than two of them is cut into."""


def stems(text: str) -> Iterator[str]:
    """Return the words of a text in the form in which labels are compared.

    A word counts by its first letters, so that `invoices` meets `invoice`; scripts without spaces count by
    pairs of characters.
    """
    return chain.from_iterable(map(_stems_of, _LETTERS.findall(text)))


@lru_cache(maxsize=1 << 16)
def _stems_of(word: str) -> tuple[str, ...]:
    if word.isascii():
        folded = word.lower()
    elif _UNSPACED.search(word):
        return tuple([word[i : i + 2] for i in range(max(1, len(word) - 1))])
    else:
        parts = unicodedata.normalize("NFKD", word.casefold())
        folded = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return (_ABBREVIATIONS.get(folded, folded)[:_STEM_LENGTH],)


class Lines:
    """The lines of a text, numbered from 0; what is read of a line is kept."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self.known_positions: dict[tuple[int, int], tuple[int, ...]] = {}
        """Where ranges stand on their lines, as far as anyone asked."""
        self._stems: dict[int, frozenset[str]] = {}
        self._near: dict[tuple[int, int], frozenset[str]] = {}

    def at(self, offset: int) -> int:
        """Return the line that an offset stands on."""
        return bisect_right(self.starts, offset) - 1

    @cached_property
    def pieces(self) -> list[int]:
        """The first offsets of the lines, and of the pieces of very long ones."""
        cuts: list[int] = []
        for begin, end in zip(self.starts, [*self.starts[1:], len(self.text)], strict=True):
            cuts += range(begin, end, _PIECE) if end - begin > 2 * _PIECE else (begin,)
        return cuts

    def begin(self, line: int) -> int:
        """Return the first offset of a line; the end of the text for a line after the last."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def content(self, line: int) -> str:
        """Return a line without its end."""
        return self.text[self.begin(line) : self.begin(line + 1)].rstrip("\r\n\v\f\x85\u2028\u2029")

    def stems(self, line: int) -> frozenset[str]:
        """Return the words of a line, as `stems` gives them; no words for lines outside of the text."""
        known = self._stems.get(line)
        if known is None:
            inside = 0 <= line < len(self.starts)
            begin = self.begin(line) if inside else 0
            end = min(self.begin(line + 1), begin + _LONG_LINE) if inside else 0
            known = self._stems[line] = frozenset(stems(self.text[begin:end]))
        return known

    def stems_near(self, line: int, count: int) -> frozenset[str]:
        """Return the words of a line and of so many lines before or after it."""
        key = (line, count)
        known = self._near.get(key)
        if known is None:
            others = range(line + min(count, 0), line + max(count, 0) + 1)
            known = self._near[key] = frozenset().union(*map(self.stems, others))
        return known

    def blank(self, line: int) -> bool:
        """Whether a line has only space."""
        return not self.content(line).strip()


class Headings:
    """The closest line above that may be the heading of a part of the object.

    A heading is a short line with a word of a member's name that holds an object or a list, without digits.
    """

    def __init__(self, lines: Lines, names: Iterable[frozenset[str]], reach: int = 40) -> None:
        self._lines = lines
        self._names: frozenset[str] = frozenset().union(*names)
        self._reach = reach
        self._above: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._names)

    def above(self, line: int) -> int | None:
        """Return the line of the closest heading at or above a line; None where there is none in reach."""
        if not self._names:
            return None
        passed: list[int] = []
        current, heading = line, -1
        while current >= 0 and line - current <= self._reach:
            if current in self._above:
                heading = self._above[current]
                break
            passed.append(current)
            if self._is_heading(current):
                heading = current
                break
            current -= 1
        for one in passed:
            self._above[one] = heading
        return heading if heading >= 0 and line - heading <= self._reach else None

    def _is_heading(self, line: int) -> bool:
        if self._names.isdisjoint(self._lines.stems(line)):
            return False
        content = self._lines.content(line)
        return len(content.split()) <= _HEADING_WORDS and not _DIGIT.search(content)
