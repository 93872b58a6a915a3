"""Read the objects and arrays in prose."""

from __future__ import annotations

from structgen.parsing.extraction.combining import Found
from structgen.parsing.extraction.containers_in_text import ContainerFinder
from structgen.parsing.extraction.likelihood import bare_words, is_part_of_members
from structgen.parsing.tolerant.parse_result import ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_AROUND = 160
"""Characters around a container that are looked at."""


def containers_in_prose(parser: TolerantParser, text: str, failed_at: int = -1) -> list[Found]:
    """Return the containers of a text that may be the answer, in the order of the text.

    `failed_at`: a position where the parser is known to fail.
    """
    found: list[Found] = []
    if "{" not in text and "[" not in text:
        return found
    for result, swallows in ContainerFinder(parser, text, failed_at).find():
        if is_part_of_members(text, result) or _is_word_in_brackets(text, result):
            continue
        found.append(Found(result, (result.start, result.end), result, swallows))
    return found


def _is_word_in_brackets(text: str, result: ParseResult) -> bool:
    """Whether a list is one word within a sentence: `a [sic] b`."""
    if not isinstance(result.value, list) or len(result.value) != 1 or not bare_words(text, result):
        return False
    before = text[max(0, result.start - _AROUND) : result.start].rpartition("\n")[2]
    after = text[result.end : result.end + _AROUND].partition("\n")[0]
    return any(c.isalnum() for c in before) and any(c.isalnum() for c in after)
