"""Parse malformed JSON: of all readings of a text, take the one that costs least.

A beam of readings goes through the text. At a fault, or where a valid reading is doubtful, a reading forks
into the edits that may mend the place, each with its cost. Two readings that meet in the same state become
one, the cheaper; where the other costs little more and has another value, the fixes between are doubtful, and
the other value is listed as an alternative. Where a schema is given, it is part of the cost.
"""

from __future__ import annotations

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.alternatives import alternatives_of
from structgen.parsing.tolerant.builder import Builder
from structgen.parsing.tolerant.expectation import Expectation, expectation_of
from structgen.parsing.tolerant.frames import Frames
from structgen.parsing.tolerant.parse_result import Alternative, ParseError, ParseResult
from structgen.parsing.tolerant.readings import Chunk, Reading
from structgen.parsing.tolerant.scan import SPACE, Scan
from structgen.parsing.tolerant.search import Search, path
from structgen.schema import Schema

_VALUE_EVENTS = frozenset(
    (r.PUT_VALUE, r.PUT_KEY, r.PUT_MEMBER, r.OPEN, r.CLOSE, r.WRAP, r.CONCATENATE, r.POP, r.TURN)
)


class TolerantParser:
    """Parse the values of one text, one at a time.

    `strict`: accept only valid JSON that was cut; `ParseError` for every other fault. `schema`: what the text
    is read for.
    """

    __slots__ = ("_schema", "_strict", "_text")

    def __init__(self, text: str, *, strict: bool = False, schema: Schema | None = None) -> None:
        self._text, self._strict = text, strict
        self._schema = schema

    def of(self, text: str) -> TolerantParser:
        """Return a parser of another text for the same schema."""
        return TolerantParser(text, schema=self._schema)

    def parse(self, at: int = 0) -> ParseResult:
        """Parse the value that begins at or after a position; `ParseError` where there is none."""
        frames = Frames()
        readings = self._search(at, frames)
        return self._result(at, readings)

    def _search(self, at: int, frames: Frames) -> list[Reading]:
        expect: Expectation | None = None if self._schema is None else expectation_of(self._schema)
        scan = Scan(self._text, strict=self._strict, expect=expect, frames=frames)
        space = SPACE.match(self._text, at)
        if space is not None and space.end() == len(self._text):
            raise ParseError("an empty text", at)
        return Search(scan, at).run()

    def _result(self, at: int, readings: list[Reading]) -> ParseResult:
        best = readings[0]
        text = self._text
        chunks = path(best.freeze())
        rivals = [
            (chunk, rival, cost) for chunk in chunks for rival, cost in chunk.rivals if cost < costs.MARGIN
        ]
        rivals += [
            (None, other.freeze(), other.cost - best.cost)
            for other in readings[1:]
            if other.cost - best.cost < costs.MARGIN
        ]
        doubtful: set[int] = set()
        others: list[tuple[list[Chunk], float]] = []
        for met, rival, cost in rivals:
            other = _differing(chunks, met, rival, doubtful)
            if other is not None:
                others.append((other, cost))
        start = at
        space = SPACE.match(text, at)
        if space is not None:
            start = space.end()
        parts = [(chunk.events, id(chunk) in doubtful) for chunk in chunks]
        result = Builder(text).build(parts, start, best.at)
        if not others:
            return result
        alternatives: tuple[Alternative, ...] = alternatives_of(text, result, others, start, best.at)
        return result._replace(alternatives=alternatives)


def _differing(
    chunks: list[Chunk], met: Chunk | None, rival: Chunk, doubtful: set[int]
) -> list[Chunk] | None:
    """Return the chunks of a rival reading whose value differs, and mark what it differs from as doubtful.

    None where the rival has the same value.
    """
    index = len(chunks) if met is None else next(i for i, chunk in enumerate(chunks) if chunk is met)
    theirs = path(rival)
    common = 0
    while common < min(index, len(theirs)) and chunks[common] is theirs[common]:
        common += 1
    ours = chunks[common:index]
    if _values(ours) == _values(theirs[common:]):
        return None
    doubtful.update(id(chunk) for chunk in ours)
    return theirs + chunks[index:]


def _values(chunks: list[Chunk]) -> list[r.Event]:
    """Return the events that make the value, without positions."""
    values: list[r.Event] = []
    for chunk in chunks:
        for event in chunk.events:
            kind = event[0]
            if kind in _VALUE_EVENTS:
                if kind in (r.OPEN, r.CLOSE, r.WRAP):
                    values.append((kind, event[1] if kind == r.OPEN else None))
                elif kind == r.PUT_MEMBER:
                    values += [(r.PUT_KEY, event[1]), (r.PUT_VALUE, event[2])]
                else:
                    values.append(event[:2])
            elif kind == r.CUT:
                values.append((r.CUT,))
    return values
