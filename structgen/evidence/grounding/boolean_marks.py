"""The marks of yes and no in a text: words, ticks and check boxes, beside a label or alone in a cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import regex

_YES = (
    r"(?:yes|y|true|x|on|enabled|active|oui|vrai|actif|ja|wahr|an|aktiv|sí|si|verdadero|activo|sì|vero|attivo|sim|"
    r"verdadeiro|ativo|waar|actief|да|כן|はい|是|有|예|네)"
)
_NO = (
    r"(?:no|n|false|off|none|not|never|n/a|disabled|inactive|non|faux|inactif|nein|nee|falsch|aus|inaktiv|falso|"
    r"inactivo|inattivo|não|nao|inativo|onwaar|inactief|нет|לא|いいえ|否|無|无|아니요|아니오)"
)
YES_BOX, NO_BOX = r"[✓✔☑☒✅🗹]|\[[xX✓✔]\]|\([xX✓✔]\)", r"[☐□❌✗✘]|\[[ \u00a0]?\]|\([ \u00a0]?\)"
_ANY = rf"(?:(?<!\w)(?:(?P<yes>{_YES})|(?P<no>{_NO}))(?!\w)|(?P<ticked>{YES_BOX})|(?P<empty>{NO_BOX}))"
MARK = regex.compile(_ANY, regex.IGNORECASE)
_IN_CELL = regex.compile(
    rf"(?:(?<![^\t|;,\n\r\f])|(?<=[ ]{{2}}|[:=?：？][ \t]|[:=：]))[ ]?{_ANY}"
    r"(?=[ ]?(?:$|[\t|;,\n\r\f]|[ ]{2}))",
    regex.IGNORECASE,
)
_CELL = regex.compile(r"\t|\||;| {2,}")
_SAYS_YES, _LABEL_ENDS = frozenset(("yes", "ticked")), frozenset(":=?：？")
_MAX_LINE = 2_000
"""Characters of a line whose cells are counted."""


class Mark(NamedTuple):
    """A mark with its half-open range; `labelled` where a colon, or the like, stands before it."""

    start: int
    end: int
    says: bool
    labelled: bool


def says(match: regex.Match[str]) -> bool:
    """Say whether a match of `MARK` is a mark of yes."""
    return match["yes"] is not None or match["ticked"] is not None


class CellMarks:
    """The marks of a text that stand alone in a cell or behind a label."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def all(self) -> list[Mark]:
        """The marks in document order."""
        marks = []
        for match in _IN_CELL.finditer(self._text):
            group = match.lastgroup or "yes"
            begin = match.start()
            before = self._text[max(0, begin - 2) : begin].rstrip(" \t")
            start, end = match.span(group)
            marks.append(Mark(start, end, group in _SAYS_YES, before[-1:] in _LABEL_ENDS))
        return marks

    @cached_property
    def _starts(self) -> list[int]:
        return [mark.start for mark in self.all]

    def below(self, start: int, end: int, limit: int) -> Iterator[Mark]:
        """Yield the marks in the column of a heading, which has a line's other headings beside it."""
        first = self._text.rfind("\n", 0, start) + 1
        stop = self._text.find("\n", end)
        if stop < 0 or stop - first > _MAX_LINE or self._has_mark(end, stop):
            return
        cells = len(_CELL.findall(self._text, first, stop))
        if not cells:
            return
        left, right = start - first, end - first
        own = len(_CELL.findall(self._text, first, start))
        at = bisect_left(self._starts, stop)
        for mark in self.all[at : at + limit]:
            begin = self._text.rfind("\n", 0, mark.start) + 1
            if mark.start - begin > _MAX_LINE:
                continue
            over = mark.start - begin <= right + 1 and mark.end - begin >= left - 1
            if over or self._is_cell(begin, mark.start, own, cells):
                yield mark

    def beside(self, start: int, end: int) -> list[Mark]:
        """Return the marks of a row of marks alone that a label begins; none for any other row."""
        stop = self._text.find("\n", end)
        stop = len(self._text) if stop < 0 else stop
        if self._text[self._text.rfind("\n", 0, start) + 1 : start].strip(" \t|") or stop - end > _MAX_LINE:
            return []
        marks = self.all[bisect_left(self._starts, end) : bisect_left(self._starts, stop)]
        cells = [cell for cell in _CELL.split(self._text[end:stop]) if cell.strip()]
        return marks if len(marks) == len(cells) > 1 else []

    def _has_mark(self, start: int, stop: int) -> bool:
        """Say whether a mark stands in a range: its line is then a row, and no heading."""
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._starts[at] < stop

    def _is_cell(self, begin: int, start: int, own: int, cells: int) -> bool:
        """Say whether a line has as many cells as that of the heading, and a mark stands in the same one."""
        if len(_CELL.findall(self._text, begin, start)) != own:
            return False
        stop = self._text.find("\n", start)
        stop = len(self._text) if stop < 0 else stop
        return stop - begin <= _MAX_LINE and len(_CELL.findall(self._text, begin, stop)) == cells
