"""List the values of other likely readings, at the places where they differ."""

from __future__ import annotations

from typing import Any, NamedTuple

from structgen import json_text
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.builder import Builder
from structgen.parsing.tolerant.parse_result import Alternative, ParseError, ParseResult
from structgen.parsing.tolerant.readings import Chunk, Rival
from structgen.schema.traversal import pointer

_MAX_ALTERNATIVES = 8
_MAX_LENGTH = 200_000
"""Characters of a text whose alternatives are all built; of a longer one, a few."""
_MAX_OF_LONG = 2
_OTHER_BRACKET = 0.5
"""Cost of another place for a bracket, where nothing speaks for either."""
_VALUE_EVENTS = frozenset(
    (r.PUT_VALUE, r.PUT_KEY, r.PUT_MEMBER, r.OPEN, r.CLOSE, r.WRAP, r.PUT_STRING, r.POP, r.TURN)
)


class Differing(NamedTuple):
    """A rival reading with another value: the events in place of those of the best from `start` to `end`."""

    events: list[r.Event]
    start: int
    end: int
    cost: float


def differing_rivals(
    text: str, best: list[Chunk], events: list[r.Event], met: list[Rival], ended: list[tuple[Chunk, float]]
) -> list[Differing]:
    """Return the rivals whose values differ from the best reading's, which has these chunks and events.

    `met` holds those that came to a state of any reading; `ended` the last chunk of those that came to the
    end, and how much more each costs.
    """
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    length = 0
    for chunk in best:
        starts[id(chunk.events)] = length
        length += len(chunk.events)
        ends[id(chunk)] = length
    rivals = [
        (starts[id(rival.events)] + rival.length, rival.chunk, rival.cost)
        for rival in met
        if id(rival.events) in starts
    ]
    rivals.sort(key=_place)
    rivals += [(length, last, cost) for last, cost in ended]
    differing: list[Differing] = []
    for end, last, cost in rivals:
        own: list[Chunk] = []
        chunk_: Chunk | None = last
        while chunk_ is not None and id(chunk_) not in ends:
            own.append(chunk_)
            chunk_ = chunk_.previous
        start = 0 if chunk_ is None else ends[id(chunk_)]
        if start > end:
            continue
        others = [event for part in reversed(own) for event in part.events]
        if _values(text, events[start:end]) != _values(text, others):
            differing.append(Differing(others, start, end, cost))
    return differing


def _place(rival: tuple[int, Chunk, float]) -> int:
    return rival[0]


def marked(events: list[r.Event], differing: list[Differing]) -> list[tuple[list[r.Event], bool]]:
    """Return the events in parts, each with whether a rival has other ones there."""
    doubtful = bytearray(len(events))
    for rival in differing:
        doubtful[rival.start : rival.end] = b"\x01" * (rival.end - rival.start)
    parts = []
    start = 0
    while start < len(events):
        is_doubtful = doubtful[start]
        end = doubtful.find(1 - is_doubtful, start)
        end = len(events) if end < 0 else end
        parts.append((events[start:end], bool(is_doubtful)))
        start = end
    return parts


def alternatives_of(
    text: str, result: ParseResult, events: list[r.Event], differing: list[Differing]
) -> tuple[Alternative, ...]:
    """Return the values of rival readings, the cheapest first; each at the deepest place that holds them."""
    most = _MAX_ALTERNATIVES if len(text) <= _MAX_LENGTH else _MAX_OF_LONG
    alternatives: list[Alternative] = []
    for own, start, end, cost in sorted(differing, key=lambda rival: rival.cost)[:most]:
        other_events = events[:start] + own + events[end:]
        try:
            other = Builder(text).build([(other_events, False)], result.start, result.end)
        except ParseError:
            continue
        place = _difference(result.value, other.value, ())
        if place is None:
            continue
        alternative = Alternative(pointer(place[0]), place[1], round(max(cost, 0.0), 2))
        if all(alternative[:2] != listed[:2] for listed in alternatives):
            alternatives.append(alternative)
    return tuple(alternatives)


def other_brackets(guessed: list[tuple[str, dict[str, Any]]]) -> tuple[Alternative, ...]:
    """Return the other values of objects whose closing bracket was inserted, by their pointers.

    The lost bracket may be that of the last member, or of its last member: the members behind it belong to
    the object around then.
    """
    alternatives: list[Alternative] = []
    for place, members in guessed:
        path: list[str] = []
        outer = members
        while outer and len(alternatives) < _MAX_ALTERNATIVES:
            name, inner = next(reversed(outer.items()))
            if not isinstance(inner, dict):
                break
            names = list(inner)
            for count in range(len(names) - 1, 0, -1):
                moved = {key: inner[key] for key in names[count:]}
                if moved.keys() & outer.keys() or len(alternatives) >= _MAX_ALTERNATIVES:
                    break  # more members share these keys too
                value = {**outer, name: {key: inner[key] for key in names[:count]}, **moved}
                alternatives.append(Alternative(place + pointer(path), value, _OTHER_BRACKET))
            path.append(name)
            outer = inner
    return tuple(alternatives)


def other_spare_brackets(
    spare: list[tuple[str, dict[str, Any], str, list[str]]],
) -> tuple[Alternative, ...]:
    """Return the other values of objects in which a closing bracket was left out.

    The spare bracket may be that of an inner object: the members between belong to that one then.
    """
    alternatives = []
    for place, members, name, between in spare[:_MAX_ALTERNATIVES]:
        inner = members.get(name)
        if isinstance(inner, dict) and not inner.keys() & set(between):
            moved = {key: members[key] for key in between if key in members}
            rest = {key: value for key, value in members.items() if key not in moved}
            alternatives.append(Alternative(place, {**rest, name: {**inner, **moved}}, _OTHER_BRACKET))
    return tuple(alternatives)


def _values(text: str, events: list[r.Event]) -> list[r.Event]:
    """Return the events that make the value, without positions."""
    values: list[r.Event] = []
    for event in events:
        kind = event[0]
        if kind == r.CUT:
            values.append((kind,))
        elif kind not in _VALUE_EVENTS:
            continue
        elif kind in (r.OPEN, r.CLOSE, r.WRAP):
            values.append((kind, event[1] if kind == r.OPEN else None))
        elif kind == r.PUT_STRING:
            string = event[1]
            raw = text[string.start : string.stop]
            values.append((r.PUT_VALUE, raw, True) if event[2] else (r.PUT_VALUE, raw))
        elif kind == r.PUT_MEMBER:
            values += [(r.PUT_KEY, event[1]), (r.PUT_VALUE, event[2])]
        else:
            values.append(event[:2])
    return values


def _difference(
    one: Any, other: Any, path: tuple[str | int, ...]
) -> tuple[tuple[str | int, ...], Any] | None:
    """Return the deepest place that holds every difference of two values, and the second one's value."""
    while True:
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            steps: list[str | int] = [key for key in one if not _same(one[key], other[key])]
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            steps = [index for index in range(len(one)) if not _same(one[index], other[index])]
        else:
            return None if _same(one, other) else (path, other)
        if not steps:
            return None
        if len(steps) > 1:
            return path, other
        one, other, path = one[steps[0]], other[steps[0]], (*path, steps[0])


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and json_text.dumps(one) == json_text.dumps(other))
