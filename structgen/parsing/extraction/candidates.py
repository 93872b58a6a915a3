"""Find JSON in a text: yield every reading that is worth a comparison, the most likely first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from structgen.parsing.extraction.calls import GUARD, GUARD_STARTS, parse_scalar_call
from structgen.parsing.extraction.fenced_value import parse_fenced
from structgen.parsing.extraction.fences import FENCE
from structgen.parsing.extraction.full_width import with_ascii_brackets
from structgen.parsing.extraction.plain import parse_plain
from structgen.parsing.extraction.reasoning_tags import reasoning_spans
from structgen.parsing.extraction.single_value import parse_single
from structgen.parsing.extraction.special_tokens import message_range
from structgen.parsing.extraction.truncation_mark import truncation_mark, with_mark
from structgen.parsing.extraction.unambiguous import read_unambiguous
from structgen.parsing.extraction.wrappers import Rewritten, rewritings
from structgen.parsing.tolerant.parse_result import Dropped, Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.schema import Schema

_MAX_CANDIDATES = 40
_INLINE_CODE = re.compile(r"\s*(?P<opening>`{1,2})(?:json|JSON)?(\s*[{\[][^`]*)(?P=opening)\s*")
_BRACKETED_FENCE = re.compile(r"\s*[\[{]\s*(```.*```)\s*[\]}]\s*\Z", re.DOTALL)


def parse_candidates(
    text: str, *, plain: bool, schema: Schema | None = None, parser: TolerantParser | None = None
) -> Iterator[ParseResult]:
    """Yield the readings of a text, the most likely first; `ParseError` where there is none.

    `plain`: try first whether the faults have one reading. `schema`: what the text is read for.
    `parser`: a parser of the text for the schema, which remembers what it read.
    """
    if (mark := truncation_mark(text)) is not None:
        marked = text[: mark.start]
        readings = parse_candidates(marked, plain=True, schema=schema, parser=parser and parser.of(marked))
        with suppress(ParseError):
            for reading in readings:
                yield with_mark(reading, mark, text)
    elif plain and (certain := parse_unambiguous(text)) is not None:
        yield certain
        return
    candidates: list[ParseResult] = []
    parser = parser or TolerantParser(text, schema=schema)
    if mark is None and (single := parse_single(text, parser)) is not None:
        candidates.append(single)
        yield single
    for result in islice(parse_wrapped(parser, text), _MAX_CANDIDATES):
        if all(result.value != other.value for other in candidates):
            candidates.append(result)
            yield result
    if not candidates:
        raise ParseError("no JSON in the text", 0)


def parse_likeliest(parser: TolerantParser, text: str, *, plain: bool) -> ParseResult:
    """Return the most likely reading of a text; `ParseError` where there is none that may be an answer.

    `plain` as for `parse_candidates`.
    """
    if (mark := truncation_mark(text)) is not None:
        marked = text[: mark.start]
        with suppress(ParseError):
            return with_mark(parse_likeliest(parser.of(marked), marked, plain=True), mark, text)
    certain = parse_unambiguous(text) if plain else None
    certain = certain or parse_fenced(text) or parse_single(text, parser)
    if certain is not None:
        return certain
    reading = next(parse_wrapped(parser, text), None)
    if reading is None:
        raise ParseError("no JSON in the text", 0)
    check_answer(reading)
    return reading


def check_answer(reading: ParseResult) -> None:
    """Raise `ParseError` for a reading that is prose, or an empty container within prose."""
    for fix in reading.fixes:
        if fix.kind == "unquoted":
            raise ParseError("no JSON in the text", 0)
        if fix.kind == "prose" and reading.value in ({}, []):
            raise ParseError("no JSON but an empty container in prose", reading.start)


def parse_unambiguous(text: str) -> ParseResult | None:
    """Read a text without a mark of truncation whose faults have one reading; None for any other."""
    if text.lstrip()[:1] not in ("{", "[", '"') or message_range(text) != (0, len(text)):
        return None
    result = read_unambiguous(text)
    if result is not None and result.cut_at is not None and text.rstrip(" \t\r\n`")[-1:] in ("}", "]"):
        return None  # a bracket at the end may close a container, of which another bracket or quote was lost
    if result is not None and "\\" in text and any(fix.kind != "cut" for fix in result.fixes):
        return None  # who writes no JSON may not escape a backslash either
    return result


def parse_wrapped(parser: TolerantParser, text: str) -> Iterator[ParseResult]:
    """Remove what encloses the whole text: encodings, special tokens, guards, fences, inline code."""
    if _is_unwrapped(text):
        yield from parse_plain(parser, text, 0, len(text))
        return
    for rewritten in rewritings(text):
        yield from _parse_rewritten(parser, text, rewritten)
    text, around = with_ascii_brackets(text)
    start, end = message_range(text)
    if start:
        around.append(Fix("prose", 0, start))
    if end < len(text):
        around.append(Fix("prose", end, len(text)))
    if text[start:].lstrip()[:1] in GUARD_STARTS and (guard := GUARD.match(text, start)):
        start = guard.end()
        around.append(Fix("call", *guard.span()))
    for result in _parse_marked(parser, text[:end], start, end):
        yield result._replace(fixes=(*around, *result.fixes)) if around else result


def _is_unwrapped(text: str) -> bool:
    """Whether a text has no sign of anything that may enclose it."""
    if "\\" in text or "&" in text or "<" in text or "`" in text or "{{" in text or "INST]" in text:
        return False
    if '""' in text:
        return False
    if not text.isascii() and ("｛" in text or "［" in text):
        return False
    return text.lstrip()[:1] not in GUARD_STARTS and text.rstrip()[-1:] not in (")", ";")


def _parse_marked(parser: TolerantParser, text: str, start: int, end: int) -> Iterator[ParseResult]:
    """Remove the marks around the whole range: brackets around a fence, inline code, a call."""
    if FENCE in text and (bracketed := _BRACKETED_FENCE.match(text, start)):
        yield from _parse_without_reasoning(parser, text, *bracketed.span(1))
    elif inline := _INLINE_CODE.fullmatch(text, start):
        before, after = (
            Fix("fence", inline.start("opening"), inline.start(2)),
            Fix("fence", inline.end(2), end),
        )
        for result in _parse_without_reasoning(parser, text, *inline.span(2)):
            yield result._replace(fixes=(before, *result.fixes, after))
    else:
        if text.rstrip()[-1:] in (")", ";") and (called := parse_scalar_call(text, start)) is not None:
            yield called
        yield from _parse_without_reasoning(parser, text, start, end)


def _parse_rewritten(parser: TolerantParser, text: str, rewritten: Rewritten) -> Iterator[ParseResult]:
    """Read a rewritten text. One fix covers all, since positions within it differ from those of the text."""
    with suppress(ParseError):
        for result in _parse_without_reasoning(parser, rewritten.text, 0, len(rewritten.text)):
            doubtful = rewritten.doubtful or result.risk != "lossless"
            yield ParseResult(
                result.value,
                0,
                len(text),
                (Fix(rewritten.kind, 0, len(text), rewritten.text, doubtful),),
                result.cut_at,
                result.replaced,
                dropped=tuple(
                    Dropped(0, len(text), lost.text, lost.pointer, lost.is_loss) for lost in result.dropped
                ),
                alternatives=result.alternatives,
            )


def _parse_without_reasoning(
    parser: TolerantParser, text: str, start: int, end: int
) -> Iterator[ParseResult]:
    """Read the range of a text with its reasoning blanked.

    Read it unchanged before, where a container precedes the tags: they may be within strings.
    """
    spans = reasoning_spans(text, start, end) if "</" in text else []
    if not spans:
        yield from parse_plain(parser, text, start, end)
        return
    if text[start : spans[0][0]].lstrip()[:1] in ("{", "["):
        yield from parse_plain(parser, text, start, end)
    characters = list(text)
    for a, b in spans:
        characters[a:b] = " " * (b - a)
    prose = [Fix("prose", a, b) for a, b in spans]
    for result in parse_plain(parser, "".join(characters), start, end):
        yield result._replace(fixes=(*prose, *result.fixes))
