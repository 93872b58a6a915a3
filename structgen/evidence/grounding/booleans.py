"""Find the evidence of a boolean: the mark of its name, or the name said by itself or negated.

The place is the shortest one that decides: the mark alone where there is one, else the name with its
negation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import regex

from structgen.evidence.grounding.boolean_marks import MARK, NO_BOX, YES_BOX, CellMarks, Mark, says
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_finder import TextFinder
from structgen.evidence.grounding.text_forms import forms

MAX_LABELS = 64
"""Places of the name that are looked at."""
_REACH = 48
"""Characters beside the name in which a mark belongs to it."""
_AUXILIARIES = frozenset("is has have had was were are can should will did does do be been".split())
_SMALL_WORDS = frozenset("with flag indicator the a an of any".split())
_NEGATION = regex.compile(
    r"(?<!\w)(?:not|no|never|without|none|neither|nor|non|cannot|\w+n['’]t|kein\w*|nicht|ohne|sans|pas|sin|não|sem)(?!\w)",
    regex.IGNORECASE,
)
_BOX_BEFORE = regex.compile(rf"(?:(?P<yes>{YES_BOX})|(?P<no>{NO_BOX}))[ \t]*$")
_LABEL_MARK = regex.compile(r"[ \t]*(?:[:=?|.\t：？-]|[ ]{2}|(?P<below>\r?\n))[ \t.:_|?]*")
_END_OF_LINE = regex.compile(r"[ \t|]*(?:[\r\n\f]|$)")
_MARKED, _IN_COLUMN, _NAME, _UNLABELLED, _ALONE = 0.1, 0.15, 0.3, 0.35, 0.45
"""Doubts of a mark beside the name, of one in its column, of the name said by itself or negated, of a mark
behind a label that is not the name, and of one in any other cell."""
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
        """Yield the ranges of the words of the member's name, or of its title."""
        words = [word for word in leaf.name_words if word not in _AUXILIARIES | _SMALL_WORDS]
        wordings = [forms(" ".join(words)), *(forms(title) for title in leaf.texts("title"))]
        index = self._texts.index
        for sought in wordings:
            if sought:
                ranges = self._texts.near.fuzzy.inflected(sought, spare=len(sought) // 2)[:MAX_LABELS]
                yield from ((index.starts[first], index.ends[last - 1]) for first, last in ranges)

    def _beside(self, label: tuple[int, int]) -> Iterator[Mark]:
        """Yield the check box before a label, or the mark behind it or alone on the next line."""
        text, (start, end) = self._texts.index.text, label
        if box := _BOX_BEFORE.search(text, max(0, start - 6), start):
            group = "no" if box["yes"] is None else "yes"
            yield Mark(*box.span(group), group == "yes", True)
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
        words = [word for word in leaf.name_words if word not in _AUXILIARIES | _SMALL_WORDS]
        for prefix in _OPPOSITES if len(words) == 1 else ():
            for position in index.postings.get(prefix + words[0], ())[:MAX_LABELS]:
                yield Place(index.starts[position], index.ends[position], "value", _NAME)

    def _said(self, label: tuple[int, int], value: bool) -> Iterator[Place]:
        text, (start, end) = self._texts.index.text, label
        before = max(start - _REACH, text.rfind(".", 0, start) + 1, text.rfind("\n\n", 0, start) + 1)
        negations = list(_NEGATION.finditer(text, before, min(end + 1, len(text))))
        if value and not negations:
            yield Place(start, end, "value", _NAME)
        elif not value and negations:
            yield Place(min(start, negations[-1].start()), max(end, negations[-1].end()), "value", _NAME)


def _places(marks: Iterable[tuple[Mark, float]], limit: int) -> list[Place]:
    """Return marks with their doubts as places in document order."""
    ordered = sorted(islice(marks, limit))
    return [Place(mark.start, mark.end, "value", doubt) for mark, doubt in ordered]
