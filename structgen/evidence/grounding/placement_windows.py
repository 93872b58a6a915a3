"""Windows of lines that may hold one item of a list, and the best ones in document order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from structgen.evidence.grounding.placement_groups import Spots
from structgen.evidence.grounding.placement_lines import Lines

LINE_COST = 0.06
"""What each line of a window after its first one must bring, beside the leaves that it holds."""
MAX_EVENTS = 160
"""Places of an item that windows are built from, those of its rarest values."""
MAX_MEMBERS = 60


@dataclass(frozen=True, slots=True)
class Window:
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


@dataclass(frozen=True)
class _Bits:
    """The bits of the leaves of an item: those of one value stand together, the lowest one first."""

    first: Sequence[int]
    counts: Sequence[int]

    def of(self, values: Mapping[int, int]) -> int:
        """Return the bits of so many places of each value."""
        mask = 0
        for value, places in values.items():
            mask |= ((1 << min(places, self.counts[value])) - 1) << self.first[value]
        return mask

    def joined(self, mask: int, other: int) -> int:
        """Return the bits of both: two places of a value are for two leaves."""
        joined = mask | other
        for first, count in zip(self.first, self.counts, strict=True):
            if count > 1:
                full = (1 << count) - 1
                places = (mask >> first & full).bit_count() + (other >> first & full).bit_count()
                joined |= ((1 << min(places, count)) - 1) << first
        return joined


def windows(spots: Sequence[Spots], lines: Lines, share: float) -> list[Window]:
    """Return the windows of an item that has these values, in document order; none where nothing is found.

    Windows below a share of the best one are left out.
    """
    alike: dict[tuple[int, ...], list[Spots]] = {}
    for spot in sorted((spot for spot in spots if spot), key=len)[:MAX_MEMBERS]:
        alike.setdefault(tuple(spot.starts), []).append(spot)
    events: list[tuple[int, int, int]] = []
    chosen: list[int] = []
    first: list[int] = []
    weights: list[float] = []
    for value, same in enumerate(alike.values()):
        if chosen and len(events) + len(same[0]) > MAX_EVENTS:
            break
        events += [(place.start, place.end, value) for place in same[0].places]
        first.append(len(weights))
        chosen.append(len(same))
        weights += [spot.weight for spot in same]
    if not events:
        return []
    events.sort()
    bits = _Bits(first, chosen)
    found = list(_grown(_by_line(events, bits, lines), bits, weights, 3 * len(spots) + 3))
    best = max(window.score for window in found)
    return [window for window in found if window.score >= share * best]


def _by_line(events: Sequence[tuple[int, int, int]], bits: _Bits, lines: Lines) -> list[_Line]:
    by_line: list[_Line] = []
    line_end = -1
    for event in events:
        if event[0] >= line_end:
            number = lines.at(event[0])
            line_end = lines.begin(number + 1) if number + 1 < len(lines.starts) else len(lines.text) + 1
            by_line.append(_Line(number, 0, []))
        by_line[-1].events.append(event)
    for line in by_line:
        line.mask = bits.of(Counter(value for _, _, value in line.events))
    return by_line


def _grown(by_line: Sequence[_Line], bits: _Bits, weights: Sequence[float], reach: int) -> Iterator[Window]:
    """Yield windows of one line, and those grown by later lines as long as each line brings new leaves."""
    gains: dict[int, float] = {}

    def gain(mask: int) -> float:
        if mask not in gains:
            gains[mask] = sum(weight for bit, weight in enumerate(weights) if mask >> bit & 1)
        return gains[mask]

    full = (1 << len(weights)) - 1
    rest = gain(full)
    for index, line in enumerate(by_line):
        best = gain(line.mask)
        for start, end in _disjoint(line, bits):
            yield Window(start, end, best)
        mask = line.mask
        for other in by_line[index + 1 :]:
            distance = other.number - line.number
            if mask == full or distance > reach or rest - LINE_COST * distance <= best:
                break
            joined = bits.joined(mask, other.mask)
            if joined == mask:
                continue
            new, mask = joined & ~mask, joined
            score = gain(mask) - LINE_COST * distance
            if score > best:
                best = score
                end = max(
                    high for _, high, value in other.events if new >> bits.first[value] & _ones(bits, value)
                )
                yield Window(line.events[0][0], end, score)


def _ones(bits: _Bits, value: int) -> int:
    return (1 << bits.counts[value]) - 1


def _disjoint(line: _Line, bits: _Bits) -> Iterator[tuple[int, int]]:
    """Yield ranges of a line that each hold all of its leaves: the shortest ones, without overlap."""
    events = line.events
    if len(events) == line.mask.bit_count():
        yield events[0][0], max(end for _, end, _ in events)
        return
    needed = {
        value: (line.mask >> bits.first[value] & _ones(bits, value)).bit_count() for _, _, value in events
    }
    minimal, counts, first, missing = [], dict.fromkeys(needed, 0), 0, sum(needed.values())
    for position, (_, _, value) in enumerate(events):
        missing -= counts[value] < needed[value]
        counts[value] += 1
        while counts[events[first][2]] > needed[events[first][2]]:
            counts[events[first][2]] -= 1
            first += 1
        if not missing:
            end = max(end for _, end, _ in events[first : position + 1])
            minimal.append((events[first][0], end))
    taken: list[tuple[int, int]] = []
    for start, end in sorted(minimal, key=lambda pair: (pair[1] - pair[0], pair)):
        if all(end <= other[0] or start >= other[1] for other in taken):
            taken.append((start, end))
        if len(taken) > MAX_EVENTS:
            break
    yield from sorted(taken)


def chain(
    items: Sequence[Sequence[Window]], span: int, bonus: Callable[[int], float] | None = None
) -> list[Window | None]:
    """Return for each item one of its windows or None, such that they follow one another in the source.

    The sum of the scores is the largest one; of equal ones, the chain over the shortest range of the source,
    whose whole length is `span`. `bonus` adds to the score of a window by its start. Time n log n.
    """
    ends: list[int] = []
    values: list[float] = []
    links: list[tuple[int, int] | None] = []
    back: dict[tuple[int, int], tuple[int, int] | None] = {}
    best: tuple[float, tuple[int, int]] | None = None
    spread = 0.5 / max(span, 1)
    for item, candidates in enumerate(items):
        additions = []
        for index, window in enumerate(candidates):
            score = window.score + (bonus(window.start) if bonus else 0.0)
            position = bisect_right(ends, window.start) - 1
            value, link = score + spread * window.start, None
            if position >= 0 and values[position] + score > value:
                value, link = values[position] + score, links[position]
            back[item, index] = link
            additions.append((window.end, value, (item, index)))
            net = value - spread * window.end
            if best is None or net > best[0] + 1e-12:
                best = (net, (item, index))
        for end, value, own in additions:
            _insert(ends, values, links, end, value, own)
    result: list[Window | None] = [None] * len(items)
    step = best[1] if best else None
    while step is not None:
        result[step[0]] = items[step[0]][step[1]]
        step = back[step]
    return result


def _insert(
    ends: list[int],
    values: list[float],
    links: list[tuple[int, int] | None],
    end: int,
    value: float,
    own: tuple[int, int],
) -> None:
    """Keep the best value up to each end: a later end stays only with a higher value."""
    position = bisect_right(ends, end)
    if position and values[position - 1] >= value:
        return
    first = bisect_left(ends, end)
    last = first
    while last < len(ends) and values[last] <= value:
        last += 1
    ends[first:last] = [end]
    values[first:last] = [value]
    links[first:last] = [own]
