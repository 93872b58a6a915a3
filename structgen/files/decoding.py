"""Decode the bytes of texts."""

from __future__ import annotations

import codecs
import re

from structgen.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
LATIN = "cp1252"
_TEXT_CODINGS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
"""Codings of Python that are no codings of texts, or cost too much."""


def decode(data: bytes, declared: str | None = None) -> tuple[str, bool]:
    """Return the text of bytes, and whether its encoding is a guess.

    The encoding is that of the byte order mark, the declared one, UTF-8, or Windows-1252. Raises
    `UnreadableFile` for bytes that are no text.
    """
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], coding), False
    if declared is not None and (known := _known(declared)) is not None:
        try:
            return data.decode(known), False
        except (UnicodeError, ValueError):
            pass
    if _BINARY.search(data):
        raise not_text()
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return _decoded(data, LATIN), True


def _decoded(data: bytes, coding: str) -> str:
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        raise not_text() from error


def _known(name: str) -> str | None:
    """Return the coding of texts with that name; None for an unknown one. Latin-1 stands for Windows-1252."""
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if found in ("iso8859-1", "ascii"):
        return LATIN if found == "iso8859-1" else None
    return None if found.replace("-", "_") in _TEXT_CODINGS or not _encodes_text(found) else found


def _encodes_text(coding: str) -> bool:
    try:
        return isinstance(b"".decode(coding), str)
    except (LookupError, UnicodeError, ValueError):
        return False


def not_text() -> UnreadableFile:
    """Return the error for bytes that are of no known format, and no text."""
    return UnreadableFile(
        "the file is of no format that can be read, and is no text in UTF-8, UTF-16 or Windows-1252: "
        "send PDF, HTML, DOCX, XLSX, CSV, EML or plain text",
        "unknown-format",
    )
