"""Find the evidence of a boolean: the mark of its name, or the name said by itself or negated.

The place is the shortest one that decides: the mark alone where there is one, else the name with its
negation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import regex

from structgen.evidence.grounding.boolean_legends import legend_sign, signs
from structgen.evidence.grounding.boolean_marks import MARK, NO_BOX, YES_BOX, CellMarks, Mark, says
from structgen.evidence.grounding.boolean_words import (
    FILLERS,
    content_words,
    joined_names,
    negation,
    wordings,
)
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_finder import TextFinder

MAX_LABELS = 64
"""Places of the name that are looked at."""
_REACH = 48
"""Characters beside the name in which a mark belongs to it."""
_BOX_BEFORE = regex.compile(rf"(?:(?P<yes>{YES_BOX})|(?P<no>{NO_BOX}))[ \t]*$")
_LABEL_MARK = regex.compile(r"[ \t]*[\"'”]?[ \t]*(?:[:=?|.\t：？>-]|[ ]{2}|(?P<below>\r?\n))[ \t.:_|?]*")
_END_OF_LINE = regex.compile(r"[ \t|]*(?:[\r\n\f]|$)")
_MARKED, _IN_COLUMN, _SIGNED, _NAME, _UNLABELLED, _ALONE = 0.1, 0.15, 0.15, 0.3, 0.35, 0.45
"""Doubts of a mark beside the name, of one in its column, of a sign that a legend explains by the name, of
the name said by itself or negated, of a mark behind a label that is not the name, and of one in any other
cell."""
_OPPOSITES = ("in", "un", "non", "dis", "im", "il", "ir")
MAX_IN_COLUMN = 512
"""Marks below a heading that are looked at for one leaf, unless more places are asked for."""


class BooleanFinder:
    """Finds the evidence of booleans."""

    def __init__(self, texts: TextFinder) -> None:
        self._texts = texts
        self._cells = CellMarks(texts.index.text)

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the marks of the name, or else the name said or negated, or else marks of other labels."""
        if not isinstance(leaf.value, bool):
            return []
        value, labels = leaf.value, sorted(set(self._labels(leaf)))
        marks = {mark[:2]: (mark, _MARKED) for label in labels for mark in self._beside(label)}
        reach = max(MAX_IN_COLUMN, limit * 2)
        for label in labels:
            for mark in self._cells.below(*label, reach):
                marks.setdefault(mark[:2], (mark, _IN_COLUMN))
                reach -= 1
            if reach <= 0:
                break
        if not marks and (signed := list(self._signs(labels))):
            return signed[:limit] if value else []
        if marks:
            return _places((pair for pair in marks.values() if pair[0].says == value), limit)
        said = sorted(
            {place for label in labels for place in self._said(label, value)}, key=lambda p: p.start
        )
        if said or labels:
            return said[:limit]
        if not value and (opposites := list(self._opposites(leaf))):
            return opposites[:limit]
        others = (mark for mark in self._cells.all if mark.says == value)
        return _places(((mark, _UNLABELLED if mark.labelled else _ALONE) for mark in others), limit)

    def _labels(self, leaf: Leaf) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the words of the name, of the title, or of a clause of the description."""
        index = self._texts.index
        for sought in wordings(leaf):
            if sought:
                spare = len(sought) // 2
                ranges = self._texts.near.fuzzy.inflected(sought, spare, FILLERS)[:MAX_LABELS]
                yield from ((index.starts[first], index.ends[last - 1]) for first, last in ranges)
        for name in joined_names(leaf):
            for position in index.postings.get(name, ())[:MAX_LABELS]:
                yield index.starts[position], index.ends[position]

    def _signs(self, labels: Iterable[tuple[int, int]]) -> Iterator[Place]:
        """Yield the places of a sign whose meaning a legend gives by the name."""
        text = self._texts.index.text
        for label in labels:
            if found := legend_sign(text, *label):
                legend, sign = found
                yield from (Place(*span, "value", _SIGNED) for span in signs(text, sign, legend))
                return

    def _beside(self, label: tuple[int, int]) -> Iterator[Mark]:
        """Yield the check box before a label, or the mark behind it or alone on the next line."""
        text, (start, end) = self._texts.index.text, label
        if box := _BOX_BEFORE.search(text, max(0, start - 6), start):
            group = "no" if box["yes"] is None else "yes"
            yield Mark(*box.span(group), group == "yes", True)
            return
        if row := self._cells.beside(*label):
            yield from row
            return
        if not (separator := _LABEL_MARK.match(text, end)):
            return
        if separator["below"]:
            mark = MARK.match(text, separator.end())
            if mark and _END_OF_LINE.match(text, mark.end()):
                yield Mark(*mark.span(), says(mark), True)
            return
        reach = text.find("\n", separator.end())
        reach = min(reach if reach >= 0 else len(text), separator.end() + _REACH)
        if mark := MARK.search(text, separator.end(), reach):
            yield Mark(*mark.span(), says(mark), True)

    def _opposites(self, leaf: Leaf) -> Iterator[Place]:
        """Yield the words that negate the name by how they begin: `inactive`, `unpaid`."""
        index = self._texts.index
        words = content_words(leaf)
        for prefix in _OPPOSITES if len(words) == 1 else ():
            for position in index.postings.get(prefix + words[0], ())[:MAX_LABELS]:
                yield Place(index.starts[position], index.ends[position], "value", _NAME)

    def _said(self, label: tuple[int, int], value: bool) -> Iterator[Place]:
        text, (start, end) = self._texts.index.text, label
        before = max(start - _REACH, text.rfind(".", 0, start) + 1, text.rfind("\n\n", 0, start) + 1)
        negated = negation(text, before, start, end)
        if value and negated is None:
            yield Place(start, end, "value", _NAME)
        elif not value and negated is not None:
            yield Place(*negated, "value", _NAME)


def _places(marks: Iterable[tuple[Mark, float]], limit: int) -> list[Place]:
    """Return marks with their doubts as places in document order."""
    ordered = sorted(islice(marks, limit))
    return [Place(mark.start, mark.end, "value", doubt) for mark, doubt in ordered]
