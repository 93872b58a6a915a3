"""Read a text that consists of one value, or of several values without prose between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.parsing.extraction.combining import alone, combined
from structgen.parsing.tolerant.parse_result import Fix, FixKind, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_COMMENT = r"/\*.*?\*/|//[^\n]*|#[^\n]*"
_SEPARATORS = re.compile(rf"(?:[\s,;\x1e]|{_COMMENT})*", re.DOTALL)
_SEPARATOR = re.compile(rf"[,;\x1e]|(?P<comment>{_COMMENT})|(?P<space>[^\S \t\n\r]+)", re.DOTALL)
_KINDS: dict[str | None, FixKind] = {"comment": "comment", "space": "white-space", None: "comma"}


def parse_sequence(parser: TolerantParser, text: str, start: int) -> Iterator[ParseResult]:
    """Yield a single value, or several values as one list and then each alone.

    `ParseError` where a value cannot be read; what follows the last value is prose, or spare brackets.
    """
    results: list[ParseResult] = []
    fixes: list[Fix] = []
    at = start
    while at < len(text):
        separators = _SEPARATORS.match(text, at)
        after = separators.end() if separators else at
        marks = _SEPARATOR.finditer(text, at, after)
        fixes += [Fix(_KINDS[mark.lastgroup], *mark.span()) for mark in marks]
        at = after
        if at >= len(text) or (results and text[at] not in "{["):
            break
        results.append(parser.parse(at))
        at = results[-1].end
    if not results:
        return
    if text[at:].strip():
        fixes.append(trailing_fix(text, at))
    if len(results) == 1:
        [result] = results
        yield result._replace(fixes=(*result.fixes, *fixes)) if fixes else result
        return
    yield combined(results, fixes)
    yield from (alone(result, text, (result.start, result.end)) for result in results)


def trailing_fix(text: str, at: int) -> Fix:
    """Return the fix that drops the text from `at`: prose, or nothing but spare brackets and separators."""
    prose = text[at:].strip(" \t\r\n,;]})`")
    return Fix("prose" if prose else "bracket", at, len(text))
