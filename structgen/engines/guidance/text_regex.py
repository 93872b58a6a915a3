"""Translate a regular expression of JSON Schema for a grammar that matches it against a whole text."""

from __future__ import annotations

import re
from itertools import islice

from structgen.engines.guidance.refusal import refused
from structgen.schema.limits import SchemaLimits
from structgen.schema.lowering.llguidance.regex import is_supported, translated

_PROPERTY = re.compile(r"(?<!\\)((?:\\\\)*)(\\[pP]\{\^?\w+(?:=\w+)?\})")
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_ASCII = {r"\d": "[0-9]", r"\D": "[^0-9]", r"\w": "[0-9A-Za-z_]", r"\W": "[^0-9A-Za-z_]", "^": "", "$": ""}
"""Classes as JSON Schema has them. Anchors are at the ends of the text, and mean nothing there."""
_ASCII_IN_CLASS = {
    r"\d": "0-9",
    r"\D": r"\x00-/:-\x{10ffff}",
    r"\w": "0-9A-Za-z_",
    r"\W": r"\x00-/:-@\[-\^`{-\x{10ffff}",
}
_PRIVATE = range(0xF0000, 0xFFFFE)
"""Characters that stand for `\\p{…}` while the other parts are translated."""
_LIMITS = SchemaLimits()


def whole_text_regex(pattern: str) -> str:
    """Return the pattern in llguidance's syntax, which it matches against the whole text.

    Raises `InvalidSchema` for a pattern of too many characters, and for one that llguidance would read
    differently.
    """
    if len(pattern) > _LIMITS.max_pattern_length:
        raise refused(f"the regular expression has more than {_LIMITS.max_pattern_length} characters")
    properties = dict.fromkeys(match[2] for match in _PROPERTY.finditer(pattern))
    unused = islice((chr(point) for point in _PRIVATE if chr(point) not in pattern), len(properties))
    marks = dict(zip(properties, unused, strict=True))
    marked = _PROPERTY.sub(lambda match: match[1] + marks[match[2]], pattern)
    if not is_supported(marked):
        raise refused(
            f"the regular expression {pattern[:80]!r} has a part that decoding cannot follow: leave out "
            "look-around, back-references, \\b, flags, and ^ or $ in the middle"
        )
    text = "".join(map(_whole, _TOKEN.findall(translated(marked))))
    for written, mark in marks.items():
        text = text.replace(mark, written)
    return text


def _whole(token: str) -> str:
    if token.startswith("["):
        return _ESCAPE.sub(lambda escape: _ASCII_IN_CLASS.get(escape[0], escape[0]), token)
    return _ASCII.get(token, token)
