"""Read a text that is one valid container and a Markdown fence, without the search for wrappers and prose."""

from __future__ import annotations

import re

from structgen.parsing.extraction.single_value import may_be_wrapped
from structgen.parsing.extraction.valid_value import valid_range
from structgen.parsing.tolerant.parse_result import Fix, ParseResult

_FENCE = "```"
_OPENING = re.compile(r"\s*+(```[ \t]*+[\w.+-]*+[^\n`{\[]*+\n?)?+[ \t\r\n]*+(?=[{\[])")
_JSON_SPACE = " \t\r\n"


def parse_fenced(text: str) -> ParseResult | None:
    """Return the valid container of a text that is one fence around it; None for any other text.

    The opening mark may stand in the prompt.
    """
    if _FENCE not in text or (opening := _OPENING.match(text)) is None or may_be_wrapped(text):
        return None
    closing_end = len(text.rstrip())
    closing = closing_end - len(_FENCE)
    if not text.startswith(_FENCE, closing):
        return None
    at = opening.end()
    result = valid_range(text, at, len(text[:closing].rstrip(_JSON_SPACE)))
    if result is None:
        return None
    if opening[1] is None:
        return result._replace(fixes=(Fix("bracket", result.end, len(text)),))
    return result._replace(fixes=(Fix("fence", *opening.span(1)), Fix("fence", closing, closing_end)))
