"""Find where most of a value's words stand close together, in any order, spelt alike or nearly alike.

A word counts by its length: function words of every language are short. Nearly alike are words with a long
common beginning (inflected forms) and words at a small edit distance (typing errors, characters that a scanner
confuses). The work for one value is bounded by its length and `MAX_HITS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

from structgen.evidence.grounding.text_index import FIRST_SPACELESS, TextIndex

MAX_HITS = 1_000
"""Positions in the source that are looked at for one value, those of its rarest words first."""
MAX_NEIGHBOURS = 12
"""Words of the source that one word of a value may stand for, the nearest first."""
MAX_BUCKET = 400
NEAR = 0.8
"""What a nearly alike word counts, beside 1 for the same word."""
_BEGINNING = 4
_CONFUSED = str.maketrans("015826", "olsbzb")


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open range of tokens, and the share of the value's words that stands in it."""

    first: int
    last: int
    share: float


class FuzzySearch:
    """Searches the windows of one text."""

    def __init__(self, index: TextIndex) -> None:
        self.index = index
        self._near: dict[str, dict[str, float]] = {}

    def windows(self, sought: Sequence[str], width: int, limit: int = 1) -> list[Window]:
        """Return up to `limit` windows of at most `width` tokens with the largest shares, the best first."""
        total = sum(map(weight, sought))
        hits = self._hits(sought)
        if not hits:
            return []
        needed: dict[str, int] = {}
        for token in sought:
            needed[token] = needed.get(token, 0) + 1
        best = _best_ranges(hits, needed, width, limit)
        return [
            Window(hits[first][0], hits[last - 1][0] + 1, min(value / total, 1.0))
            for value, first, last in best
        ]

    def inflected(self, sought: Sequence[str], spare: int = 0) -> list[tuple[int, int]]:
        """Return the token ranges of all words in order, in any form, with up to `spare` others."""
        readings = [
            {form for form in self.near(token) if form == token or inflected(token, form)} for token in sought
        ]
        if not all(readings):
            return []
        forms = self.index.forms
        ranges = []
        starts = sorted(position for form in readings[0] for position in self.index.postings[form])
        for first in starts[:MAX_HITS]:
            last, others = first + 1, 0
            for wanted in readings[1:]:
                while last < len(forms) and forms[last] not in wanted and others < spare:
                    last, others = last + 1, others + 1
                if last == len(forms) or forms[last] not in wanted:
                    break
                last += 1
            else:
                ranges.append((first, last))
        return ranges

    def _hits(self, sought: Sequence[str]) -> list[tuple[int, str, float]]:
        """Return positions with the word of the value that stands there and what it counts, in text order."""
        index = self.index
        readings: dict[str, tuple[str, float]] = {}
        for token in dict.fromkeys(sought):
            for form, factor in self.near(token).items():
                if factor > readings.get(form, ("", 0.0))[1]:
                    readings[form] = token, factor
        hits: list[tuple[int, str, float]] = []
        for form in sorted(readings, key=index.count):
            if hits and len(hits) + index.count(form) > MAX_HITS:
                break
            token, factor = readings[form]
            value = factor * weight(token)
            hits += [(position, token, value) for position in index.postings[form][:MAX_HITS]]
        hits.sort()
        return hits

    def near(self, token: str) -> dict[str, float]:
        """Return the forms of the source that a token may stand for, with what each counts."""
        if token not in self._near:
            forms = {token: 1.0} if token in self.index.postings else {}
            near = sorted(self._neighbours(token), key=lambda form: abs(len(form) - len(token)))
            self._near[token] = forms | dict.fromkeys(near[:MAX_NEIGHBOURS], NEAR)
        return self._near[token]

    def _neighbours(self, token: str) -> Iterator[str]:
        if len(token) < _BEGINNING or token >= FIRST_SPACELESS or token.isdecimal():
            return
        beginnings, ends = self._buckets
        candidates = beginnings.get(token[:_BEGINNING], [])[:MAX_BUCKET]
        candidates = candidates + ends.get(token[-_BEGINNING:], [])[:MAX_BUCKET]
        for form in dict.fromkeys(candidates):
            if form != token and (inflected(token, form) or misspelt(token, form)):
                yield form

    @cached_property
    def _buckets(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The forms of the source by their first and by their last characters."""
        beginnings: dict[str, list[str]] = {}
        ends: dict[str, list[str]] = {}
        for form in self.index.postings:
            if len(form) >= _BEGINNING and not form.isdecimal():
                beginnings.setdefault(form[:_BEGINNING], []).append(form)
                ends.setdefault(form[-_BEGINNING:], []).append(form)
        return beginnings, ends


def weight(token: str) -> float:
    """Return what a word counts: by its length, digits and single characters of spaceless scripts in full."""
    if token.isdecimal() or token >= FIRST_SPACELESS:
        return 4.0
    return 1.0 if len(token) <= 3 else float(min(len(token), 8))


def inflected(token: str, form: str) -> bool:
    """Say whether two words share a beginning long enough to be forms of one word."""
    longer = max(len(token), len(form))
    common = next(
        (i for i, (a, b) in enumerate(zip(token, form, strict=False)) if a != b), min(len(token), len(form))
    )
    return common >= _BEGINNING and common >= 0.6 * longer and longer - common <= 5


def misspelt(token: str, form: str) -> bool:
    """Say whether two words differ by at most one edit in five characters, confusable characters aside."""
    bound = max(len(token), len(form)) // 5
    if abs(len(token) - len(form)) > bound or (
        token != form and (token.endswith(form) or form.endswith(token))
    ):
        return False  # a prefix often negates: `typical` and `atypical`
    token, form = token.translate(_CONFUSED), form.translate(_CONFUSED)
    return bool(OSA.distance(token, form, score_cutoff=bound) <= bound)


def _best_ranges(
    hits: Sequence[tuple[int, str, float]], needed: dict[str, int], width: int, limit: int
) -> list[tuple[float, int, int]]:
    """Return ranges of hits within `width` tokens whose distinct words count most, none over another."""
    present: dict[str, int] = {}
    value, first = 0.0, 0
    ranges: list[tuple[float, int, int]] = []
    for last, (position, token, gain) in enumerate(hits):
        present[token] = present.get(token, 0) + 1
        if present[token] <= needed[token]:
            value += gain
        while position - hits[first][0] >= width or present[hits[first][1]] > needed[hits[first][1]]:
            _, dropped, loss = hits[first]
            if present[dropped] <= needed[dropped]:
                value -= loss
            present[dropped] -= 1
            first += 1
        ranges.append((value, first, last + 1))
    ranges.sort(key=lambda item: (-item[0], hits[item[2] - 1][0] - hits[item[1]][0], item[1]))
    chosen: list[tuple[float, int, int]] = []
    for value, first, last in ranges:
        if len(chosen) == limit:
            break
        if all(last <= other_first or first >= other_last for _, other_first, other_last in chosen):
            chosen.append((value, first, last))
    return chosen
