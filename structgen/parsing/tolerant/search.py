"""Search the readings of a text for the one that costs least: always go on with the cheapest.

Of readings that cost the same, the one that is furthest goes on. A reading that comes to a state in which a
cheaper one was before (the same place, phase and open containers) ends there, as a rival of the cheaper one.
Where a text has so many faults that the search would take more than a few steps for each character, only the
furthest reading goes on.
"""

from __future__ import annotations

from heapq import heappop, heappush, nsmallest

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant.parse_result import ParseError
from structgen.parsing.tolerant.readings import AFTER, DONE, ITEM, KEY, VALUE, Chunk, Event, Reading, Rival
from structgen.parsing.tolerant.scan import Scan
from structgen.parsing.tolerant.steps import step
from structgen.parsing.tolerant.valid_members import read_valid

_FREE_STEPS = 3000
_STEPS_PER_CHARACTER = 0.4
_MAX_OPEN = 96
"""Readings that wait at once; beyond it, the dearer half is dropped."""
State = tuple[int, int, int, bool]


class Search:
    """Searches the readings of one value, which begins at `start`."""

    __slots__ = (
        "_ended",
        "_error",
        "_furthest",
        "_open",
        "_order",
        "_scan",
        "_start",
        "_steps",
        "_visited",
        "advances",
        "rivals",
    )

    def __init__(self, scan: Scan, start: int) -> None:
        self._scan, self._start, self._furthest = scan, start, start
        self._open: list[tuple[float, int, int, Reading]] = []
        """A heap of the readings that wait: cost, place (negative), order, reading."""
        self._order = self._steps = 0
        self._ended: list[Reading] = []
        self.advances = 0
        """Steps of all readings so far."""
        self._visited: dict[State, tuple[float, list[Event], int]] = {}
        """The cost of the reading that was first in a state, and its last events with their number there."""
        self.rivals: list[Rival] = []
        self._error: ParseError | None = None

    def run(self) -> list[Reading]:
        """Return the readings that reached the value's end, the cheapest first; `ParseError` for none."""
        # One loop with few calls: many texts are short, and each step of each reading comes here.
        reading: Reading | None = Reading(self._start, VALUE)
        scan, waiting = self._scan, self._open
        text, forks = scan.text, scan.forks
        steps = 0
        try:
            while reading is not None:
                steps += 1
                phase = reading.phase
                try:
                    if phase <= ITEM:  # a key or an item
                        alone = not waiting or waiting[0][0] >= reading.cost + costs.MARGIN
                        if not read_valid(scan, reading, alone) or reading.phase == VALUE:
                            step(scan, reading)
                    elif phase != AFTER or reading.at + 1 != scan.end or not self._ends_text(reading):
                        step(scan, reading)
                except ParseError as error:
                    self._error = error
                    reading.cost = costs.UNREAD
                if forks:
                    for fork in forks:
                        self._wait(fork)
                    forks.clear()
                phase = reading.phase
                if phase == AFTER:
                    if text.startswith(",", reading.at):
                        _skip_comma(reading)
                elif phase == DONE and not waiting and not self._ended and reading.cost < costs.UNREAD:
                    return [reading]
                if phase == DONE or reading.cost >= costs.UNREAD:
                    self._wait(reading)
                    reading = self._next()
                elif waiting and not self._leads(reading):
                    reading = self._next()
        finally:
            self.advances += steps
        if not self._ended:
            raise self._error or ParseError("no value", self._start)
        return sorted(self._ended, key=_cost)

    def _leads(self, reading: Reading) -> bool:
        """Whether a reading goes on before those that wait; else it waits, or ends as a rival."""
        waiting, cost, at = self._open, reading.cost, reading.at
        other, place, _, _ = waiting[0]
        if cost > other or (cost == other and -at >= place) or len(waiting) >= _MAX_OPEN:
            self._wait(reading)
            return False
        if self._ended and cost >= self._ended[0].cost + costs.MARGIN:
            return False
        self._steps += 1
        if at > self._furthest:
            self._furthest = at
        elif at < self._furthest and self._is_long():
            return False
        return not self._meets(reading)

    def _is_long(self) -> bool:
        """Whether the search took more steps than the text so far is worth."""
        return self._steps > _FREE_STEPS + _STEPS_PER_CHARACTER * (self._furthest - self._start)

    def _ends_text(self, reading: Reading) -> bool:
        """Read the bracket that ends the text directly behind a value; False for others."""
        scan, frame = self._scan, reading.frame
        if frame is None or frame.parent is not None or scan.text[-1] != frame.closing:
            return False
        scan.close(reading, scan.end, True)
        return True

    def _wait(self, reading: Reading) -> None:
        """Let a reading wait for its turn."""
        cost, phase = reading.cost, reading.phase
        if cost >= costs.UNREAD:
            return
        if phase == DONE:
            self._end(reading)
            return
        if phase == AFTER and self._scan.text.startswith(",", reading.at):
            _skip_comma(reading)
        self._order = order = self._order + 1
        heappush(self._open, (cost, -reading.at, order, reading))

    def _next(self) -> Reading | None:
        """Return the cheapest reading; None where each costs more than the margin above one that ended."""
        self._steps += 1
        waiting = self._open
        limit = self._ended[0].cost + costs.MARGIN if self._ended else costs.UNREAD
        if len(waiting) > _MAX_OPEN:
            waiting[:] = nsmallest(_MAX_OPEN // 2, waiting)
        while waiting:
            cost, at, _, reading = heappop(waiting)
            if cost >= limit:
                return None
            if -at > self._furthest:
                self._furthest = -at
            elif -at < self._furthest and waiting and self._is_long():
                continue
            if not self._meets(reading):
                return reading
        return None

    def _meets(self, reading: Reading) -> bool:
        """Whether a cheaper reading was in the same state; this one is its rival then."""
        frame, phase = reading.frame, reading.phase
        if frame is None or phase > AFTER:  # not before a key, an item, or what follows a value
            return False
        signature = frame.signature or self._scan.frames.signature(frame)
        state = (reading.at, phase, signature, reading.comma_at >= 0)
        visited = self._visited.get(state)
        if visited is None:
            events = reading.events
            if not events and reading.chunk is not None:
                events = reading.chunk.events  # a fork from here on has these, too
            self._visited[state] = reading.cost, events, len(events)
            return False
        cost, events, count = visited
        if (delta := reading.cost - cost) < costs.MARGIN:
            self.rivals.append(Rival(events, count, reading.freeze(), delta))
        return True

    def _end(self, reading: Reading) -> None:
        """Keep a reading that ended; `_ended` begins with the cheapest."""
        self._ended.append(reading)
        if reading.cost < self._ended[0].cost:
            self._ended.insert(0, self._ended.pop())


def _skip_comma(reading: Reading) -> None:
    """Go behind a comma that directly follows a value."""
    frame = reading.frame
    if frame is not None:
        reading.comma_at = reading.at
        reading.at += 1
        reading.phase = KEY if frame.is_object else ITEM


def _cost(reading: Reading) -> float:
    return reading.cost


def path(chunk: Chunk | None) -> list[Chunk]:
    """Return the chunks that lead to one, the first first."""
    chunks: list[Chunk] = []
    while chunk is not None:
        chunks.append(chunk)
        chunk = chunk.previous
    chunks.reverse()
    return chunks
