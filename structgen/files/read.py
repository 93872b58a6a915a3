"""Read a file of any known kind."""

from __future__ import annotations

from structgen.errors import UnreadableFile
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


def _read(data: bytes, name: str | None, media_type: str | None, limits: FileLimits, depth: int) -> Source:
    kind = kind_of(data, name, media_type)
    if data.startswith(ZIP):
        kind = _kind_of_archive(checked_names(data, limits))
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


def _kind_of_archive(names: list[str]) -> Kind:
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") or name == "content.xml" for name in names):
        return "spreadsheet"
    raise UnreadableFile(
        "the file is an archive of no known kind: send the files in it one by one", "unknown-format"
    )


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
