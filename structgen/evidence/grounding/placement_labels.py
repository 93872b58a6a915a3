"""How well the words around a place name the field of a leaf."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.placement_lines import Headings, Lines, stems
from structgen.evidence.grounding.places import Place

SEPARATOR = re.compile(r"\t|\||;| {2,}")
"""Stands between the cells of a row."""
_BREAK = re.compile(r"[\t|;,()]| {2,}|(?<=\d)\s(?=\D*$)|(?<=[.!?])\s")
"""Ends the label that stands before a value, seen from the value."""
_CONTEXT = 100
"""Characters before a place that are read for its label."""
_LINES_ABOVE = 3
_MAX_READ = 15_000
"""Places whose surroundings are read closely; of further ones only the words count."""
_FILLERS = frozenset(
    stems("the of and in a an is for to on as or by with this that be are it from at if any")
)


@dataclass(frozen=True, slots=True)
class Label:
    """The words that name a field, each with a weight; and those of the objects and lists around it."""

    names: tuple[dict[str, float], ...]
    """Weights of the words of the name, the title and the description.

    A description is a sentence: three of its words are enough for a label.
    """
    words: frozenset[str]
    parents: frozenset[str]
    _known: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def overlap(self, text: str) -> float:
        """Return 0 to 1: how far the text is this label."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._overlap(text)
        return known

    def _overlap(self, text: str) -> float:
        said = set(stems(text))
        if said.isdisjoint(self.words):
            return 0.0
        extent = max(1, len(said - _FILLERS))
        best = 0.0
        for names, trust, enough in zip(self.names, (1.0, 0.95, 0.6), (99.0, 99.0, 3.0), strict=True):
            hits = [weight for word, weight in names.items() if word in said]
            if hits:
                recall = sum(hits) / min(enough, sum(names.values()))
                best = max(best, trust * min(1.0, recall) * (0.55 + 0.45 * min(1.0, len(hits) / extent)))
        return best


class Labels:
    """The labels of the leaves, and what the source says around places."""

    def __init__(self, leaves: Sequence[Leaf], lines: Lines) -> None:
        self._lines = lines
        fields: dict[tuple[object, ...], Leaf] = {}
        for leaf in leaves:
            fields.setdefault(leaf.names, leaf)
        shared = Counter(word for leaf in fields.values() for word in {*stems(" ".join(leaf.name_words))})
        equal: dict[tuple[object, ...], Label] = {}
        self._by_field = {}
        for path, leaf in fields.items():
            label = _label(leaf, shared)
            key = (*(tuple(names.items()) for names in label.names), label.parents)
            self._by_field[path] = equal.setdefault(key, label)
        outer = {path[:end] for path in fields for end in range(1, len(path))}
        names = [frozenset(stems(" ".join(_words_of(str(path[-1]))))) for path in outer if path]
        self._headings = Headings(lines, names)
        self._read = 0
        self._side = 1
        """1 where labels stand above values that have none beside them, -1 where they stand below."""

    def of(self, leaf: Leaf) -> Label:
        """Return the label of a leaf."""
        return self._by_field[leaf.names]

    def words(self, name: str) -> frozenset[str]:
        """Return the words of a member's name, as they are compared."""
        return frozenset(stems(" ".join(_words_of(name))))

    def score(self, label: Label, place: Place, number: int) -> float:
        """Return 0 to about 1.4: the label beside or above a place on a line, and its section's heading."""
        return self.beside(label, place, number) + self.section(label, number)

    def beside(self, label: Label, place: Place, number: int) -> float:
        """Return 0 to 1: how far the words before, after or above a place on a line are the label."""
        near = self._lines.stems_near(number, -2 * _LINES_ABOVE * self._side)
        if label.words.isdisjoint(near):
            return 0.0
        if self._read > _MAX_READ:
            names = label.names[0]
            shared = sum(weight for word, weight in names.items() if word in near)
            return 0.5 * shared / (1 + sum(names.values()))
        self._read += 1
        best = 0.0
        if not label.words.isdisjoint(self._lines.stems(number)):
            begin = max(self._lines.begin(number), place.start - _CONTEXT)
            before = self._lines.text[begin : place.start]
            cut = before.rstrip(" \t:=|#.\u2026_-–*\"'($€£¥：")
            said = _BREAK.split(cut)[-1]
            best = label.overlap(said)
            if not said.strip() or (best == 0 and not _BREAK.search(cut)):
                best = max(best, 0.8 * label.overlap(cut))
            else:
                best = max(best, 0.35 * label.overlap(before))
            if best == 0:
                end = min(self._lines.begin(number + 1), place.end + _CONTEXT // 3)
                after = _BREAK.split(self._lines.text[place.end : end].strip(" -–()%:"))[0]
                best = 0.5 * label.overlap(after)
        if best < 0.8:
            best = max(best, 0.85 * self._over(label, place, number, -self._side))
        return best

    def learn_side(self, known: Iterable[tuple[Leaf, Place]]) -> None:
        """Find out whether labels stand above or below the values, from leaves with only one place."""
        above = below = 0.0
        for leaf, place in known:
            label, number = self.of(leaf), self._lines.at(place.start)
            above += self._over(label, place, number, -1)
            below += self._over(label, place, number, 1)
        self._side = -1 if below > above + 0.5 else 1

    def _over(self, label: Label, place: Place, number: int, step: int) -> float:
        """Return how far the text above the place (or below it), in its column or cell, is the label."""
        passed = 0
        for line in range(number + step, max(-1, number + step + 2 * _LINES_ABOVE * step), step):
            words = self._lines.stems(line)
            if not words and self._lines.blank(line):
                continue
            passed += 1
            if passed > _LINES_ABOVE:
                break
            if not label.words.isdisjoint(words):
                overlap = label.overlap(self._cell_above(place, number, line))
                if overlap:
                    return overlap * (1 - 0.15 * (passed - 1))
        return 0.0

    def _cell_above(self, place: Place, number: int, line: int) -> str:
        """Return the cell of a line above that stands over the place: by cells, else by columns."""
        content = self._lines.content(line)
        own = self._lines.content(number)
        begin = self._lines.begin(number)
        cells, own_cells = SEPARATOR.split(content), SEPARATOR.split(own)
        if len(cells) > 1 and len(cells) == len(own_cells):
            return cells[len(SEPARATOR.findall(self._lines.text[begin : place.start]))]
        left, right = place.start - begin, place.end - begin
        if len(cells) > 1:
            for match in re.finditer(r"[^\s|;]+(?: [^\s|;]+)*", content):
                if match.start() < right + 1 and match.end() > left - 1:
                    return match.group()
            return ""
        return content if left == 0 or (len(own_cells) == 1 and len(own.split()) <= 6) else ""

    def has_sections(self, label: Label) -> bool:
        """Say whether any heading may name an object or list around the leaf."""
        return bool(label.parents) and bool(self._headings)

    def section(self, label: Label, number: int) -> float:
        """Return up to 0.4 where the closest heading above names an object or list around the leaf."""
        if not self.has_sections(label):
            return 0.0
        heading = self._headings.above(number)
        if heading is None:
            return 0.0
        words = self._lines.stems(heading)
        hits = len(label.parents & words)
        if not hits:
            return -0.1
        return 0.4 * hits / len(label.parents) * (1 - (number - heading) / 80)


def _words_of(name: str) -> Iterable[str]:
    return Leaf((name,), None).name_words


def _label(leaf: Leaf, shared: Counter[str]) -> Label:
    names: dict[str, float] = {}
    for word in stems(" ".join(leaf.name_words)):
        names[word] = 1 / shared[word]
    title = dict.fromkeys(stems(" ".join(leaf.texts("title"))), 1.0)
    description = {word: 1.0 for word in stems(" ".join(leaf.texts("description"))) if word not in _FILLERS}
    outer = [step for step in leaf.path if isinstance(step, str)][:-1]
    parents = frozenset(word for name in outer[-1:] for word in stems(" ".join(_words_of(name))))
    return Label((names, title, description), frozenset({*names, *title, *description}), parents)
