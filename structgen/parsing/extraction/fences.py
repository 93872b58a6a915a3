"""Read the values in the Markdown fences and the tags of a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from structgen.parsing.extraction.combining import Found
from structgen.parsing.extraction.lines import parse_lines
from structgen.parsing.extraction.sequence import parse_sequence
from structgen.parsing.extraction.valid_value import valid_range
from structgen.parsing.tolerant.parse_result import Fix, FixKind, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

FENCE = "```"
_JSON_SPACE = " \t\r\n"
_SPACE = re.compile(r"\s*")
_OPENING_FENCE = re.compile(r"```[ \t]*[\w.+-]*[^\n`{\[]*\n?")
_OPENING_TAG = re.compile(r"<([A-Za-z_][\w:.-]{0,40})(?:\s[^<>{}\[\]]{0,200})?>\s*+(?=[{\[])")
_MAX_NESTED = 8
"""Blocks of one text whose value may contain the closing mark: to read them again takes quadratic time."""
_MAX_UNCLOSED = 8
"""Names of tags without a closing tag, after which the search ends: it would take quadratic time."""


class _Block(NamedTuple):
    """The range of a block's opening mark, and the mark that closes it."""

    start: int
    inside: int
    closing: str
    kind: FixKind


class _Content(NamedTuple):
    """The content of a block, and the range of the closing mark."""

    result: ParseResult | None
    closing_start: int
    closing_end: int


_NextBlock = Callable[[str, int, set[str]], _Block | None]
"""Find the next block from a position; the set has the closing marks that the rest of the text lacks."""


def containers_in_fences(parser: TolerantParser, text: str) -> list[Found]:
    """Return the containers in Markdown fences, in the order of the text."""
    return _containers(parser, text, _fences) if FENCE in text else []


def containers_in_tags(parser: TolerantParser, text: str) -> list[Found]:
    """Return the containers that tags enclose, as in `<tool_call>{…}</tool_call>`."""
    return _containers(parser, text, _tags) if "</" in text else []


def _fences(text: str, at: int, unclosed: set[str]) -> _Block | None:
    opening = _OPENING_FENCE.search(text, at)
    return None if opening is None else _Block(opening.start(), opening.end(), FENCE, "fence")


def _tags(text: str, at: int, unclosed: set[str]) -> _Block | None:
    while len(unclosed) < _MAX_UNCLOSED and (opening := _OPENING_TAG.search(text, at)):
        closing = f"</{opening[1]}>"
        if closing not in unclosed and text.find(closing, opening.end()) >= 0:
            return _Block(opening.start(), opening.end(), closing, "prose")
        unclosed.add(closing)
        at = opening.end()
    return None


def _containers(parser: TolerantParser, text: str, next_block: _NextBlock) -> list[Found]:
    found: list[Found] = []
    unclosed: set[str] = set()
    end = 0
    while block := next_block(text, end, unclosed):
        content = _parse_content(parser, text, block, nested=len(found) < _MAX_NESTED)
        end = content.closing_end
        if content.result is not None and isinstance(content.result.value, dict | list):
            before = Fix(block.kind, block.start, block.inside)
            after = Fix(block.kind, content.closing_start, end)
            result = content.result._replace(fixes=(before, *content.result.fixes, after))
            found.append(Found(result, (block.start, end), content.result))
    return found


def _parse_content(parser: TolerantParser, text: str, block: _Block, *, nested: bool) -> _Content:
    """Read the content of a block.

    `nested`: a string of the value may contain the closing mark. Where the next mark cuts the value, the mark
    after the whole value closes the block.
    """
    start, mark = block.inside, block.closing
    close = text.find(mark, start)
    close = len(text) if close < 0 else close
    if (valid := _valid_content(text, start, close)) is not None:
        return _Content(valid, close, min(close + len(mark), len(text)))
    result, content = parse_lines(text, start, close), text[start:close]
    if result is None:
        with suppress(ParseError):
            inner = next(parse_sequence(parser.of(content), content, 0), None)
            result = None if inner is None else inner.shifted(start)
    if nested and close < len(text) and (result is None or result.cut_at is not None):
        with suppress(ParseError):
            whole = parser.parse(start)
            closing = _SPACE.match(text, whole.end)
            if (
                whole.cut_at is None
                and whole.end > close
                and closing
                and text.startswith(mark, closing.end())
            ):
                return _Content(whole, closing.end(), closing.end() + len(mark))
    return _Content(result, close, min(close + len(mark), len(text)))


def _valid_content(text: str, start: int, end: int) -> ParseResult | None:
    """Return the container that a range is, between white space; None where it is no valid JSON."""
    content = text[start:end].rstrip(_JSON_SPACE)
    end = start + len(content)
    start = end - len(content.lstrip(_JSON_SPACE))
    return valid_range(text, start, end) if text[start : start + 1] in ("{", "[") and start < end else None
