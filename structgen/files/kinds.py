"""The kind of a file: by its first bytes, then by its name and media type."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from structgen.errors import UnreadableFile

Kind = Literal["pdf", "html", "docx", "spreadsheet", "mail", "text"]
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html|(head|body|table))\b",
    re.IGNORECASE | re.DOTALL,
)
"""The start of a page; with a group, one that a text with some tags, such as Markdown, may have as well."""
_MAIL = re.compile(
    rb"^(message-id|mime-version|received|return-path|delivered-to):", re.IGNORECASE | re.MULTILINE
)
_HEADER = re.compile(rb"(?:From |[!-9;-~]+:)")
_HEAD = 4096
_BY_SUFFIX: dict[str, Kind] = {
    ".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html", ".docx": "docx", ".docm": "docx",
    ".xlsx": "spreadsheet", ".xlsm": "spreadsheet", ".xlsb": "spreadsheet", ".xls": "spreadsheet",
    ".ods": "spreadsheet", ".eml": "mail", ".csv": "text", ".tsv": "text", ".txt": "text", ".md": "text",
    ".json": "text",
}  # fmt: skip
_BY_MEDIA: dict[str, Kind] = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "message/rfc822": "mail",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "spreadsheet",
    "application/vnd.ms-excel": "spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet": "spreadsheet",
}
_IMAGE = "an image: recognise its text (OCR) first, and send that"
_UNREAD: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"RIFF", _IMAGE),
    (b"{\\rtf", "rich text (RTF): save it as DOCX or PDF"),
    (b"\x1f\x8b", "compressed by gzip: unpack it first"),
    (b"BZh", "compressed by bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed by xz: unpack it first"),
    (b"7z\xbc\xaf", "an archive: send the files in it one by one"),
    (b"Rar!", "an archive: send the files in it one by one"),
    (b"%!PS", "PostScript: convert it to PDF"),
)
FILE_SUFFIXES = frozenset(suffix for suffix, kind in _BY_SUFFIX.items() if kind != "text")
"""Suffixes of the files that are more than their text."""


def kind_of(data: bytes, name: str | None, media_type: str | None) -> Kind:
    """Return how a file is read; `UnreadableFile` for an empty file, and for formats that are not read."""
    if not data.strip():
        raise UnreadableFile("the file is empty: send the file itself, with its bytes", "empty")
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, description in _UNREAD:
        if head.startswith(magic):
            raise UnreadableFile(f"the file is {description}", "unknown-format")
    named = _declared(name, media_type)
    if head.startswith((ZIP, b"PK\x05\x06")):
        return "docx" if b"word/" in data and b"xl/workbook" not in data else "spreadsheet"
    if head.startswith(OLE):
        return "spreadsheet"
    page = _HTML.match(head)
    if page is not None and not (page[1] and named == "text"):
        return "html"
    if named in ("pdf", "docx", "spreadsheet"):
        raise UnreadableFile(
            f"the file does not begin as its name or media type says ({named}): it is damaged, or is named "
            "wrongly; plain text needs a name that ends with .txt",
            "damaged",
        )
    if named in ("html", "mail"):
        return named
    if named is None and _HEADER.match(head) and len(set(map(bytes.lower, _MAIL.findall(head)))) > 1:
        return "mail"
    return "text"


def _declared(name: str | None, media_type: str | None) -> Kind | None:
    suffix = PurePath(name).suffix.lower() if name else ""
    media = (media_type or "").partition(";")[0].strip().lower()
    if (kind := _BY_SUFFIX.get(suffix)) is not None:
        return kind
    return _BY_MEDIA.get(media) or ("text" if media.startswith("text/") and media != "text/plain" else None)
