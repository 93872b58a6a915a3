"""Read a text that consists of one value, or of several values without prose between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.parsing.extraction.combining import combined, with_others, with_rest
from structgen.parsing.extraction.left_out import Span, enclosed_range
from structgen.parsing.extraction.separators import separator_fixes, separators_end
from structgen.parsing.extraction.valid_value import valid_value
from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_SEVERAL = re.compile(r"[}\]]\s*+[{\[]|\n")
_ENDS = re.compile(r"[^\S\n]*+(?:[;,]?\s*\Z|\s*[{\[]|[,;]?[^\S\n]*\n(?:\s|/\*[^*]*+\*/|//[^\n]*+\n)*+[{\[])")
"""What shows that valid JSON is the whole value: the text ends, or another container follows."""
_REFERENCE = re.compile(r"\[[^\[\]{}\"'\n]{1,80}\](?:\(|:\s)")
"""A link or a footnote: `[x](…)`, `[1]: …`."""


class FirstValueError(ParseError):
    """The first value of a text cannot be read. `start` is the position where it begins."""

    def __init__(self, error: ParseError, start: int) -> None:
        ValueError.__init__(self, str(error))
        self.at, self.start = error.at, start


def parse_sequence(parser: TolerantParser, text: str, start: int) -> Iterator[ParseResult]:
    """Yield a single value, or several values as one list and then each alone.

    An object alone loses the other objects, unless they are empty or equal to it. `ParseError` where a value
    cannot be read; what follows is prose, spare brackets, or dropped.
    """
    results: list[ParseResult] = []
    fixes: list[Fix] = []
    at, has_several = start, _SEVERAL.search(text, start) is not None
    while at < len(text):
        after = separators_end(text, at, len(text))
        if after < len(text) and results and (text[after] not in "{[" or _REFERENCE.match(text, after)):
            break
        if after > at:
            fixes += separator_fixes(text, at, after)
        at = after
        if at >= len(text):
            break
        valid = valid_value(text, at) if has_several else None
        if valid is None or not _ENDS.match(text, valid.end):
            try:
                valid = parser.parse(at)
            except ParseError as error:
                raise (error if results else FirstValueError(error, at)) from None
        results.append(valid)
        at = results[-1].end
    if not results:
        return
    whole: Span = (0, at)
    enclosed: Span = (0, 0)
    together = combined(results, fixes) if len(results) > 1 else _with_fixes(results[0], fixes)
    if not text[at:].isspace() and at < len(text):
        enclosed = enclosed_range(text, [whole])
        after_container = isinstance(results[-1].value, dict | list)
        together = with_rest(together, text, [whole], enclosed, after_container=after_container)
    yield together
    if len(results) > 1:
        for result in results:
            yield with_rest(
                result, text, [(result.start, result.end)], with_others(result, results, enclosed)
            )


def _with_fixes(result: ParseResult, fixes: list[Fix]) -> ParseResult:
    return result._replace(fixes=(*result.fixes, *fixes)) if fixes else result
