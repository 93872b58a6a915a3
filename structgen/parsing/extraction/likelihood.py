"""Judge how likely a container in a text is the answer, by its form and by the words before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from structgen.parsing.extraction.left_out import Span
from structgen.parsing.tolerant.parse_result import ParseResult

_ANSWER = re.compile(
    r"\b(?:answer|result|output|response|solution|json|final|corrected|revised|updated|improved|after)s?\b"
    r"(?:[^.!?;\n{}\[\]]{0,40}(?:\b(?:is|are|be)|[:=]|->|→)|)[\s*_`~>\"]*\Z",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"(?:\b(?:example|sample|schema|template|draft|wrong|incorrect|for instance|such as|instead of)"
    r"|\brather than|\be\.g\.)[^.!?;\n{}\[\]]{0,30}\Z",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:given|input|question|before|like|not|first|format|old|original)\b[^.!?;\n{}\[\]]{0,30}\Z",
    re.IGNORECASE,
)
"""Words directly before a container that announce the answer, an example, or something else."""
_CONNECTIVE = re.compile(r"[\s,;&|*-]*(?:and|or|then|und|et|y)?[\s,;&|*-]*")
_BARE = ("quotes", "unquoted-end")
"""Kinds of fixes for words without quotes."""
_BEFORE, _AFTER = 160, 160
"""Characters around a container that are looked at."""
_ANNOUNCED = 80
"""Characters before a container that may announce it."""
_LINK = re.compile(r"\(|:[ \t]*\S")
_ASSIGNED_BEFORE = re.compile(r"\w\s*=\s*(?:'[^'\n]*'|\"[^\"\n]*\"|[\w.+-]+)[ \t]*[, \t][ \t]*\w+\s*=\s*\Z")
_ASSIGNED_AFTER = re.compile(r"[ \t]*[, \t][ \t]*\w+\s*=(?!=)\s*['\"\w\[{(.+-]")
_MEMBER_BEFORE = re.compile(
    r"(?:\A|[\n,])\s*-?\s*[a-z_][\w-]{0,40}:[ \t]+[^\n]*[\n,]\s*[a-z_][\w-]{0,40}:\s*\Z"
)
_ASSIGNMENT = re.compile(r"\w\s*=\s*\Z")


class Likelihood(NamedTuple):
    """The reasons for and against a container, the weightiest first: the greatest is the answer."""

    is_strong: bool
    """Whether it is no list of words, link, citation, index or empty container."""
    announced: int
    """1 after words that announce the answer, -1 after words that announce an example, else 0."""
    holds_members: bool
    """Whether it is an object, or a list of containers."""
    is_clean: bool
    """Whether reading it took neither a guess nor a word without quotes."""
    is_alone: bool
    """Whether nothing else stands on its lines."""
    length: int


def likelihood(text: str, result: ParseResult, span: Span, earlier: tuple[Span, int] | None) -> Likelihood:
    """Return the likelihood that a container is the answer.

    `span`: the range of the container with its delimiters. `earlier`: the span and the announcement of the
    container before it, which "and" continues.
    """
    before, after = text[max(0, span[0] - _BEFORE) : span[0]], text[span[1] : span[1] + _AFTER]
    announced = _announcement(before[-_ANNOUNCED:])
    if earlier is not None and _CONNECTIVE.fullmatch(text, earlier[0][1], span[0]):
        announced = earlier[1]
    line_before, line_after = before.rpartition("\n")[2].strip(), after.partition("\n")[0].strip()
    value = result.value
    bare = bare_words(text, result)
    return Likelihood(
        bool(value) and not bare and not _is_reference(result, line_before, line_after, announced),
        announced,
        isinstance(value, dict) or any(isinstance(item, dict | list) for item in value),
        not bare and result.risk == "lossless",
        not line_before and not line_after,
        span[1] - span[0],
    )


def is_part_of_members(text: str, result: ParseResult) -> bool:
    """Whether a container is one of several values without brackets: `name='Ann' tags=['a']`, or YAML."""
    before = text[max(0, result.start - _BEFORE) : result.start]
    if _ASSIGNMENT.search(before):
        after = text[result.end : result.end + _AFTER]
        return _ASSIGNED_BEFORE.search(before) is not None or _ASSIGNED_AFTER.match(after) is not None
    is_list = isinstance(result.value, list) and not any(
        isinstance(item, dict | list) for item in result.value
    )
    return is_list and _MEMBER_BEFORE.search(before) is not None and _announcement(before[-_ANNOUNCED:]) < 1


def bare_words(text: str, result: ParseResult) -> bool:
    """Whether every value of the container is a word without quotes: `[see below]`."""
    value = result.value
    items: Sequence[object] = list(value.values()) if isinstance(value, dict) else value
    bare = sum(fix.kind in _BARE and text[fix.start] not in "\"'`“‘" for fix in result.fixes)
    return 0 < len(items) <= bare


def _announcement(before: str) -> int:
    if _EXAMPLE.search(before):
        return -1
    if _ANSWER.search(before):
        return 1
    return -1 if _OTHER.search(before) else 0


def _is_reference(result: ParseResult, before: str, after: str, announced: int) -> bool:
    """Whether a list is a link, a citation or an index: `[1]`, `[x](…)`, `x[0]`."""
    value = result.value
    if not isinstance(value, list) or any(not isinstance(item, int | str) for item in value):
        return False
    if len(value) == 1 and _LINK.match(after):
        return True
    if before[-1:].isalnum() or before[-1:] in ("]", ")", "_"):
        return len(value) == 1
    numbers = all(isinstance(item, int) for item in value)
    return numbers and announced < 1 and (before[-1:].isalpha() or any(c.isalpha() for c in before + after))
