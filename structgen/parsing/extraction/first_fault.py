"""Judge by the first fault of a text whether its faults may have one reading."""

from __future__ import annotations

from structgen import json_text

_FAULTS = frozenset("/#TFN.,}OIDUn")
"""Characters that begin what is read here, or that stand behind a missing value."""


def may_be_unambiguous(error: ValueError, text: str) -> bool:
    """Whether the first fault of a text, as the decoder told it, may have one reading alone."""
    if isinstance(error, json_text.TruncatedJson):
        return True
    message = str(error)
    place = message[message.rfind(" ") + 1 : -1]  # "JSON is malformed: invalid character (byte 10)"
    if not place.isdigit():
        return False
    at = int(place)
    if text.isascii():
        character = text[at : at + 1]
    else:
        character = text.encode(errors="replace")[at : at + 1].decode("latin-1")
    return character in _FAULTS or "trailing comma" in message
