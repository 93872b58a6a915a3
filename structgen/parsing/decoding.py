"""Decode bytes into text, and account for every byte that is not valid in the encoding."""

from __future__ import annotations

from structgen.parsing.tolerant.parse_result import Fix

_BYTE_ORDER_MARK = "\ufeff"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MAX_LISTED_ERRORS = 100
"""Invalid sequences of one text that get a fix each; the rest of the text shares one."""


def decode(text: str | bytes) -> tuple[str, tuple[Fix, ...]]:
    """Return the text with its byte order mark blanked, and the fixes that decoding took.

    Bytes are UTF-8, or UTF-16 after its byte order mark. Each invalid sequence becomes U+FFFD. The mark
    becomes a space, so that positions in the text stay as they were.
    """
    if isinstance(text, str) and text[:1] != _BYTE_ORDER_MARK:
        return text, ()
    fixes: list[Fix] = []
    if isinstance(text, bytes):
        text, fixes = _replace_invalid(text, "utf-16" if text[:2] in _UTF16_MARKS else "utf-8")
    if text.startswith(_BYTE_ORDER_MARK):
        fixes.insert(0, Fix("byte-order-mark", 0, 1))
        text = " " + text[1:]
    return text, tuple(fixes)


def _replace_invalid(data: bytes, encoding: str) -> tuple[str, list[Fix]]:
    chunks: list[str] = []
    fixes: list[Fix] = []
    offset = length = 0
    while True:
        try:
            return "".join([*chunks, data[offset:].decode(encoding)]), fixes
        except UnicodeDecodeError as error:
            valid = data[offset : offset + error.start].decode(encoding)
            length += len(valid) + 1
            chunks += [valid, "\ufffd"]
            fixes.append(Fix("encoding", length - 1, length, "\ufffd"))
            offset += error.end
        if len(fixes) == _MAX_LISTED_ERRORS:
            rest = data[offset:].decode(encoding, "replace")
            fixes.append(Fix("encoding", length, length + len(rest), rest))
            return "".join([*chunks, rest]), fixes
