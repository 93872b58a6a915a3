"""Read the objects and arrays in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.parsing.extraction.combining import each_and_combined
from structgen.parsing.tolerant.parse_result import ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_OPENING = re.compile(r"[{\[]")
_MAX_CONTAINERS = 100_000
_MAX_FAILURES = 8
"""Brackets that begin no value, after which the search ends."""


def parse_prose(parser: TolerantParser, text: str) -> Iterator[ParseResult]:
    """Yield the containers of a text, each alone and all as one list."""
    results: list[ParseResult] = []
    at = failures = 0
    while (
        len(results) < _MAX_CONTAINERS and failures < _MAX_FAILURES and (match := _OPENING.search(text, at))
    ):
        try:
            result = parser.parse(match.start())
        except ParseError:
            at = match.end()
            failures += 1
            continue
        results.append(result)
        at = max(result.end, match.end())
    spans = [(result.start, result.end) for result in results]
    yield from each_and_combined(results, spans, text, longest_first=True)
