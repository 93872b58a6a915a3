"""Find the objects and arrays that stand in a text, each with its own end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.parsing.extraction.bracket_pairs import begins_container, container_end
from structgen.parsing.extraction.valid_value import parse_valid
from structgen.parsing.tolerant.parse_result import FixKind, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_OPENING = re.compile(r"[{\[]")
_PLACEHOLDER = re.compile(r"\{[^{}\[\]:=\"',\n]{1,100}\}")
"""A word in braces, as in a template: `{name}`."""
_CONTINUES = re.compile(
    r"\s*+(?:,\s*+\"(?:[^\"\\\n]|\\.){0,100}+\"\s*+:|(?:[}\]]\s*+)++,\s*+[\"{\[])", re.DOTALL
)
"""Another member, or a bracket that closes what is closed already and an item."""
_CLEAN_OBJECT = re.compile(r'\{\s*+"')
_TEXT_KINDS: frozenset[FixKind] = frozenset(("escape", "unquoted-end", "cut", "quotes", "key-quotes"))
_MAX_CONTAINERS = 100_000
_FAILED_READ, _TOO_DEEP, _TOLERANT_READ = 16, 20_000, 4
"""Characters that a failed read costs at least, that one costs which ended at the limit of nesting, and the
weight of a character that the tolerant parser read."""


class ContainerFinder:
    """Find the containers of one text in linear time: what failed reads may cost is bounded.

    `failed_at`: a position where the parser is known to fail.
    """

    def __init__(self, parser: TolerantParser, text: str, failed_at: int = -1) -> None:
        self._parser, self._text, self._failed_at = parser, text, failed_at
        self._budget = 16 * len(text) + 50_000
        """Characters that failed reads may take."""

    def find(self) -> Iterator[tuple[ParseResult, bool]]:
        """Yield the containers in the order of the text, and whether each seems to swallow another."""
        text, at = self._text, 0
        for _ in range(_MAX_CONTAINERS):
            while (opening := _OPENING.search(text, at)) and (
                word := _PLACEHOLDER.match(text, opening.start())
            ):
                at = word.end()
            if opening is None or self._budget < 0:
                return
            start = opening.start()
            result = self._read(start)
            at = start + 1
            if result is not None:
                swallows = self._swallows_object(result)
                yield result, swallows
                if swallows:
                    self._budget -= result.end - start
                else:
                    at = max(at, result.end)

    def _read(self, start: int) -> ParseResult | None:
        """Read the container at a position: valid JSON, up to its closing bracket, or up to any end."""
        text = self._text
        valid = self._valid(start)
        end: int | None = None
        if valid is not None:
            if not _CONTINUES.match(text, valid.end):
                return valid
        else:
            end, closed = container_end(text, start)
            if not closed:
                self._budget -= end - start
                end = None
        if end is not None and not _CONTINUES.match(text, end):
            content = text[start:end]
            try:
                result = self._parser.of(content).parse()
            except ParseError:
                self._budget -= _TOLERANT_READ * len(content)
            else:
                if result.end == len(content) and result.cut_at is None:
                    return result.shifted(start)
        if start == self._failed_at:
            return None
        try:
            return self._parser.parse(start)
        except ParseError:
            self._budget -= _TOLERANT_READ * (len(text) - start)
            return None

    def _valid(self, start: int) -> ParseResult | None:
        """Return the valid JSON at a position; None where there is none."""
        try:
            return parse_valid(self._text, start)
        except RecursionError:
            self._budget -= _TOO_DEEP
        except ValueError as error:
            self._budget -= max(_FAILED_READ, getattr(error, "pos", start) - start)
        return None

    def _swallows_object(self, result: ParseResult) -> bool:
        """Whether prose was read as a container: it left out words, or a string of it holds an object."""
        if result.dropped and not begins_container(self._text, result.start):
            return True
        if result.cut_at is None and not any(fix.kind == "unquoted-end" for fix in result.fixes):
            return False
        for fix in result.fixes:
            if fix.kind in _TEXT_KINDS and fix.end - fix.start > 2:
                inner = _CLEAN_OBJECT.search(self._text, fix.start, fix.end)
                if inner is not None and self._valid(inner.start()) is not None:
                    return True
        return False
