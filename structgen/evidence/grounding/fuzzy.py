"""Find where most of a value's words stand close together, in any order, spelt alike or nearly alike.

A word counts by its length, since the function words of every language are short. The work for one value is
bounded by its own length and `MAX_HITS`: its rarest words say where to look, and only there all are counted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count, islice, pairwise, repeat
from operator import itemgetter, sub

from structgen.evidence.grounding.near_words import NearWords, close
from structgen.evidence.grounding.text_index import FIRST_SPACELESS, TextIndex

MAX_HITS = 600
"""Positions in the source that are looked at for one value, those of its rarest words first."""
MAX_JOINED = 8
"""Places at which a word is found in pieces, as over a line break."""
GAP_COST = 0.35
"""What a token between two words of a window costs, where the weight of a word is 1 to 8."""
ROUNDING = 1e-6
Hit = tuple[int, int, str, float]
"""A position, the one behind it, the word of the value that stands there, and what it counts."""


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open range of tokens, the share of the value's words that stands in it, and which words."""

    first: int
    last: int
    share: float
    in_runs: float
    """The share that stands beside one another as in the value."""
    words: tuple[str, ...]


class FuzzySearch:
    """Searches the windows of one text."""

    def __init__(self, index: TextIndex) -> None:
        self.index = index
        self.near = NearWords(index)

    def windows(
        self, sought: Sequence[str], width: int, limit: int, least: float, *, strict: bool = False
    ) -> list[Window]:
        """Return up to `limit` windows of at most `width` tokens with the largest shares, the best first.

        Windows with less than the share `least` may be left out. `strict` leaves out words that are nearly
        alike but may well be other words.
        """
        needed = Counter(sought)
        readings = self._readings(needed, strict)
        seeds, missing = self._seeds(readings, needed)
        complete = not missing
        # What the words that are no seeds count in all, a window can have beside the seeds.
        beside = sum(needed[token] * weight(token) for token in missing)
        wanted = max(0.0, least * sum(map(weight, sought)) - beside)
        wide = [hit for hit in seeds if hit[1] - hit[0] > 1]
        windows: dict[int, Window] = {}
        for first, last in _best_ranges(seeds, needed, width, limit if complete else limit // 2, wanted):
            hits: Sequence[Hit] = seeds[first:last]
            if not complete:
                low, high = max(0, hits[-1][1] - width), hits[0][0] + width
                around = [hit for hit in wide if low <= hit[0] < high]
                hits = sorted(around + self._hits_between(readings, low, high))
                first, last = _best_ranges(hits, needed, width, 1, 0.0)[0]
                hits = hits[first:last]
            window = _window(_trimmed(hits, needed), sought, needed)
            windows.setdefault(window.first, window)
        return sorted(windows.values(), key=lambda window: (-window.share, window.first))

    def inflected(
        self, sought: Sequence[str], spare: int = 0, passed: Container[str] = ()
    ) -> list[tuple[int, int]]:
        """Return the token ranges of all words in order, in any form, with up to `spare` others between.

        The `passed` words do not count among the others.
        """
        readings = [self.near.inflected(token) for token in sought]
        if not all(readings):
            return []
        forms = self.index.forms
        ranges = []
        starts = sorted(position for form in readings[0] for position in self.index.postings[form])
        for first in starts[:MAX_HITS]:
            last, others = first + 1, 0
            for wanted in readings[1:]:
                while last < len(forms) and forms[last] not in wanted:
                    others += forms[last] not in passed
                    if others > spare:
                        break
                    last += 1
                if last == len(forms) or forms[last] not in wanted:
                    break
                last += 1
            else:
                ranges.append((first, last))
        return ranges

    def _readings(self, needed: Mapping[str, int], strict: bool) -> dict[str, tuple[str, float]]:
        """Return the forms of the source that stand for a word of the value, with what they count."""
        readings: dict[str, tuple[str, float]] = {}
        for token in needed:
            for form, factor in self.near.of(token).items():
                if strict and form != token and not close(token, form):
                    continue
                if (value := factor * weight(token)) > readings.get(form, ("", 0.0))[1] or form == token:
                    readings[form] = token, value
        return readings

    def _seeds(
        self, readings: Mapping[str, tuple[str, float]], needed: Mapping[str, int]
    ) -> tuple[list[Hit], set[str]]:
        """Return the hits of the rarest words in text order, and the words that have more hits."""
        hits: list[Hit] = []
        for token in needed:
            if token not in self.index.postings:
                value = weight(token)
                ranges = self.index.find_joined(token, MAX_JOINED)
                hits += [(first, last, token, value) for first, last in ranges if last - first > 1]
        order = sorted(readings, key=self.index.count)
        for number, form in enumerate(order):
            if hits and len(hits) + self.index.count(form) > MAX_HITS:
                return sorted(hits), {readings[other][0] for other in order[number:]}
            token, value = readings[form]
            places = self.index.postings[form][:MAX_HITS]
            hits += zip(places, [place + 1 for place in places], repeat(token), repeat(value), strict=False)
        return sorted(hits), set()

    def _hits_between(self, readings: Mapping[str, tuple[str, float]], low: int, high: int) -> list[Hit]:
        forms = self.index.forms[low:high]
        return [(low + i, low + i + 1, *readings[form]) for i, form in enumerate(forms) if form in readings]


def is_word(token: str) -> bool:
    """Say whether a token says something by itself, other than digits, a sign or an abbreviation."""
    return not token.isdecimal() and (len(token) > 3 or token >= FIRST_SPACELESS)


@lru_cache(maxsize=1 << 16)
def weight(token: str) -> float:
    """Return what a word counts: by its length, digits and characters of spaceless scripts alike."""
    if token.isdecimal() or token >= FIRST_SPACELESS:
        return 4.0
    return 1.0 if len(token) <= 3 else float(min(len(token), 8))


def _best_ranges(
    hits: Sequence[Hit], needed: Mapping[str, int], width: int, limit: int, least: float
) -> list[tuple[int, int]]:
    """Return ranges of hits within `width` tokens whose words count most, none over another."""
    most = max(map(weight, needed))
    if not _can_reach(hits, width, least, most):
        return []
    ranges: list[tuple[float, int, int, int]] = []
    singles_reach = most + ROUNDING >= least
    for begin, end in _stretches(hits, width) if singles_reach else _clusters(hits, width):
        if end - begin > 1:
            ranges += _ranges(hits, begin, end, needed, width, least)
        else:
            gain = hits[begin][3]
            if gain + ROUNDING >= least:
                ranges.append((-round(gain, 6), hits[begin][1] - hits[begin][0], begin, end))
    ranges.sort()
    chosen: list[tuple[int, int]] = []
    for _, _, first, last in ranges:
        if len(chosen) == limit:
            break
        if all(last <= other_first or first >= other_last for other_first, other_last in chosen):
            chosen.append((first, last))
    return chosen


def _stretches(hits: Sequence[Hit], width: int) -> Iterator[tuple[int, int]]:
    """Return the runs of hits between which no `width` tokens reach."""
    return pairwise([0, *[i for i, length in enumerate(_lengths(hits), 1) if length > width], len(hits)])


def _clusters(hits: Sequence[Hit], width: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of at least two hits between which no `width` tokens reach."""
    begin = end = 0
    for i in compress(count(1), map(width.__ge__, _lengths(hits))):
        if i != end:
            if end:
                yield begin, end
            begin = i - 1
        end = i + 1
    if end:
        yield begin, end


def _lengths(hits: Sequence[Hit]) -> Iterator[int]:
    """Return for each hit but the first one how many tokens it takes with the one before."""
    begins = map(itemgetter(0), hits)
    return map(sub, map(itemgetter(1), islice(hits, 1, None)), begins)


def _ranges(
    hits: Sequence[Hit], begin: int, stop: int, needed: Mapping[str, int], width: int, least: float
) -> Iterator[tuple[float, int, int, int]]:
    """Yield for each hit the range of hits up to it: its gain, negative, its length, and its bounds."""
    present = dict.fromkeys(needed, 0)
    value, first = 0.0, begin
    for last in range(begin, stop):
        _, end, token, gain = hits[last]
        present[token] += 1
        if present[token] <= needed[token]:
            value += gain
        start, _, dropped, loss = hits[first]
        while first < last and (end - start > width or present[dropped] > needed[dropped]):
            if present[dropped] <= needed[dropped]:
                value -= loss
            present[dropped] -= 1
            first += 1
            start, _, dropped, loss = hits[first]
        if value + ROUNDING >= least:
            yield -round(value, 6), end - start, first, last + 1


def _can_reach(hits: Sequence[Hit], width: int, least: float, most: float) -> bool:
    """Say whether as many hits stand within `width` tokens as a sum of `least` needs, if more than two.

    No hit counts more than `most`.
    """
    if not hits:
        return False
    fewest = math.ceil((least - 2 * ROUNDING) / most)
    if fewest <= 2:  # two hits are as quickly found together as counted
        return True
    ends = islice(map(itemgetter(1), hits), fewest - 1, None)
    return min(map(sub, ends, map(itemgetter(0), hits)), default=width + 1) <= width


def _counted(hits: Sequence[Hit], needed: Mapping[str, int]) -> list[Hit]:
    """Return the hits without those of words that are there more often than the value has them."""
    present: Counter[str] = Counter()
    counted = []
    for hit in hits:
        present[hit[2]] += 1
        if present[hit[2]] <= needed[hit[2]]:
            counted.append(hit)
    return counted


def _window(hits: Sequence[Hit], sought: Sequence[str], needed: Mapping[str, int]) -> Window:
    total = sum(map(weight, sought))
    counted = _counted(hits, needed)
    share = min(1.0, sum(hit[3] for hit in counted) / total)
    pairs = {(one[2], other[2]) for one, other in pairwise(hits) if other[0] - one[1] <= 1}
    beside: set[int] = set()
    for i, pair in enumerate(pairwise(sought)):
        if pair in pairs:
            beside |= {i, i + 1}
    in_runs = sum(weight(sought[i]) for i in beside) / total
    return Window(hits[0][0], hits[-1][1], share, in_runs, tuple(hit[2] for hit in counted))


def _trimmed(hits: Sequence[Hit], needed: Mapping[str, int]) -> Sequence[Hit]:
    """Return the hits between the two that are worth most, after the cost of the tokens between."""
    counted = _counted(hits, needed)
    best, best_first, best_last = 0.0, 0, 0
    value, first = 0.0, 0
    for last, hit in enumerate(counted):
        if last:
            value -= GAP_COST * max(0, hit[0] - counted[last - 1][1])
        if value <= 0.0:
            value, first = 0.0, last
        value += hit[3]
        if value > best:
            best, best_first, best_last = value, first, last
    low, high = counted[best_first][0], counted[best_last][1]
    return [hit for hit in hits if low <= hit[0] and hit[1] <= high]
