"""Tokens of a text by what they are: dates, times, numbers, codes, words, marks, gaps and line ends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["date", "time", "number", "code", "word", "mark", "gap", "line"]
_LINE = r"(?P<line>\s*[\n\r\f\v\x85\u2028\u2029]\s*)"
_SENTENCE = r"(?P<line>[.;!?]?\s*\n\s*?\n\s*|[.;!?](?:\s+|$))"
_GAP = r"(?P<gap>[ \u00a0\u3000]*(?:\t|[ \u00a0\u3000]{2}|\u3000)[\t \u00a0\u3000]*)"
_VALUE = (
    r"(?P<value>(?:(?<![\w)\]])[-+−–])?[$€£¥₹]?[-+−]?\w+(?:(?:[-./&@'’]|(?<=\d)[,:](?=\d))\w+)*%?)"
    r"|(?P<mark>[^\w\s])"
)
_TOKEN = re.compile(f"{_LINE}|{_GAP}|{_VALUE}")
_PROSE = re.compile(f"{_SENTENCE}|{_VALUE}")
_DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}(?:T\d\d.*)?|\d{4}-\d\d")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?")
_NUMBER = re.compile(r"[-+−–]?[$€£¥₹]?[-+−]?\d+(?:[.,'’]\d+)*%?")
_BARS = frozenset("|│┃║¦")
"""Marks between cells: the blanks beside them only fill a cell."""
_KINDS: dict[str, Kind] = {"line": "line", "gap": "gap", "mark": "mark"}
_LETTERS = re.compile(r"[^\d]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One token. A line end has all the blanks around it."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Tokens:
    """The tokens of a text in order, without single blanks and those beside bars.

    A line end stands before and after them.
    """

    all: list[Token]
    _starts: list[int] = field(default_factory=list)
    _line_ends: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, number: int) -> Token:
        return self.all[number]

    def within(self, start: int, end: int) -> range:
        """Return the numbers of the tokens that overlap a range of the text."""
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self.all[first].end <= start:
            first += 1
        return range(first, max(first, bisect_left(self._starts, end)))

    def line_ends(self, span: range) -> int:
        """Return the number of line ends among some tokens."""
        return bisect_left(self._line_ends, span.stop) - bisect_left(self._line_ends, span.start)

    def line_around(self, number: int) -> tuple[int, int]:
        """Return the first token of a token's line, and the line end after it: itself if it is one."""
        after = bisect_left(self._line_ends, number)
        return self._line_ends[after - 1] + 1 if after else 0, self._line_ends[
            min(after, len(self._line_ends) - 1)
        ]


def tokens(text: str, *, is_prose: bool = False) -> Tokens:
    """Return the tokens of a text; in prose sentences and parts between semicolons are its lines."""
    found = [Token("line", "\n", 0, 0)]
    for match in (_PROSE if is_prose else _TOKEN).finditer(text):
        group, spelled = match.lastgroup or "mark", match.group()
        if group == "line" and found[-1].kind == "line":
            continue
        if group == "gap" and (found[-1].text in _BARS or text[match.end() : match.end() + 1] in _BARS):
            continue
        found.append(Token(_kind(group, spelled), spelled.casefold(), match.start(), match.end()))
    if found[-1].kind != "line":
        found.append(Token("line", "\n", len(text), len(text)))
    line_ends = [number for number, token in enumerate(found) if token.kind == "line"]
    return Tokens(found, [token.start for token in found], line_ends)


def _kind(group: str, text: str) -> Kind:
    if group != "value":
        return _KINDS[group]
    if _NUMBER.fullmatch(text):
        return "date" if text.count(".") == 2 and _DATE.fullmatch(text) else "number"
    if _DATE.fullmatch(text):
        return "date"
    if _TIME.fullmatch(text):
        return "time"
    return "word" if _LETTERS.fullmatch(text) else "code"
