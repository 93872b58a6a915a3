"""Texts of any document, made safe for a script element and for the eye."""

from __future__ import annotations

import json
import re
from typing import Any

_UNSAFE = re.compile("[<>&\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What HTML or JavaScript reads otherwise than JSON does, what UTF-8 has no form for, and what hides text."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u202d\u202e\ud800-\udfff]")
_LONE_CARRIAGE_RETURN = re.compile("\r(?!\n)")
_INVISIBLE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_CONTROL_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"
_REPLACEMENT = "\ufffd"


def embedded(value: Any) -> str:
    """Return the JSON text of a value for a script element; it parses to the same value.

    The text has none of `<`, `>`, `&`: no end tag and no comment can begin in it.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(_escape, text)


def shown_text(text: str) -> str:
    """Return a document's text with as many code points, all of which a browser can show.

    Control characters become their pictures. Unpaired surrogates and characters that reverse the text after
    them, with which a document can show another value than it says, become replacement characters.
    """
    return _LONE_CARRIAGE_RETURN.sub("\n", _UNPRINTABLE.sub(_picture, text))


def literal(value: Any) -> str:
    """Return the JSON text of a value, with escapes for the characters that cannot be seen."""
    return _INVISIBLE.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    return _DELETE_PICTURE if code == 0x7F else _REPLACEMENT
