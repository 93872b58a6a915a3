"""Read a text without wrappers: as a whole, by its lines, fences and tags, its prose, or as bare text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from string import digits

from structgen.parsing.extraction.bare_text import parse_bare_text
from structgen.parsing.extraction.calls import BEGINS_CALL
from structgen.parsing.extraction.combining import Found, each_and_combined, likelihoods, with_rest
from structgen.parsing.extraction.fences import FENCE, containers_in_fences, containers_in_tags
from structgen.parsing.extraction.left_out import enclosed_range
from structgen.parsing.extraction.lines import parse_lines
from structgen.parsing.extraction.prose import containers_in_prose
from structgen.parsing.extraction.sequence import FirstValueError, parse_sequence
from structgen.parsing.extraction.valid_value import valid_value
from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.parsing.tolerant.patterns import KEY
from structgen.parsing.tolerant.quotes import QUOTES
from structgen.parsing.tolerant.steps import TUPLE

_LABEL = re.compile(r"\s*\[(?!(?:true|false|null)\])[A-Za-z_][\w ./:-]{0,60}\]\s*(?=\{|\[(?![A-Za-z_]))")
"""A label such as `[INFO]` before a value."""
_VALUE_STARTS = frozenset("{[\"'/#“‘`")
_LAST = {"{": "}", "[": "]", '"': '"', "t": "e", "f": "e", "n": "l"} | dict.fromkeys("-0123456789", digits)
"""The last characters that valid JSON may have, by its first one."""
_JSON_SPACE = " \t\r\n"
_OPEN_KEY = re.compile(r"\s*[\w$-]{1,60}\"\s*:\s*[\"\d\[{tfn-]")
"""A key whose opening quote, with the bracket before it, may stand in the prompt."""
_QUOTED = re.compile(
    r"\s*(?:\"(?:[^\"\\\n]++|\\.)*+\"|'(?:[^'\\\n]++|\\.)*+'(?!\w)|“[^”\n]*+”|‘[^’\n]*+’)"
    r"\s*+(?=,\s*+[^\W\d_]|[^\s,:;+}\])=：，])"
)
"""A quotation at the beginning of a text that goes on with words."""
_REFERENCE = re.compile(r"\s*\[[^\[\]{}\n]{1,200}\](?=\(|:\s|\s*[^\s,;\]})#/`\[{])")
"""A list of scalars at the beginning of a text that goes on with words."""
_ROWS = re.compile(r"\n[^\n{\[]{0,120}[{\[]")


def parse_plain(parser: TolerantParser, text: str, start: int, end: int) -> Iterator[ParseResult]:
    """Read the range of a text by its lines, as a whole, by its fences, its prose, and last as bare text.

    `parser` reads for a schema, perhaps, and may be of any text.
    """
    whole = text if (start, end) == (0, len(text)) else " " * start + text[start:end]
    content = whole.lstrip()
    first = content[:1]
    if (valid := _valid_whole(whole, first)) is not None:
        yield valid
    if _may_be_lines(content) and (rows := parse_lines(whole, start, len(whole))):
        yield rows
    if first == "[" and (label := _LABEL.match(whole, start)):
        for result in parse_plain(parser, " " * label.end() + whole[label.end() :], start, len(whole)):
            yield result._replace(fixes=(Fix("prose", *label.span()), *result.fixes))
        return
    if opening := _missing_opening(whole, start, first):
        yield from _parse_members(parser, whole, start, opening)
    if first in ("\ufeff", "\u200b"):
        first = content.lstrip("\ufeff\u200b").lstrip()[:1]
    yield from _parse_containers(parser.of(whole), whole, start, first)
    if content[:1] not in ("{", "["):
        yield from parse_bare_text(whole, start)


def _valid_whole(text: str, first: str) -> ParseResult | None:
    """Return the value of a text that is valid JSON and begins with `first`; None for any other text."""
    if text.rstrip(_JSON_SPACE)[-1:] not in _LAST.get(first, ()):
        return None
    valid = valid_value(text, len(text) - len(text.lstrip(_JSON_SPACE)))
    return valid if valid is not None and not text[valid.end :].strip(_JSON_SPACE) else None


def _parse_containers(parser: TolerantParser, text: str, start: int, first: str) -> Iterator[ParseResult]:
    """Read a text whose first character is `first` as a sequence of values, and the containers within it."""
    found: list[Found] | None = None
    if _may_begin_with_prose(text, start):
        found = _containers(parser, text)
        judged = zip(likelihoods(found, text), found, strict=True)
        if any(reasons.is_strong and item.result.start > start for reasons, item in judged):
            yield from each_and_combined(found, text)
    error: ParseError | None = None
    if _begins_value(text, first):
        try:
            for result in parse_sequence(parser, text, start):
                if first in _VALUE_STARTS or not _is_bare_text(result):
                    yield result
        except ParseError as parse_error:
            error = parse_error
            if first in ('"', "'"):
                raise
    yielded = False
    # A small part of a container that cannot be read is not the whole value.
    min_length = len(text.strip()) // 2 if error is not None and first in ("{", "[") else 0
    if found is None:
        found = _containers(parser, text, error.start if isinstance(error, FirstValueError) else -1)
    for result in each_and_combined(found, text):
        if result.end - result.start >= min_length:
            yielded = True
            yield result
    if error is not None and not yielded:
        raise error


def _is_bare_text(result: ParseResult) -> bool:
    """Whether a call was read as a text without quotes."""
    unquoted = any(fix.kind in ("unquoted", "unquoted-end") for fix in result.fixes)
    return unquoted and isinstance(result.value, str)


def _containers(parser: TolerantParser, text: str, failed_at: int = -1) -> list[Found]:
    """Return the containers in fences, else in tags, else in prose."""
    return (
        containers_in_fences(parser, text)
        or containers_in_tags(parser, text)
        or containers_in_prose(parser, text, failed_at)
    )


def _may_be_lines(content: str) -> bool:
    """Whether another line begins with a bracket as the first one does, or has one after a label."""
    if "\n" not in content or FENCE in content:
        return False
    if content[:1] in ("{", "["):
        return f"\n{content[0]}" in content
    return _ROWS.search(content) is not None


def _begins_value(text: str, first: str) -> bool:
    """Whether a text begins with a value, by its first character; a fence does not count as one."""
    if first == "`":
        return not text.lstrip().startswith(FENCE)
    if first in _VALUE_STARTS:
        return True
    if "(" not in text:
        return False
    return BEGINS_CALL.match(text) is not None or (first == "(" and TUPLE.match(text.strip()) is not None)


def _may_begin_with_prose(text: str, start: int) -> bool:
    """Whether the quotation, list, apostrophe or comment at the beginning may belong to a sentence."""
    if text[start:].lstrip()[:1] not in ("[", *QUOTES):
        return False
    if "{" not in text and text.find("[", start + 1) < 0:
        return False
    if _QUOTED.match(text, start) or _REFERENCE.match(text, start):
        return True
    return text.startswith("'", start) and text.find("'", start + 1) < 0


def _missing_opening(text: str, start: int, first: str) -> str:
    """Return what a text that begins with a member lacks: a bracket, perhaps with a quote; else nothing."""
    if first in ('"', "'"):
        return "{" if KEY.match(text, start) else ""
    return '{"' if _OPEN_KEY.match(text, start) and text.rstrip().endswith("}") else ""


def _parse_members(parser: TolerantParser, text: str, start: int, opening: str) -> Iterator[ParseResult]:
    """Read the members of an object without its opening bracket, which may stand in the prompt."""
    with suppress(ParseError):
        result = parser.of(opening + text[start:].lstrip()).parse()
        space = len(text) - start - len(text[start:].lstrip())
        result = result.shifted(start + space - len(opening))
        at = start + space
        fixes = [
            fix._replace(start=max(fix.start, at), end=max(fix.end, at))
            for fix in result.fixes
            if fix.kind != "cut"
        ]
        if len(result.value) > 1 or result.cut_at is None:
            opened = (Fix("bracket", at, at, opening), *fixes)
            span = (0, result.end)
            whole = result._replace(start=at, fixes=opened, cut_at=None)
            yield with_rest(whole, text, [span], enclosed_range(text, [span]))
