"""Offer several values of one text: each alone with the rest as prose, and all as one list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise

from structgen.parsing.tolerant.parse_result import Fix, ParseResult, ReplacedMember

_NON_SPACE = re.compile(r"\S")
Span = tuple[int, int]
"""A half-open range of a text."""


def combined(results: Sequence[ParseResult], fixes_around: Iterable[Fix]) -> ParseResult:
    """Return one list of all values; `fixes_around` are the fixes between and around them."""
    start, end = results[0].start, results[-1].end
    cuts = [f"/{index}{result.cut_at}" for index, result in enumerate(results) if result.cut_at is not None]
    return ParseResult(
        [result.value for result in results],
        start,
        end,
        (
            *chain.from_iterable(result.fixes for result in results),
            *fixes_around,
            Fix("several-values", start, end),
        ),
        cuts[-1] if cuts else None,
        tuple(
            ReplacedMember(f"/{index}{pointer}", value)
            for index, result in enumerate(results)
            for pointer, value in result.replaced
        ),
        tuple(chain.from_iterable(result.containers for result in results)),
    )


def alone(result: ParseResult, text: str, span: Span) -> ParseResult:
    """Return one value with the text outside of its span as prose."""
    prose = _prose([(0, span[0]), (span[1], len(text))], text)
    return result._replace(fixes=(*result.fixes, *prose)) if prose else result


def each_and_combined(
    results: list[ParseResult], spans: list[Span], text: str, *, longest_first: bool = False
) -> Iterator[ParseResult]:
    """Yield the values one by one, and all of them as one list: first where they are rows, else second.

    `spans`: the range of each value in the text, with its delimiters.
    """
    pairs = list(zip(results, spans, strict=True))
    if longest_first:
        pairs.sort(key=lambda pair: (_is_bare_list(pair[0]), pair[1][0] - pair[1][1]))
    if _are_rows(results):
        yield combined(results, _prose_outside(spans, text))
    for index, (result, span) in enumerate(pairs):
        yield alone(result, text, span)
        if index == 0 and len(results) > 1:
            yield combined(results, _prose_outside(spans, text))


def _prose_outside(spans: Sequence[Span], text: str) -> list[Fix]:
    gaps = pairwise([0, *chain.from_iterable(spans), len(text)])
    return _prose(islice(gaps, 0, None, 2), text)


def _prose(ranges: Iterable[Span], text: str) -> list[Fix]:
    return [Fix("prose", start, end) for start, end in ranges if _NON_SPACE.search(text, start, end)]


def _are_rows(results: Sequence[ParseResult]) -> bool:
    """Whether the values are several objects with the same keys."""
    keys = {tuple(result.value) if isinstance(result.value, dict) else None for result in results}
    return len(results) > 1 and len(keys) == 1 and None not in keys and () not in keys


def _is_bare_list(result: ParseResult) -> bool:
    """Whether the value is a list of words without quotes: `[see below]`."""
    value, fixes = result.value, result.fixes
    return isinstance(value, list) and 0 < len(value) == sum(fix.kind == "quotes" for fix in fixes)
