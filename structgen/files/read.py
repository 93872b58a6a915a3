"""Read a file of any known kind."""

from __future__ import annotations

from structgen.errors import StructgenError, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.decoding import decode
from structgen.files.docx import read_docx
from structgen.files.html import read_html
from structgen.files.kinds import ZIP, Kind, kind_of
from structgen.files.limits import FileLimits, exceeded
from structgen.files.mail import read_mail
from structgen.files.pdf import read_pdf
from structgen.files.source_builder import DECODED, SourceBuilder
from structgen.files.spreadsheet import read_spreadsheet
from structgen.files.zip_directory import checked_names

DEFAULT_LIMITS = FileLimits()
OPEN_DOCUMENT, SPREADSHEET = b"application/vnd.oasis.opendocument.", b"opendocument.spreadsheet"
HEAD = 200
"""Bytes at the start of an OpenDocument that have its media type."""


def read_file(
    data: bytes, name: str | None = None, media_type: str | None = None, limits: FileLimits = DEFAULT_LIMITS
) -> Source:
    """Return the text of a file, with its pages and, for a PDF, the rectangle of each word.

    The kind of the file is that of its first bytes, else that of its name or media type. Memory and processor
    time are bounded only in a process of its own: see `structgen.files.isolated`. Raises `UnreadableFile`.
    """
    try:
        if len(data) > limits.max_bytes:
            exceeded("max_bytes", limits, len(data))
        return _read(data, name, media_type, limits, 0)
    except UnreadableFile as error:
        error.file = error.file or name
        raise
    except (StructgenError, MemoryError):
        raise
    except Exception as error:  # a library fails in a way of its own for a broken file
        detail = f"the file is damaged, and its reader failed ({type(error).__name__}): save it anew"
        raise UnreadableFile(detail, "damaged", name) from error


def _read(data: bytes, name: str | None, media_type: str | None, limits: FileLimits, depth: int) -> Source:
    kind = kind_of(data, name, media_type)
    if data.startswith(ZIP):
        kind = _kind_of_archive(checked_names(data, limits), data)
    match kind:
        case "pdf":
            return read_pdf(data, limits)
        case "html":
            return read_html(data, media_type, limits)
        case "docx":
            return read_docx(data, limits)
        case "spreadsheet":
            return read_spreadsheet(data, limits)
        case "mail":
            return read_mail(
                data,
                limits,
                depth,
                lambda part, part_name, media, level: _read(part, part_name, media, limits, level),
            )
        case "text":
            return _read_text(data, media_type, limits)


def _kind_of_archive(names: list[str], data: bytes) -> Kind:
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "spreadsheet"
    if "content.xml" not in names:
        detail = "the file is an archive of no known kind: send the files in it one by one"
        raise UnreadableFile(detail, "unknown-format")
    if OPEN_DOCUMENT in data[:HEAD] and SPREADSHEET not in data[:HEAD]:  # the first member, not compressed
        detail = "the file is an OpenDocument text or presentation: save it as DOCX or PDF"
        raise UnreadableFile(detail, "unknown-format")
    return "spreadsheet"


def _read_text(data: bytes, media_type: str | None, limits: FileLimits) -> Source:
    charset = (media_type or "").partition("charset=")[2].strip(" \"'") or None
    text, guessed = decode(data, charset)
    builder = SourceBuilder(limits)
    builder.text(text)
    if guessed:
        builder.warn(
            DECODED, "the text is not UTF-8: it was read as Windows-1252. Save it as UTF-8 to be sure"
        )
    return builder.build()
