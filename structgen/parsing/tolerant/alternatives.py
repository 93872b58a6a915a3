"""List the values of other likely readings, at the places where they differ."""

from __future__ import annotations

from typing import Any

from structgen import json_text
from structgen.parsing.tolerant.builder import Builder
from structgen.parsing.tolerant.parse_result import Alternative, ParseError, ParseResult
from structgen.parsing.tolerant.readings import Chunk
from structgen.schema.traversal import pointer

_MAX_ALTERNATIVES = 8
_MAX_LENGTH = 200_000
"""Characters of a text whose alternatives are all built; of a longer one, a few."""
_MAX_OF_LONG = 2


def alternatives_of(
    text: str, result: ParseResult, others: list[tuple[list[Chunk], float]], start: int, end: int
) -> tuple[Alternative, ...]:
    """Return the values of other readings, the cheapest first; each at the deepest place that holds them."""
    others = sorted(others, key=lambda other: other[1])
    most = _MAX_ALTERNATIVES if len(text) <= _MAX_LENGTH else _MAX_OF_LONG
    alternatives: list[Alternative] = []
    for chunks, cost in others[:most]:
        try:
            other = Builder(text).build(((chunk.events, False) for chunk in chunks), start, end)
        except ParseError:
            continue
        place = _difference(result.value, other.value, ())
        if place is None:
            continue
        alternative = Alternative(pointer(place[0]), place[1], round(max(cost, 0.0), 2))
        if all(alternative[:2] != listed[:2] for listed in alternatives):
            alternatives.append(alternative)
    return tuple(alternatives)


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
