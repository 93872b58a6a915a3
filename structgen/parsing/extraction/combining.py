"""Offer several values of one text: each alone with the rest as prose, and all as one list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import NamedTuple

from structgen.parsing.extraction.left_out import dropped_before, trailing
from structgen.parsing.extraction.likelihood import Likelihood, Span
from structgen.parsing.tolerant.parse_result import Fix, ParseResult, ReplacedMember

_NON_SPACE = re.compile(r"\S")


class Found(NamedTuple):
    """A container of a text, its range with its delimiters, and how likely it is the answer."""

    result: ParseResult
    span: Span
    likelihood: Likelihood


def combined(results: Sequence[ParseResult], fixes_around: Iterable[Fix]) -> ParseResult:
    """Return one list of all values; `fixes_around` are the fixes between and around them."""
    start, end = results[0].start, results[-1].end
    cuts = [f"/{index}{result.cut_at}" for index, result in enumerate(results) if result.cut_at is not None]
    several = Fix("several-values", start, end)
    return ParseResult(
        [result.value for result in results],
        start,
        end,
        (*chain.from_iterable(result.fixes for result in results), *fixes_around, several),
        cuts[-1] if cuts else None,
        tuple(
            ReplacedMember(f"/{index}{pointer}", value)
            for index, result in enumerate(results)
            for pointer, value in result.replaced
        ),
        tuple(chain.from_iterable(result.containers for result in results)),
        tuple(
            text._replace(pointer=f"/{index}{text.pointer}")
            for index, result in enumerate(results)
            for text in result.dropped
        ),
        tuple(
            other._replace(pointer=f"/{index}{other.pointer}")
            for index, result in enumerate(results)
            for other in result.alternatives
        ),
    )


def alone(result: ParseResult, text: str, span: Span) -> ParseResult:
    """Return one value with the text outside of its span left out: prose, or rows that continue the value."""
    fixes, dropped = trailing(text, span[1], isinstance(result.value, dict | list))
    prose = _prose([(0, span[0])], text)
    earlier = dropped_before(text, span[0])
    if not (prose or fixes):
        return result
    return result._replace(
        fixes=(*result.fixes, *prose, *fixes), dropped=(*result.dropped, *earlier, *dropped)
    )


def each_and_combined(found: Sequence[Found], text: str) -> Iterator[ParseResult]:
    """Yield the values one by one, the most likely first, and all as one list.

    The list is first where the values are rows, else second. It leaves out citations, links and the like.
    """
    if not found:
        return
    members = [item for item in found if item.likelihood.is_strong] or list(found)
    rows = _are_rows(members)
    whole = combined([item.result for item in members], _prose_outside([m.span for m in members], text))
    if rows:
        yield whole
    for index, item in enumerate(sorted(found, key=lambda item: item.likelihood, reverse=True)):
        yield alone(item.result, text, item.span)
        if index == 0 and not rows and len(members) > 1:
            yield whole


def _prose_outside(spans: Sequence[Span], text: str) -> list[Fix]:
    gaps = pairwise([0, *chain.from_iterable(spans), len(text)])
    return _prose(islice(gaps, 0, None, 2), text)


def _prose(ranges: Iterable[Span], text: str) -> list[Fix]:
    return [Fix("prose", start, end) for start, end in ranges if _NON_SPACE.search(text, start, end)]


def _are_rows(found: Sequence[Found]) -> bool:
    """Whether the values are objects with the same keys, and none is announced as the answer alone."""
    keys = {tuple(item.result.value) if isinstance(item.result.value, dict) else None for item in found}
    if len(found) < 2 or len(keys) != 1 or None in keys or () in keys:
        return False
    announced = {item.likelihood.announced for item in found}
    return len(announced) == 1 or found[0].likelihood.announced == 1
