"""Read a scalar in a call (JSONP), and the guards that servers write before JSON."""

from __future__ import annotations

import re
from contextlib import suppress

from structgen.parsing.tolerant.parse_result import Fix, ParseError, ParseResult
from structgen.parsing.tolerant.parser import TolerantParser

GUARD = re.compile(
    r"\s*(?:while\s*\(\s*(?:1|true)\s*\)\s*;|for\s*\(\s*;\s*;\s*\)\s*;|\)\]\}'?,?\s*?\n)\s*(?=\S)"
)
"""Code before JSON that keeps a browser from running it."""
GUARD_STARTS = frozenset("wf)")
BEGINS_CALL = re.compile(r"\s*[A-Za-z_$][\w$.]*\s*\((?=\s*(?:[\"'{\[\d)-]|/\*|[A-Za-z_]\w*\s*=(?!=)))")
_SCALAR_CALL = re.compile(
    r"\s*(?P<before>[A-Za-z_$][\w$.]{0,200}\s*\(\s*)"
    r"(?P<scalar>\"(?:[^\"\\\n]++|\\.)*+\"|'(?:[^'\\\n]++|\\.)*+'|[-+]?\.?\d[\w.+-]*+|true|false|null|True|False|None)"
    r"(?P<after>\s*\)\s*;?)\s*\Z"
)


def parse_scalar_call(text: str, start: int) -> ParseResult | None:
    """Return the scalar of a text that is one call; None for any other text."""
    call = _SCALAR_CALL.match(text, start)
    if call is None:
        return None
    with suppress(ParseError):
        result = TolerantParser(call["scalar"]).parse().shifted(call.start("scalar"))
        if result.end == call.end("scalar"):
            before, after = Fix("call", *call.span("before")), Fix("call", *call.span("after"))
            return result._replace(fixes=(before, *result.fixes, after))
    return None
