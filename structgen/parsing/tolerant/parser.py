"""Parse malformed JSON: of all readings of a text, take the one that costs least.

A beam of readings goes through the text. At a fault, or where a valid reading is doubtful, a reading forks
into the edits that may mend the place, each with its cost. Two readings that meet in the same state become
one, the cheaper; where the other costs little more and has another value, the fixes between are doubtful, and
the other value is listed as an alternative. Where a schema is given, it is part of the cost.
"""

from __future__ import annotations

from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.alternatives import (
    Differing,
    alternatives_of,
    differing_rivals,
    marked,
    other_brackets,
    other_spare_brackets,
)
from structgen.parsing.tolerant.builder import Builder
from structgen.parsing.tolerant.expectation import Expectation, expectation_of
from structgen.parsing.tolerant.frames import Frames
from structgen.parsing.tolerant.parse_result import Alternative, ParseError, ParseResult
from structgen.parsing.tolerant.readings import Event, Reading
from structgen.parsing.tolerant.scan import SPACE, Scan
from structgen.parsing.tolerant.search import Search, path
from structgen.schema import Schema

_MAX_STEPS, _MAX_STEPS_PER_CHARACTER = 20_000, 1
"""Steps of all searches in a text, which may begin a value at each of its brackets."""


class TolerantParser:
    """Parse the values of one text, one at a time, and remember each. `schema`: what the text is read for."""

    __slots__ = ("_parsed", "_schema", "_steps", "_text")

    def __init__(self, text: str, *, schema: Schema | None = None) -> None:
        self._text = text
        self._schema = schema
        self._steps = 0
        """Steps of all searches so far."""
        self._parsed: dict[int, ParseResult | ParseError] = {}

    def of(self, text: str) -> TolerantParser:
        """Return a parser of a text for the same schema: this one for its own text."""
        return self if text is self._text else TolerantParser(text, schema=self._schema)

    def parse(self, at: int = 0) -> ParseResult:
        """Parse the value that begins at or after a position; `ParseError` where there is none."""
        parsed = self._parsed.get(at)
        if parsed is None:
            try:
                parsed = self._parse(at)
            except ParseError as error:
                parsed = error
            self._parsed[at] = parsed
        if isinstance(parsed, ParseError):
            raise parsed.with_traceback(None)
        return parsed

    def _parse(self, at: int) -> ParseResult:
        frames = Frames()
        search, readings = self._search(at, frames)
        best = readings[0]
        if best.cost < costs.UNCLOSED_AT_END or len(frames.objects) < 2:
            return self._result(at, search, readings)
        # Objects further on may show where a bracket was lost.
        if _lacks_bracket(best) and (shapes := frames.usual_shapes()):
            frames = Frames()
            frames.shapes.update(shapes)
            other_search, again = self._search(at, frames)
            if again[0].cost < best.cost + costs.EVIDENT_CLOSING_BRACKET:
                search, readings = other_search, again
        return self._result(at, search, readings)

    def _search(self, at: int, frames: Frames) -> tuple[Search, list[Reading]]:
        expect: Expectation | None = None if self._schema is None else expectation_of(self._schema)
        text = self._text
        scan = Scan(text, expect=expect, frames=frames)
        if at >= scan.end or (text[at] not in "{[" and _start(text, at) == scan.end):
            raise ParseError("an empty text", at)
        if self._steps > _MAX_STEPS + _MAX_STEPS_PER_CHARACTER * scan.end:
            raise ParseError("too many values of which none can be read", at)
        search = Search(scan, at)
        try:
            return search, search.run()
        finally:
            self._steps += search.advances

    def _result(self, at: int, search: Search, readings: list[Reading]) -> ParseResult:
        best, text = readings[0], self._text
        differing: list[Differing] = []
        if best.chunk is None:  # no reading forked
            events = best.events
        else:
            chunks = path(best.freeze())
            events = [event for chunk in chunks for event in chunk.events]
            others = ((other, other.cost - best.cost) for other in readings[1:])
            ended = [(other.freeze(), cost) for other, cost in others if cost < costs.MARGIN]
            if search.rivals or ended:
                differing = differing_rivals(text, chunks, events, search.rivals, ended)
        builder = Builder(text, trusted="\\" in text and _is_json_but_for_its_end(events))
        parts = marked(events, differing) if differing else [(events, False)]
        result = builder.build(parts, _start(text, at), best.at)
        brackets: tuple[Alternative, ...] = ()
        if self._schema is None and (builder.guessed or builder.spare):
            brackets = other_brackets(builder.guessed) + other_spare_brackets(builder.spare)
        if not differing and not builder.other_strings and not brackets:
            return result
        alternatives = (*builder.other_strings, *brackets, *alternatives_of(text, result, events, differing))
        return result._replace(alternatives=alternatives)


def _is_json_but_for_its_end(events: list[Event]) -> bool:
    """Whether a reading mends nothing but the end of the text."""
    return not any(event[0] == r.DROP or (event[0] == r.FIX and event[1] != "cut") for event in events)


def _start(text: str, at: int) -> int:
    """Return the position of the first character from `at` that is no white space."""
    if text.startswith(("{", "["), at):
        return at
    space = SPACE.match(text, at)
    return at if space is None else space.end()


def _lacks_bracket(reading: Reading) -> bool:
    """Whether a reading mends a bracket, or closes containers at the end of the text."""
    for chunk in path(reading.freeze()):
        for event in chunk.events:
            if event[0] == r.CUT or (event[0] == r.FIX and event[1] == "bracket"):
                return True
    return False
