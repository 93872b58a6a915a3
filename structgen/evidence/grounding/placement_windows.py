"""Windows of lines that may hold one item of a list, and the best ones in document order."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop
from itertools import chain, compress
from operator import itemgetter
from typing import NamedTuple

from structgen.evidence.grounding.placement_groups import Spots
from structgen.evidence.grounding.placement_lines import Lines

LINE_COST = 0.06
"""What each line of a window after its first one must bring, beside the leaves that it holds."""
MAX_MEMBERS = 60
"""Leaves of an item that windows are built from, those with the rarest values."""
_NESTED = 8
"""Places before the last one of a window that may end behind it."""
_MAX_ON_LINE = 160
"""Windows of one line."""
_FLAGS = bytes.maketrans(b"01", b"\0\1")
_RANGE = itemgetter(0, 1)
_NO_PLACES = range(0)


class Window(NamedTuple):
    """A range that holds leaves of an item, and how much they weigh."""

    start: int
    end: int
    score: float


@dataclass(slots=True)
class _Line:
    number: int
    mask: int
    events: list[tuple[int, int, int]]
    """Start, end and value of the places on the line."""


class _Grown(NamedTuple):
    """A line, the later line that a window grew to, the bits that this one brought, and what all weigh.

    Where the window ends is read only for the good ones. Windows of one line have no later one.
    """

    line: _Line
    last: _Line | None
    new: int
    score: float


@dataclass(frozen=True)
class _Bits:
    """The bits of the leaves of an item: those of one value stand together, the lowest one first."""

    first: Sequence[int]
    counts: Sequence[int]

    @cached_property
    def several(self) -> list[tuple[int, int]]:
        """The lowest bit and the count of the values that several leaves have."""
        return [(first, count) for first, count in zip(self.first, self.counts, strict=True) if count > 1]

    @cached_property
    def of_several(self) -> int:
        """The lowest bits of those values."""
        return sum(1 << first for first, _ in self.several)

    @cached_property
    def masks(self) -> list[int]:
        """All bits of each value."""
        return [((1 << count) - 1) << first for first, count in zip(self.first, self.counts, strict=True)]

    def of(self, values: Sequence[int]) -> int:
        """Return the bits of places of these values."""
        mask = 0
        if not self.several:
            for value in values:
                mask |= self.masks[value]
            return mask
        for value, places in Counter(values).items():
            mask |= ((1 << min(places, self.counts[value])) - 1) << self.first[value]
        return mask

    def joined(self, mask: int, other: int) -> int:
        """Return the bits of both: two places of a value are for two leaves."""
        joined = mask | other
        for first, count in self.several:
            if mask >> first & 1 and other >> first & 1:
                full = (1 << count) - 1
                places = (mask >> first & full).bit_count() + (other >> first & full).bit_count()
                joined |= ((1 << min(places, count)) - 1) << first
        return joined


def windows(spots: Sequence[Spots], lines: Lines, share: float, limit: int) -> list[Window]:
    """Return the windows of an item that has these values, in document order; none where nothing is found.

    Windows below a share of the best one are left out. Of more than `limit` places only those are read that
    stand close to the most other ones.
    """
    alike: dict[int, list[Spots]] = {}
    for spot in sorted((spot for spot in spots if spot), key=len)[:MAX_MEMBERS]:
        alike.setdefault(id(spot), []).append(spot)
    if not alike:
        return []
    values = [same[0] for same in alike.values()]
    counts = [len(same) for same in alike.values()]
    bits = _Bits([sum(counts[:value]) for value in range(len(counts))], counts)
    gains = _Gains([spot.weight for same in alike.values() for spot in same])
    reach = 3 * len(spots) + 3
    regions = None
    if sum(map(len, values)) > limit:
        regions = _dense_regions(values, bits, gains, lines, reach + 1, share, limit)
    by_line = _by_line(values, bits, lines, reach + 1, regions)
    grown = list(_grown(by_line, bits, gains, reach))
    least = share * max(one.score for one in grown)
    kept = (one for one in grown if one.score >= least)
    return sorted(chain.from_iterable(_bounded(one, bits) for one in kept), key=_RANGE)


class _Gains:
    """The weights of sets of leaves."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._weights = weights
        self._known: dict[int, float] = {}
        self.full = (1 << len(weights)) - 1

    def of(self, mask: int) -> float:
        """Return the weight of the leaves of a mask."""
        known = self._known.get(mask)
        if known is None:
            bits = bin(mask)[:1:-1].encode().translate(_FLAGS)
            known = sum(compress(self._weights, bits))
            self._known[mask] = known
        return known


def _dense_regions(
    values: Sequence[Spots],
    bits: _Bits,
    gains: _Gains,
    lines: Lines,
    size: int,
    share: float,
    limit: int,
) -> set[int]:
    """Return the regions of `size` lines that can hold good windows, with at most about `limit` places."""
    masks: dict[int, int] = {}
    regions = [spot.regions(lines, size) for spot in values]
    for mask, (numbers, _) in zip(bits.masks, regions, strict=True):
        for region in numbers:
            masks[region] = masks.get(region, 0) | mask
    # A window of a region may end in the next one.
    joined = {region: mask | masks.get(region + 1, 0) for region, mask in masks.items()}
    potentials = {mask: gains.of(mask) for mask in set(joined.values())}
    bound = 0.9 * share * max(potentials.values())
    order = [(-gain, region) for region, mask in joined.items() if (gain := potentials[mask]) >= bound]
    heapify(order)
    kept: set[int] = set()
    count = 0
    while order and not (kept and count > limit):
        _, region = heappop(order)
        kept |= {region, region + 1}
        count += sum([len(_in_region(own, region)) for own in regions])
    return kept


def _in_region(regions: tuple[Sequence[int], Sequence[int]], region: int) -> range:
    """Return the indices of the places that begin in a region, of the regions of these places."""
    numbers, firsts = regions
    at = bisect_left(numbers, region)
    return range(firsts[at], firsts[at + 1]) if at < len(numbers) and numbers[at] == region else _NO_PLACES


def _by_line(
    values: Sequence[Spots], bits: _Bits, lines: Lines, size: int, regions: Iterable[int] | None
) -> list[_Line]:
    events = []
    for value, spot in enumerate(values):
        pieces, places = spot.pieces(lines), spot.places
        if regions is None:
            indices: Iterable[int] = range(len(places))
        else:
            own = spot.regions(lines, size)
            indices = chain.from_iterable([_in_region(own, region) for region in regions])
        events += [(pieces[i], places[i].start, places[i].end, value) for i in indices]
    events.sort()
    by_line: list[_Line] = []
    for number, start, end, value in events:
        if not by_line or by_line[-1].number != number:
            by_line.append(_Line(number, 0, []))
        by_line[-1].events.append((start, end, value))
    for line in by_line:
        if len(line.events) == 1:
            line.mask = 1 << bits.first[line.events[0][2]]
        else:
            line.mask = bits.of([value for _, _, value in line.events])
    return by_line


def _grown(by_line: Sequence[_Line], bits: _Bits, gains: _Gains, reach: int) -> Iterator[_Grown]:
    """Yield the windows of one line, and those grown by later lines as long as each brings new leaves."""
    gain, full, several = gains.of, gains.full, bits.of_several
    rest = gain(full)
    for index, line in enumerate(by_line):
        best = gain(line.mask)
        yield _Grown(line, None, 0, best)
        mask = line.mask
        for following in range(index + 1, len(by_line)):
            other = by_line[following]
            distance = other.number - line.number
            if mask == full or distance > reach or rest - LINE_COST * distance <= best:
                break
            joined = mask | other.mask
            if mask & other.mask & several:
                joined = bits.joined(mask, other.mask)
            if joined == mask:
                continue
            new, mask = joined & ~mask, joined
            score = gain(mask) - LINE_COST * distance
            if score > best:
                best = score
                yield _Grown(line, other, new, score)


def _bounded(grown: _Grown, bits: _Bits) -> Iterator[Window]:
    """Yield a grown window up to the end of what its last line brought, or the windows of its one line."""
    line, last, new, score = grown
    if last is None:
        for start, end in _disjoint(line, bits):
            yield Window(start, end, score)
    else:
        end = max([high for _, high, value in last.events if new & bits.masks[value]])
        yield Window(line.events[0][0], end, score)


def _disjoint(line: _Line, bits: _Bits) -> Iterator[tuple[int, int]]:
    """Yield ranges of a line that each hold all of its leaves: the shortest ones, without overlap."""
    events = line.events
    if len(events) == line.mask.bit_count():
        yield events[0][0], max(end for _, end, _ in events)
        return
    needed = {value: (line.mask & bits.masks[value]).bit_count() for _, _, value in events}
    minimal, counts, first, missing = [], dict.fromkeys(needed, 0), 0, sum(needed.values())
    for position, (_, end, value) in enumerate(events):
        missing -= counts[value] < needed[value]
        counts[value] += 1
        while counts[events[first][2]] > needed[events[first][2]]:
            counts[events[first][2]] -= 1
            first += 1
        if not missing:
            inside = events[max(first, position - _NESTED) : position]
            minimal.append((events[first][0], max([end, *[other for _, other, _ in inside]])))
    taken: list[tuple[int, int]] = []
    for start, end in sorted(minimal, key=lambda pair: (pair[1] - pair[0], pair)):
        at = bisect_left(taken, (start, end))
        if (not at or taken[at - 1][1] <= start) and (at == len(taken) or taken[at][0] >= end):
            taken.insert(at, (start, end))
        if len(taken) > _MAX_ON_LINE:
            break
    yield from taken
