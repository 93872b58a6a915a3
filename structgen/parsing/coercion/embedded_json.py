"""Parse a container out of a string that holds nothing else."""

from __future__ import annotations

from typing import Literal

from structgen.parsing.extraction.candidates import parse_candidates
from structgen.parsing.tolerant.parse_result import ParseError, ParseResult
from structgen.types import RISKS, Risk

_MAX_LENGTH = 1_000_000


def parse_embedded(text: str, opening: Literal["{", "["]) -> ParseResult | None:
    """Return the object or array that a string holds; None where it holds another value, or prose."""
    if text.lstrip()[:1] != opening or len(text) > _MAX_LENGTH:
        return None
    try:
        result = next(parse_candidates(text, plain=True))
    except ParseError:
        return None
    if any(fix.kind == "prose" for fix in result.fixes) or any(text.is_loss for text in result.dropped):
        return None
    return result if isinstance(result.value, dict if opening == "{" else list) else None


def embedded_risk(result: ParseResult) -> Risk:
    """Return the risk of taking a string for the container that it holds."""
    return max("coerced", result.risk, key=RISKS.index)
