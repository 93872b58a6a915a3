"""Decode the escapes of a string in a malformed text."""

from __future__ import annotations

import re

from structgen.parsing.tolerant.context import QUOTES
from structgen.parsing.tolerant.parse_result import ParseError

_PATH = re.compile(r"[A-Za-z]:\\|\\\\?\w+\\")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[\s\S]|$)")
_CUT_ESCAPE = re.compile(r"(\\+)(?:u[0-9a-fA-F]{0,3})?\Z")
_HIGH_SURROGATE = re.compile(r"(\\+)u[dD][89abAB][0-9a-fA-F]{2}\Z")
"""The first of two escapes that make one character."""
_CHARACTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\", "\n": "\n"}
_CONTROL = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")
_WORD_AFTER_U = re.compile(r"(?=[a-z]{3})[a-f]{0,3}[g-z]")
"""The rest of `\\users`, `\\underline`, where no escape was meant."""


def decode_escapes(raw: str, start: int, cut: bool) -> str:
    r"""Return the string that a raw text stands for; `start` is its position, for errors.

    A backslash stays before a character that needs none: the string may be a path or a regular expression.
    `cut`: the text ends within the string. `ParseError` for control characters and for `\u` without four
    hexadecimal digits.
    """
    if control := _CONTROL.search(raw):
        raise ParseError("a control character in a string", start + control.start())
    if "\\" not in raw:
        return raw
    if cut:
        raw = _without_cut_escape(raw)
    if _PATH.match(raw) and any(
        len(escape[1]) < 5 and escape[1] not in '"\\/bfnrt' for escape in _ESCAPE.finditer(raw)
    ):
        return raw.replace("\\\\", "\\")
    if any(escape[1] == "u" and _WORD_AFTER_U.match(raw, escape.end()) for escape in _ESCAPE.finditer(raw)):
        return re.sub(r'\\(["\\/])', r"\1", raw)

    def character(match: re.Match[str]) -> str:
        escape = match[1]
        if len(escape) == 5:
            return chr(int(escape[1:], 16))
        if escape == "u":
            raise ParseError("a \\u escape without four hexadecimal digits", start + match.start())
        if escape in _CHARACTERS:
            return _CHARACTERS[escape]
        return escape if escape in QUOTES else match[0]

    text = _ESCAPE.sub(character, raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_cut_escape(raw: str) -> str:
    """Drop an incomplete escape at the end, or the first half of a surrogate pair."""
    for pattern in (_CUT_ESCAPE, _HIGH_SURROGATE):
        if (match := pattern.search(raw)) and len(match[1]) % 2:  # an even run is escaped backslashes
            raw = raw[: match.end(1) - 1]
    return raw
