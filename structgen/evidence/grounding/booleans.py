"""Find the evidence of a boolean: its name with a mark of yes or no, or said by itself or with a negation."""

from __future__ import annotations

from collections.abc import Iterator

import regex

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
_YES = r"(?:yes|y|true|x|oui|ja|sí|si|sim|да|כן|はい|是|有)"
_NO = r"(?:no|n|false|none|not|never|n/a|non|nein|não|нет|לא|いいえ|否|無)"
_YES_MARKS, _NO_MARKS = r"[✓✔☑☒✅🗹]|\[[xX✓]\]|\([xX✓]\)", r"[☐□❌✗✘]|\[ ?\]|\( ?\)"
_MARKS = {
    True: regex.compile(rf"(?<!\w){_YES}(?!\w)|{_YES_MARKS}", regex.IGNORECASE),
    False: regex.compile(rf"(?<!\w){_NO}(?!\w)|{_NO_MARKS}", regex.IGNORECASE),
}
_ANY_MARK = regex.compile(rf"(?<!\w)(?:{_YES}|{_NO})(?!\w)|{_YES_MARKS}|{_NO_MARKS}", regex.IGNORECASE)
_NEGATION = regex.compile(
    r"(?<!\w)(?:not|no|never|without|none|neither|nor|non|cannot|\w+n['’]t|kein\w*|nicht|ohne|sans|pas|sin|não|sem)(?!\w)",
    regex.IGNORECASE,
)
_BOX_BEFORE = regex.compile(rf"(?:(?P<yes>{_YES_MARKS})|(?P<no>{_NO_MARKS}))[ \t]*$")
_LABEL_MARK = regex.compile(r"[ \t]*(?:[:=?|.\t-]|\n)[\s.:_]*")
_NAME, _MARKED = 0.3, 0.1
"""Doubts of the name said by itself or negated, and of the name with a mark."""


class BooleanFinder:
    """Finds the evidence of booleans."""

    def __init__(self, texts: TextFinder) -> None:
        self._texts = texts

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the names with the mark of the value, or else the names said or negated."""
        if not isinstance(leaf.value, bool):
            return []
        labels = list(self._labels(leaf))
        marked = [place for label in labels for place in self._marked(label, leaf.value)]
        return (marked or [place for label in labels for place in self._said(label, leaf.value)])[:limit]

    def _labels(self, leaf: Leaf) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the words of the member's name, or of its title."""
        words = [word for word in leaf.name_words if word not in _AUXILIARIES | _SMALL_WORDS]
        wordings = [forms(" ".join(words)), *(forms(title) for title in leaf.texts("title"))]
        index = self._texts.index
        for sought in wordings:
            if sought:
                ranges = self._texts.near.fuzzy.inflected(sought, spare=len(sought) // 2)[:MAX_LABELS]
                yield from ((index.starts[first], index.ends[last - 1]) for first, last in ranges)

    def _marked(self, label: tuple[int, int], value: bool) -> Iterator[Place]:
        text, (start, end) = self._texts.index.text, label
        if box := _BOX_BEFORE.search(text, max(0, start - 6), start):
            if (box["yes"] is not None) == value:
                yield Place(box.start(), end, "value", _MARKED)
            return
        if not (separator := _LABEL_MARK.match(text, end)):
            return
        reach = text.find("\n", separator.end())
        reach = min(reach if reach >= 0 else len(text), separator.end() + _REACH)
        mark = _ANY_MARK.search(text, separator.end(), reach)
        if mark and _MARKS[value].fullmatch(text, mark.start(), mark.end()):
            yield Place(start, mark.end(), "value", _MARKED)

    def _said(self, label: tuple[int, int], value: bool) -> Iterator[Place]:
        text, (start, end) = self._texts.index.text, label
        before = max(start - _REACH, text.rfind(".", 0, start) + 1, text.rfind("\n\n", 0, start) + 1)
        negations = list(_NEGATION.finditer(text, before, min(end + 1, len(text))))
        if value and not negations:
            yield Place(start, end, "value", _NAME)
        elif not value and negations:
            yield Place(min(start, negations[-1].start()), max(end, negations[-1].end()), "value", _NAME)
