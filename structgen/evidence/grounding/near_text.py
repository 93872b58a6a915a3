"""Find the places that say a string nearly: most of its words, its largest part, or a misread code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property

import regex

from structgen.evidence.grounding.boundaries import MANY_DIGITS, runs
from structgen.evidence.grounding.fuzzy import FuzzySearch, Window, is_word, weight
from structgen.evidence.grounding.near_words import skeleton
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_forms import is_right_to_left
from structgen.evidence.grounding.text_index import TextIndex
from structgen.evidence.grounding.wanted import Wanted

MAX_WINDOWS = 8
"""Places of a value that is said nearly."""
SHORT = 3
"""Words up to which a value is said only where all of them stand, small additions to names aside."""
STRICT = 8
"""Words up to which a value is not said where one of its numbers or negations is missing."""
ALIKE = 0.05
"""Windows whose shares differ by less are equally good."""
_LEAST = ((SHORT, 0.4), (5, 0.7), (8, 0.6), (16, 0.55))
"""The share of a value's words that a window must have, for values of up to so many words; beyond, half."""
_LEAST_IN_RUNS = 0.3
"""The share that must stand beside one another as in the value: scattered words say nothing."""
_MANY = 0.85
"""The share from which on the order does not matter."""
_DROPPED = frozenset(
    "mr mrs ms miss dr prof professor hon sir col rev capt gen herr frau señor señora the a an "
    "inc incorporated ltd limited llc llp plc corp corporation co company gmbh ag kg sa sarl srl bv nv oy ab "
    "spa pty pte et al".split()
)
"""Additions to names that a value and its source may write differently."""
_NEGATIONS = frozenset(
    "no not non none never without nor neither cannot nicht kein keine ohne pas sans sin sem".split()
)
_INITIAL = regex.compile(r"(?<!\p{L})\p{L}(?=\.)")
_SENTENCE_END = regex.compile(r"\p{L}{4}[.;:!?]\s")
_PARTS = regex.compile(r"[,;|/()\n\u2022\u00b7]+|\s[-\u2013\u2014]\s|\.{3}|…")
_LEAST_OF_PARTS, _LEAST_OF_SHORT = 0.6, 0.99
"""The share of a value of several parts that must stand in the source."""


class NearText:
    """Finds what says a string nearly; `said` finds what says a string."""

    def __init__(self, index: TextIndex, said: Callable[[str, int], list[Place]]) -> None:
        self.index = index
        self.fuzzy = FuzzySearch(index)
        self._said = said

    def places(self, wanted: Wanted) -> list[Place]:
        """Return the windows with most of the words, or else the largest part of a value of several parts."""
        if not wanted.forms:
            return []
        size = len(wanted.forms)
        windows = sorted(self._windows(wanted), key=lambda window: window.first)
        return (
            [self._place(window.first, window.last, window.share, size) for window in windows]
            or [self._place(first, last, 0.9, size) for first, last in self._misread(wanted)]
            or list(self._largest_part(wanted))
        )

    def _place(self, first: int, last: int, share: float, size: int) -> Place:
        spread = 1 - min(1.0, size / (last - first))
        distance = min(0.95, 0.05 + (1 - share) + 0.2 * spread)
        return Place(self.index.starts[first], self.index.ends[last - 1], "fuzzy", round(distance, 4))

    def _windows(self, wanted: Wanted) -> list[Window]:
        """Return the windows that say the value; numbers and codes are said in full or not at all."""
        size, total = len(wanted.forms), sum(map(weight, wanted.forms))
        if sum(weight(token) for token in wanted.forms if is_word(token)) < total / 2:
            return []
        width = 2 * size + 2 if size <= STRICT else int(2.5 * size)
        windows = [
            window
            for window in self.fuzzy.windows(
                wanted.forms, width, MAX_WINDOWS, _least_share(size), strict=size <= SHORT
            )
            if self._says(wanted, window)
        ]
        return [window for window in windows if window.share >= windows[0].share - ALIKE]

    def _says(self, wanted: Wanted, window: Window) -> bool:
        size = len(wanted.forms)
        missing = Counter(wanted.forms) - Counter(window.words)
        if not any(map(is_word, window.words)):
            return False
        if size <= SHORT:
            return self._says_short(wanted, window, missing)
        if size <= STRICT and any(token.isdecimal() or token in _NEGATIONS for token in missing):
            return False
        return window.share >= _least_share(size) and (
            window.in_runs >= _LEAST_IN_RUNS or window.share >= _MANY
        )

    def _says_short(self, wanted: Wanted, window: Window, missing: Counter[str]) -> bool:
        initials = {initial.lower() for initial in _INITIAL.findall(wanted.text)}
        if any(token not in _DROPPED and token not in initials for token in missing):
            return False
        size = len(wanted.forms) - missing.total()
        others = window.last - window.first - len(window.words)
        between = self.index.forms[window.first : window.last]
        if any(token.isdecimal() and token not in wanted.forms for token in between):
            return False
        words = sum(map(is_word, between)) - sum(map(is_word, window.words))
        text = self.index.text[self.index.starts[window.first] : self.index.ends[window.last - 1]]
        return others < max(1, size) and words <= max(0, size - 2) and not _SENTENCE_END.search(text)

    def _misread(self, wanted: Wanted) -> Iterator[tuple[int, int]]:
        """Yield codes that a scanner may have read so, and right-to-left words in visual order."""
        if len(wanted.forms) > 1 and is_right_to_left(wanted.text):
            reversed_forms = [token[::-1] for token in reversed(wanted.forms)]
            positions = self.index.find(reversed_forms, MAX_WINDOWS)
            yield from ((first, first + len(reversed_forms)) for first in positions)
        joined = "".join(wanted.forms)
        if len(joined) >= 5 and not wanted.text.strip().count(" "):
            yield from self._codes.get(skeleton(joined), [])[:MAX_WINDOWS]

    @cached_property
    def _codes(self) -> dict[str, list[tuple[int, int]]]:
        """The runs of letters and digits without separators by what a scanner may take them for."""
        codes: dict[str, list[tuple[int, int]]] = {}
        for first, last in runs(self.index):
            if last - first > 1 or self.index.forms[first].isdecimal():
                codes.setdefault(skeleton("".join(self.index.forms[first:last])), []).append((first, last))
        return codes

    def _largest_part(self, wanted: Wanted) -> Iterator[Place]:
        """Yield the places of the largest part of a value whose parts mostly stand in the source."""
        texts = [part for part in _PARTS.split(wanted.text) if part and part.strip()]
        if len(texts) < 2:
            return
        total = sum(map(weight, wanted.forms))
        parts = []
        for part in map(Wanted.of, texts):
            if not any(map(is_word, part.forms)) and part.digits < MANY_DIGITS:
                continue  # it stands anywhere
            if places := self._said(part.text, MAX_WINDOWS):
                parts.append((sum(map(weight, part.forms)) / total, places))
        least = _LEAST_OF_SHORT if len(wanted.forms) <= SHORT else _LEAST_OF_PARTS
        if sum(share for share, _ in parts) >= least:
            share, places = max(parts, key=lambda part: part[0])
            for place in places:
                yield Place(place.start, place.end, "fuzzy", round(max(0.05, min(0.95, 1 - share)), 4))


def _least_share(size: int) -> float:
    return next((share for words, share in _LEAST if size <= words), 0.5)
