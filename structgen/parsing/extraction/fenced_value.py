"""Read a text that is one valid container in a Markdown fence, without the search for wrappers and prose."""

from __future__ import annotations

import re

from structgen.parsing.extraction.single_value import may_be_wrapped
from structgen.parsing.extraction.valid_value import valid_value
from structgen.parsing.tolerant.parse_result import Fix, ParseResult

_OPENING = re.compile(r"\s*+(```[ \t]*+[\w.+-]*+[^\n`{\[]*+\n?)[ \t\r\n]*+(?=[{\[])")
_CLOSING = re.compile(r"[ \t\r\n]*+(```)\s*+\Z")


def parse_fenced(text: str) -> ParseResult | None:
    """Return the valid container of a text that is one fence around it; None for any other text."""
    opening = _OPENING.match(text)
    if opening is None or may_be_wrapped(text):
        return None
    result = valid_value(text, opening.end())
    closing = None if result is None else _CLOSING.match(text, result.end)
    if result is None or closing is None:
        return None
    return result._replace(fixes=(Fix("fence", *opening.span(1)), Fix("fence", *closing.span(1))))
