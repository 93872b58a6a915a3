"""Read a text that is one container and nothing else, without the search for wrappers and prose."""

from __future__ import annotations

import re

from structgen.parsing.extraction.doubled_quotes import has_doubled_quotes
from structgen.parsing.extraction.truncation_mark import truncation_mark
from structgen.parsing.extraction.valid_value import valid_value
from structgen.parsing.tolerant.parse_result import ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

_START = re.compile(r"[ \t\r\n]*+([{\[])(?:\s*+[{\[])*+(?!\s*+(?:\\|```))")
"""The opening brackets of a text that is neither escaped nor a fence in brackets."""
_REFERENCE = re.compile(r"\[[^\[\]{}\n]*+\](?!\s*+(?:[,\]}]|\Z))")
"""A list of scalars that other text follows: perhaps a label, a link or a footnote."""
_TAG = re.compile(r"<[|｜/e]")
_JSON_SPACE = " \t\r\n"


def parse_single(text: str, parser: TolerantParser) -> ParseResult | None:
    """Return the malformed container that a text consists of; None where it may hold anything else."""
    start = _START.match(text)
    if start is None or may_be_wrapped(text) or truncation_mark(text) is not None:
        return None
    at = start.start(1)
    opening = text[at]
    if (opening == "[" and _REFERENCE.match(text, at)) or f"\n{opening}" in text:
        return None
    if _ends_with_other_bracket(text, opening) and _several(text, at):
        return None
    try:
        result = parser.parse(at)
    except ParseError:
        return None
    if not result.fixes or text[result.end :].strip(_JSON_SPACE):
        return None
    for fix in result.fixes:
        if fix.kind == "bracket":
            # the bracket that was left out may end a valid container
            return result if valid_value(text, at) is None else None
    return result


def _ends_with_other_bracket(text: str, opening: str) -> bool:
    return text.rstrip(_JSON_SPACE)[-1:] == ("]" if opening == "{" else "}")


def _several(text: str, at: int) -> bool:
    """Whether a text begins with valid JSON, and goes on with another container."""
    valid = valid_value(text, at)
    return valid is not None and text[valid.end :].lstrip(_JSON_SPACE)[:1] in ("{", "[")


def may_be_wrapped(text: str) -> bool:
    """Whether a text may have tags, special tokens, entities, doubled braces or quotes, or other brackets."""
    if "<" in text and _TAG.search(text):
        return True
    if '""' in text and has_doubled_quotes(text):
        return True
    if "{{" in text or "INST]" in text or ("&" in text and '"' not in text):
        return True
    return not text.isascii() and ("｛" in text or "［" in text)
