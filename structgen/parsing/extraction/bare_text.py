"""Read a text without brackets: one scalar, or a list of words on lines or between commas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen import json_text
from structgen.parsing.tolerant.constants import CONSTANTS
from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.parsing.tolerant.quotes import QUOTES

_LIST = re.compile(r"[^\s{}\[\]\":,(][^{}\[\]\":,\n]*(?:[\n,]+[^\s{}\[\]\":,][^{}\[\]\":,\n]*)+[\n,]*\s*\Z")
_FENCED = re.compile(r"\s*(?P<opening>```)[ \t]*[\w.+-]*[ \t]*\n(.*?)(?P<closing>```)\s*", re.DOTALL)
_MAX_LIST_LENGTH = 10_000
_MAX_CONSTANT = max(map(len, CONSTANTS))
_QUOTE_OR_CALL = re.compile(rf"[({QUOTES}]")
"""What text has that begins with a letter and is a scalar, unless it is a constant."""


def parse_bare_text(text: str, start: int) -> Iterator[ParseResult]:
    """Yield the text from `start` as a list of words, where it can be one, and as a scalar.

    The text may stand in a Markdown fence.
    """
    at, end = start, len(text)
    fences: tuple[Fix, ...] = ()
    if "```" in text and (fenced := _FENCED.fullmatch(text, start)):
        at, end = fenced.span(2)
        fences = (Fix("fence", fenced.start("opening"), at), Fix("fence", end, fenced.end("closing")))
    content = text[at:end].strip()
    if not content or content.startswith("```"):
        return
    if (words := _words(content)) is not None:
        yield ParseResult(words, at, end, (*fences, Fix("bracket", at, end, json_text.dumps(words))))
    word = content.rstrip(" ,")
    if (scalar := _scalar(word)) is None:
        yield ParseResult(word, at, end, (*fences, Fix("unquoted", at, end, json_text.dumps(word))))
        return
    word_at = text.index(word, at)
    content_end = word_at + len(content)
    fixes = [Fix("comma", word_at + len(word), content_end)] if word != content else []
    around = ((at, word_at), (content_end, end))
    fixes += [Fix("white-space", a, b) for a, b in around if text[a:b].strip(" \t\r\n")]
    scalar = scalar.shifted(word_at)
    yield scalar._replace(fixes=(*fences, *scalar.fixes, *fixes))


def _words(content: str) -> list[object] | None:
    """Return the items of a list without brackets; None where they are not single words."""
    if len(content) >= _MAX_LIST_LENGTH or not ("," in content or "\n" in content):
        return None
    if not _LIST.match(content):
        return None
    items = [item.strip() for item in re.split(r"[\n,]+", content) if item.strip()]
    if any(" " in item for item in items):
        return None
    return [item if (scalar := _scalar(item)) is None else scalar.value for item in items]


def _scalar(word: str) -> ParseResult | None:
    """Return the scalar that a whole word spells; None for a string without quotes, or a container."""
    if len(word) > _MAX_CONSTANT and word[0].isalpha() and not _QUOTE_OR_CALL.search(word):
        return None
    try:
        result = TolerantParser(word).parse()
    except ParseError:
        return None
    if result.end != len(word) or isinstance(result.value, dict | list):
        return None
    return None if isinstance(result.value, str) and word[0] not in QUOTES else result
