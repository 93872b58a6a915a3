"""Find the places of strings: the same tokens, the same characters, or most of the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from structgen.evidence.grounding.boundaries import joinable, separators_agree, whole
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.near_text import NearText
from structgen.evidence.grounding.places import Place
from structgen.evidence.grounding.text_index import TextIndex
from structgen.evidence.grounding.wanted import Wanted

SPARE = 4
"""Matches that are looked up for each one wanted, since some turn out to be parts of numbers."""
_SIGNS = regex.compile(r"[\p{S}#%&@*†‡§¶-]")
_SIGNS_BEHIND_LETTERS = frozenset("$£¥₩")
"""Signs that mean another currency behind a letter, as in `CA$`."""
_FOLDED = str.maketrans("‘’‚‛′`´“”„‟″«»‹›‐‑‒–—―−", '\'\'\'\'\'\'\'"""""""""-------')


class TextFinder:
    """Finds strings in the text of an index. Equal values are searched once."""

    def __init__(self, index: TextIndex) -> None:
        self.index = index
        self.near = NearText(index, self.said)
        self._said: dict[str, tuple[int, list[Place]]] = {}
        self._nearly_said: dict[str, list[Place]] = {}

    def places(self, leaf: Leaf, limit: int) -> list[Place]:
        """Return the places of a string."""
        return self.search(leaf.value, limit) if isinstance(leaf.value, str) else []

    def search(self, value: str, limit: int) -> list[Place]:
        """Return the places of a text: the same tokens, or else those that say it nearly."""
        return self.said(value, limit) or self.nearly(value, limit)

    def said(self, value: str, limit: int) -> list[Place]:
        """Return the places with the same tokens, or with the same characters between other separators."""
        known_limit, places = self._said.get(value, (-1, []))
        if known_limit < limit:
            places = self._says(Wanted.of(value), limit)
            self._said[value] = limit, places
        return places[:limit]

    def nearly(self, value: str, limit: int) -> list[Place]:
        """Return the windows that have most of the words, or the largest part of a value of several parts."""
        if value not in self._nearly_said:
            self._nearly_said[value] = self.near.places(Wanted.of(value))
        return self._nearly_said[value][:limit]

    def _says(self, wanted: Wanted, limit: int) -> list[Place]:
        if not wanted.forms:
            return list(self._literally(wanted.text, limit))
        positions = self.index.find(wanted.forms, limit * SPARE)
        ranges = [(first, first + len(wanted.forms)) for first in positions]
        if not self.index.has_broken_words and (places := list(self._placed(wanted, ranges, limit))):
            return places
        joined = self.index.find_joined("".join(wanted.forms), limit * SPARE)
        return list(self._placed(wanted, sorted({*ranges, *joined}), limit))

    def _literally(self, text: str, limit: int) -> Iterator[Place]:
        """Yield the places of a value of signs only."""
        value = text.strip()
        start = self.index.text.find(value) if value else -1
        while start >= 0 and limit > 0:
            if value not in _SIGNS_BEHIND_LETTERS or not self.index.text[start - 1 : start].isalpha():
                yield Place(start, start + len(value), "exact" if value == text else "normalised")
                limit -= 1
            start = self.index.text.find(value, start + len(value))

    def _placed(self, wanted: Wanted, ranges: Sequence[tuple[int, int]], limit: int) -> Iterator[Place]:
        lacking: list[Place] = []
        number = 0
        for first, last in ranges:
            if number == limit:
                return
            if not whole(self.index, first, last) or not self._digits_agree(wanted, first, last):
                continue
            place = self._place(wanted, first, last)
            if place.kind == "exact" or self._has_signs(wanted, place):
                number += 1
                yield place
            else:
                lacking.append(place)
        if number == 0 and sum(map(len, wanted.forms)) > 2:
            yield from lacking[:limit]

    def _place(self, wanted: Wanted, first: int, last: int) -> Place:
        text = self.index.text
        start = self.index.starts[first] - len(wanted.lead)
        end = start + len(wanted.text)
        if start >= 0 and end >= self.index.ends[last - 1] and text.startswith(wanted.text, start):
            return Place(start, end, "exact")
        start = _extended(text, self.index.starts[first], wanted.lead[::-1], -1)
        end = _extended(text, self.index.ends[last - 1], wanted.trail, 1)
        return Place(start, end, "exact" if text[start:end] == wanted.text else "normalised")

    def _has_signs(self, wanted: Wanted, place: Place) -> bool:
        """Say whether the place has the signs that a value begins and ends with, as in `A+` or `C#`."""
        signs = _SIGNS.findall((wanted.lead + wanted.trail).translate(_FOLDED))
        said = self.index.text[place.start : place.end].translate(_FOLDED)
        return all(sign in said for sign in signs)

    def _digits_agree(self, wanted: Wanted, first: int, last: int) -> bool:
        index, digits = self.index, wanted.digits
        if not digits:
            return True
        same = last - first == len(wanted.forms)
        if same:
            for i in range(len(wanted.forms) - 1):
                if wanted.forms[i].isdecimal() and wanted.forms[i + 1].isdecimal():
                    said = index.text[index.ends[first + i] : index.starts[first + i + 1]]
                    if not separators_agree(wanted.text[wanted.ends[i] : wanted.starts[i + 1]], said, digits):
                        return False
            return True
        value_cuts = _digit_cuts(wanted.text, wanted.starts, wanted.ends, wanted.forms)
        said_cuts = _digit_cuts(
            index.text, index.starts[first:last], index.ends[first:last], index.forms[first:last]
        )
        return all(
            joinable(cuts[offset], digits)
            for cuts in (value_cuts, said_cuts)
            for offset in value_cuts.keys() ^ said_cuts.keys()
            if offset in cuts
        )


def _extended(text: str, offset: int, beside: str, step: int) -> int:
    """Return the offset moved over the separators that the value has there too, spaces aside."""
    for separator in beside.translate(_FOLDED):
        if separator.isspace():
            continue
        at = offset if step > 0 else offset - 1
        while 0 <= at < len(text) and text[at] in " \u00a0\u202f":
            at += step
        if not 0 <= at < len(text) or text[at].translate(_FOLDED) != separator:
            break
        offset = at + 1 if step > 0 else at
    return offset


def _digit_cuts(
    text: str, starts: Sequence[int], ends: Sequence[int], forms: Sequence[str]
) -> dict[int, str]:
    """Return the separators between groups of digits by the offset in the characters without separators."""
    cuts, offset = {}, 0
    for i, token in enumerate(forms[:-1]):
        offset += len(token)
        if token.isdecimal() and forms[i + 1].isdecimal():
            cuts[offset] = text[ends[i] : starts[i + 1]]
    return cuts
