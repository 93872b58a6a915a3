"""Read the values in the Markdown fences of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from structgen.parsing.extraction.combining import Span, each_and_combined
from structgen.parsing.extraction.sequence import parse_sequence
from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

FENCE = "```"
_OPENING = re.compile(r"```[ \t]*[\w.+-]*[^\n`{\[]*\n?")
_CLOSING = re.compile(r"\s*```")
_MAX_NESTED = 8
"""Fences of one text whose value may contain fences: to read them again takes quadratic time."""


class _Fenced(NamedTuple):
    """The content of a fence, and the range of the closing mark."""

    result: ParseResult | None
    closing_start: int
    closing_end: int


def parse_fences(parser: TolerantParser, text: str) -> Iterator[ParseResult]:
    """Yield the containers in Markdown fences, each alone and all as one list."""
    results: list[ParseResult] = []
    spans: list[Span] = []
    end = 0
    while FENCE in text and (opening := _OPENING.search(text, end)):
        fenced = _parse_fence(parser, text, opening.end(), nested=len(results) < _MAX_NESTED)
        end = fenced.closing_end
        if fenced.result is not None and isinstance(fenced.result.value, dict | list):
            before, after = Fix("fence", *opening.span()), Fix("fence", fenced.closing_start, end)
            results.append(fenced.result._replace(fixes=(before, *fenced.result.fixes, after)))
            spans.append((opening.start(), end))
    yield from each_and_combined(results, spans, text)


def _parse_fence(parser: TolerantParser, text: str, start: int, *, nested: bool) -> _Fenced:
    """Read the content of a fence from `start`.

    `nested`: a string of the value may contain fences. Where the next mark cuts the value, the mark after the
    whole value closes the fence.
    """
    close = text.find(FENCE, start)
    close = len(text) if close < 0 else close
    result, content = None, text[start:close]
    with suppress(ParseError):
        result = next(parse_sequence(parser.of(content), content, 0), None)
    if nested and close < len(text) and (result is None or result.cut_at is not None):
        with suppress(ParseError):
            whole = parser.parse(start)
            if whole.cut_at is None and whole.end > close and (closing := _CLOSING.match(text, whole.end)):
                return _Fenced(whole, closing.end() - len(FENCE), closing.end())
    return _Fenced(
        None if result is None else result.shifted(start), close, min(close + len(FENCE), len(text))
    )
