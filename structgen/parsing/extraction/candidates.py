"""Find JSON in a text: yield every reading that is worth a comparison, the most likely first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import Literal

from structgen.parsing.extraction.bare_text import parse_bare_text
from structgen.parsing.extraction.fences import FENCE, parse_fences
from structgen.parsing.extraction.prose import parse_prose
from structgen.parsing.extraction.reasoning_tags import reasoning_spans
from structgen.parsing.extraction.sequence import parse_sequence, trailing_fix
from structgen.parsing.tolerant.lookahead import KEY
from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.parsing.tolerant.steps import TUPLE
from structgen.schema import Schema

_MAX_CANDIDATES = 40
_COMPARED = 3
"""Candidates before a new one whose values it must differ from."""
_INLINE_CODE = re.compile(r"\s*`(\s*[{\[][^`]*)`\s*")
_BRACKETED_FENCE = re.compile(r"\s*[\[{]\s*(```.*```)\s*[\]}]\s*\Z", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_LABEL = re.compile(r"\s*\[(?!(?:true|false|null)\])[A-Za-z_][\w ./:-]{0,60}\]\s*(?=\{|\[(?![A-Za-z_]))")
"""A label such as `[INFO]` before a value."""
_VALUE_STARTS = frozenset("{[\"'/#“‘`")
_CALL = re.compile(r"\s*[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[\d)-]|/\*))")


def parse_candidates(
    text: str, *, cut: bool, schema: Schema | None = None, parser: TolerantParser | None = None
) -> Iterator[ParseResult]:
    """Yield the readings of a text, the most likely first; `ParseError` where there is none.

    `cut`: try first whether the text is valid JSON that was cut. `schema`: what the text is read for.
    `parser`: a parser of the text for the schema, which remembers what it read.
    """
    if cut and (result := parse_cut_json(text)) is not None:
        yield result
        return
    candidates: list[ParseResult] = []
    for result in islice(
        _parse_wrapped(parser or TolerantParser(text, schema=schema), text), _MAX_CANDIDATES
    ):
        if not candidates or all(result.value != other.value for other in candidates[-_COMPARED:]):
            candidates.append(result)
            yield result
    if not candidates:
        raise ParseError("no JSON in the text", 0)


def parse_cut_json(text: str) -> ParseResult | None:
    """Read valid JSON that was cut: its quotes are unambiguous."""
    if text.lstrip()[:1] not in ("{", "[", '"') or text.rstrip()[-1:] in ("}", "]"):
        return None  # a bracket at the end may close a container, of which another bracket or quote was lost
    try:
        result = TolerantParser(text, strict=True).parse()
    except ParseError:
        return None
    return result if result.end == len(text) and result.fixes else None


def _parse_wrapped(parser: TolerantParser, text: str) -> Iterator[ParseResult]:
    """Remove what encloses the whole text: escapes, doubled braces, brackets around a fence, inline code."""
    start = text.lstrip()[:2]
    if start in ('\\"', "{\\") and '\\"' in text:
        yield from _parse_rewritten(parser, text, re.sub(r'\\(["\\/])', r"\1", text), "escape")
    if start == "{{" and not _BRACE.search(text.replace("{{", "").replace("}}", "")):
        yield from _parse_rewritten(parser, text, text.replace("{{", "{").replace("}}", "}"), "bracket")
    if FENCE in text and (bracketed := _BRACKETED_FENCE.match(text)):
        yield from _parse_without_reasoning(parser, text, *bracketed.span(1))
    elif inline := _INLINE_CODE.fullmatch(text):
        before = Fix("fence", inline.start(1) - 1, inline.start(1))
        after = Fix("fence", inline.end(1), inline.end(1) + 1)
        for result in _parse_without_reasoning(parser, text, *inline.span(1)):
            yield result._replace(fixes=(before, *result.fixes, after))
    else:
        yield from _parse_without_reasoning(parser, text, 0, len(text))


def _parse_rewritten(
    parser: TolerantParser, text: str, rewritten: str, kind: Literal["bracket", "escape"]
) -> Iterator[ParseResult]:
    """Read a rewritten text. One fix covers all, since positions within it differ from those of the text."""
    with suppress(ParseError):
        for result in _parse_without_reasoning(parser, rewritten, 0, len(rewritten)):
            fix = Fix(kind, 0, len(text), rewritten)
            yield ParseResult(result.value, 0, len(text), (fix,), result.cut_at)


def _parse_without_reasoning(
    parser: TolerantParser, text: str, start: int, end: int
) -> Iterator[ParseResult]:
    """Read the range of a text with its reasoning blanked.

    Read it unchanged before, where a container precedes the tags: they may be within strings.
    """
    spans = reasoning_spans(text, start, end) if "</" in text else []
    if not spans:
        yield from _parse_plain(parser, text, start, end)
        return
    if text[start : spans[0][0]].lstrip()[:1] in ("{", "["):
        yield from _parse_plain(parser, text, start, end)
    characters = list(text)
    for a, b in spans:
        characters[a:b] = " " * (b - a)
    prose = [Fix("prose", a, b) for a, b in spans]
    for result in _parse_plain(parser, "".join(characters), start, end):
        yield result._replace(fixes=(*prose, *result.fixes))


def _parse_plain(parser: TolerantParser, text: str, start: int, end: int) -> Iterator[ParseResult]:
    """Read the range of a text as a whole, then its fences, its prose, and last as text without brackets."""
    whole = text if (start, end) == (0, len(text)) else " " * start + text[start:end]
    if label := _LABEL.match(whole, start):
        for result in _parse_plain(parser, " " * label.end() + whole[label.end() :], start, len(whole)):
            yield result._replace(fixes=(Fix("prose", *label.span()), *result.fixes))
        return
    content = whole.lstrip()
    if content[:1] in ('"', "'") and KEY.match(whole, start):
        with suppress(ParseError):
            yield from _parse_members(parser, whole, start)
    parser = parser.of(whole)
    first = content.lstrip("\ufeff\u200b").lstrip()[:1]
    error: ParseError | None = None
    if _begins_value(whole, first):
        try:
            yield from parse_sequence(parser, whole, start)
        except ParseError as parse_error:
            error = parse_error
            if first in ('"', "'"):
                raise
    yielded = False
    # A small part of a container that cannot be read is not the whole value.
    min_length = len(whole.strip()) // 2 if error is not None and first in ("{", "[") else 0
    for result in chain(parse_fences(parser, whole), parse_prose(parser, whole)):
        if result.end - result.start >= min_length:
            yielded = True
            yield result
    if error is not None and not yielded:
        raise error
    if first not in ("{", "["):
        yield from parse_bare_text(whole, start)


def _begins_value(text: str, first: str) -> bool:
    """Whether a text begins with a value, by its first character; a fence does not count as one."""
    if first == "`":
        return not text.lstrip().startswith(FENCE)
    return (
        first in _VALUE_STARTS
        or _CALL.match(text) is not None
        or (first == "(" and TUPLE.match(text.strip()) is not None)
    )


def _parse_members(parser: TolerantParser, text: str, start: int) -> Iterator[ParseResult]:
    """Read the members of an object without its opening bracket, which may stand in the prompt."""
    result = parser.of("{" + text[start:]).parse().shifted(start - 1)
    fixes = [Fix("bracket", start, start, "{"), *(fix for fix in result.fixes if fix.kind != "cut")]
    if text[result.end :].strip():
        fixes.append(trailing_fix(text, result.end))
    if len(result.value) > 1 or result.cut_at is None:
        yield result._replace(start=start, fixes=tuple(fixes), cut_at=None)
