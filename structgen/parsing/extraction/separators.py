"""Account for the commas, comments and white space between the values of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structgen.parsing.tolerant.parse_result import Fix, FixKind

_COMMENT = r"/\*.*?\*/|//[^\n]*|#[^\n]*"
_SEPARATORS = re.compile(rf"(?:[\s,;\x1e]|{_COMMENT})*", re.DOTALL)
_SEPARATOR = re.compile(rf"[,;\x1e]|(?P<comment>{_COMMENT})|(?P<space>[^\S \t\n\r]+)", re.DOTALL)
_KINDS: dict[str | None, FixKind] = {"comment": "comment", "space": "white-space", None: "comma"}
_JSON_SPACE = " \t\r\n"


def separators_end(text: str, at: int, end: int) -> int:
    """Return where the separators end that begin at `at`, at most `end`; `at` itself for none."""
    separators = _SEPARATORS.match(text, at, end)
    return at if separators is None else separators.end()


def separator_fixes(text: str, start: int, end: int) -> Iterator[Fix]:
    """Yield a fix for each separator of a range that is no white space of JSON."""
    if text[start:end].strip(_JSON_SPACE):
        for mark in _SEPARATOR.finditer(text, start, end):
            yield Fix(_KINDS[mark.lastgroup], *mark.span())
