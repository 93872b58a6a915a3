"""Read a mail: its headers, its text, and its attachments as further pages."""

from __future__ import annotations

from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from structgen.errors import UnreadableFile
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits, exceeded
from structgen.files.mail_parts import body_text, content, is_broken, parts
from structgen.files.source_builder import DECODED, UNREAD_PART, SourceBuilder

HEADERS = ("From", "To", "Cc", "Date", "Subject")
ReadPart = Callable[[bytes, str | None, str | None, int], Source]
"""Reads an attachment: its bytes, name, media type and depth."""


def read_mail(data: bytes, limits: FileLimits, depth: int, read_part: ReadPart) -> Source:
    """Return headers and text on the first page, each attachment on pages of its own.

    An attachment that cannot be read is named in the text and in a warning.
    """
    try:
        return _read(BytesParser(policy=policy.default).parsebytes(data), limits, depth, read_part)
    except RecursionError as error:
        raise UnreadableFile(
            "the parts of the mail are nested too deeply: send them apart", "limit"
        ) from error


def _read(message: EmailMessage, limits: FileLimits, depth: int, read_part: ReadPart) -> Source:
    builder = SourceBuilder(limits)
    builder.page()
    for header in HEADERS:
        if (value := _header(message, header)) is not None:
            builder.text(f"{header}: {value}\n")
    found = parts(message, limits)
    texts = [body_text(part) for part in found.bodies]
    builder.text("\n" + "\n\n".join(text for text, _ in texts if text.strip()).strip("\n"))
    if any(guessed for _, guessed in texts):
        builder.warn(DECODED, "the mail does not say its encoding: it was read as Windows-1252")
    if found.lacks_words:
        builder.warn(
            UNREAD_PART, "the mail has an HTML text with further words beside the plain one that is read"
        )
    read: list[Source] = []
    for part in found.attachments:
        name, media_type = part.get_filename(), part.get_content_type()
        builder.text(f"\n\nAttachment: {name or 'without a name'} ({media_type})")
        try:
            if depth >= limits.max_depth:
                exceeded("max_depth", limits, depth + 1)
            read.append(read_part(content(part), name, media_type, depth + 1))
        except UnreadableFile as error:
            if error.reason == "limit" and "max_depth" not in str(error):
                raise
            builder.warn(UNREAD_PART, f"the attachment {name or media_type!r} was not read: {error}")
    if is_broken(message):
        builder.warn(UNREAD_PART, "the mail is cut off or damaged: the end of a part may be missing")
    for source in read:
        builder.source(source)
    return builder.build()


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except Exception:  # the library fails in many ways for broken headers
        value = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), None)
    return None if value is None else " ".join(str(value).split())
