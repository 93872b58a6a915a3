"""Search the readings of a text for the one that costs least: a beam, in the order of their places."""

from __future__ import annotations

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.parse_result import ParseError
from structgen.parsing.tolerant.readings import Chunk, Reading
from structgen.parsing.tolerant.scan import Scan
from structgen.parsing.tolerant.steps import step
from structgen.parsing.tolerant.valid_members import read_valid


class Search:
    """Searches the readings of one value, which begins at `start`."""

    def __init__(self, scan: Scan, start: int) -> None:
        self._scan = scan
        self._open = [Reading(start, r.VALUE)]
        self._ended: list[Reading] = []
        self._error: ParseError | None = None

    def run(self) -> list[Reading]:
        """Return the readings that reached the end of the value, the cheapest first; `ParseError` for none."""
        scan = self._scan
        while self._open:
            readings = self._open
            reading = readings[0]
            for other in readings:
                if other.at < reading.at:
                    reading = other
            self._advance(reading, alone=len(readings) == 1)
            if scan.forks or len(readings) > 1 or reading.phase == r.DONE or reading.cost >= costs.UNREAD:
                self._sort()
        if not self._ended:
            raise self._error or ParseError("no value", 0)
        return sorted(self._ended, key=lambda reading: reading.cost)

    def _advance(self, reading: Reading, *, alone: bool) -> None:
        scan = self._scan
        try:
            phase = reading.phase
            if (phase == r.KEY or phase == r.ITEM) and read_valid(scan, reading, alone=alone):
                return
            step(scan, reading)
        except ParseError as error:
            if scan.strict:
                raise
            self._error = error
            reading.cost = costs.UNREAD

    def _sort(self) -> None:
        """Take in the forks; merge readings that met, and drop those that cost too much."""
        scan = self._scan
        readings = self._open + scan.forks
        scan.forks = []
        alive: list[Reading] = []
        for reading in readings:
            if reading.cost >= costs.UNREAD:
                continue
            if reading.phase == r.DONE:
                self._end(reading)
            else:
                _merge(alive, reading)
        if self._ended:
            best = min(reading.cost for reading in self._ended)
            alive = [reading for reading in alive if reading.cost < best + costs.BEAM_COST]
        if len(alive) > 1:
            alive = _pruned(alive)
        self._open = alive

    def _end(self, reading: Reading) -> None:
        for ended in self._ended:
            if ended.at == reading.at:
                if reading.cost < ended.cost:
                    self._ended.remove(ended)
                    reading.meet(ended)
                    break
                ended.meet(reading)
                return
        self._ended.append(reading)


def _merge(alive: list[Reading], reading: Reading) -> None:
    """Add a reading, unless another one is in the same state: then the cheaper one takes in the other."""
    if reading.phase not in (r.STRING, r.BARE) and reading.frame is not None:
        for index, other in enumerate(alive):
            if (
                other.at == reading.at
                and other.phase == reading.phase
                and other.frame is not None
                and other.frame.signature == reading.frame.signature
                and (other.comma_at >= 0) == (reading.comma_at >= 0)
            ):
                if reading.cost < other.cost:
                    reading.meet(other)
                    alive[index] = reading
                else:
                    other.meet(reading)
                return
    alive.append(reading)


def _pruned(readings: list[Reading]) -> list[Reading]:
    """Drop the readings that cost much more than one that reached as far, and the dearest ones."""
    readings.sort(key=lambda reading: reading.at, reverse=True)
    kept: list[Reading] = []
    best = costs.UNREAD
    for reading in readings:
        best = min(best, reading.cost)
        if reading.cost <= best + costs.BEAM_COST:
            kept.append(reading)
    if len(kept) > costs.BEAM_WIDTH:
        kept.sort(key=lambda reading: reading.cost)
        del kept[costs.BEAM_WIDTH :]
    return kept


def path(chunk: Chunk | None) -> list[Chunk]:
    """Return the chunks that lead to one, the first first."""
    chunks: list[Chunk] = []
    while chunk is not None:
        chunks.append(chunk)
        chunk = chunk.previous
    chunks.reverse()
    return chunks
