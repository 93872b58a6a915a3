"""Read a mail: its headers, its text, and its attachments as further pages."""

from __future__ import annotations

from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from structgen.errors import UnreadableFile
from structgen.evidence.source import Source
from structgen.files.decoding import decode
from structgen.files.html import html_text
from structgen.files.limits import FileLimits, exceeded
from structgen.files.source_builder import UNREAD_PART, SourceBuilder

HEADERS = ("From", "To", "Cc", "Date", "Subject")
MAX_PARTS = 2_000
"""Parts of a mail, attachments and bodies included."""
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
    bodies, attachments = _parts(message, limits)
    builder.text("\n" + "\n\n".join(filter(None, map(_body_text, bodies))).strip("\n"))
    read: list[Source] = []
    for part in attachments:
        name, media_type = part.get_filename(), part.get_content_type()
        builder.text(f"\n\nAttachment: {name or 'without a name'} ({media_type})")
        try:
            if depth >= limits.max_depth:
                exceeded("max_depth", limits, depth + 1)
            read.append(read_part(_content(part), name, media_type, depth + 1))
        except UnreadableFile as error:
            if error.reason == "limit" and "max_depth" not in str(error):
                raise
            builder.warn(UNREAD_PART, f"the attachment {name or media_type!r} was not read: {error}")
    for source in read:
        builder.source(source)
    return builder.build()


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except Exception:  # the library fails in many ways for broken headers
        value = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), None)
    return None if value is None else " ".join(str(value).split())


def _parts(message: EmailMessage, limits: FileLimits) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """Return the parts that are the text of a mail, and those that are attached to it."""
    bodies: list[EmailMessage] = []
    attachments: list[EmailMessage] = []
    stack, count = [message], 0
    while stack:
        part = stack.pop()
        count += 1
        if count > MAX_PARTS:
            raise UnreadableFile(f"the mail has more than {MAX_PARTS:,} parts", "limit")
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            stack.append(_preferred(_children(part)) or EmailMessage())
        elif part.is_multipart() and kind != "message/rfc822":
            stack += reversed(_children(part))
        elif kind.startswith("text/") and not part.is_attachment() and part.get_filename() is None:
            bodies.append(part)
        elif kind not in ("text/plain",) or part.get_payload():
            attachments.append(part)
    if len(attachments) > limits.max_attachments:
        exceeded("max_attachments", limits, len(attachments))
    return bodies, attachments


def _children(part: EmailMessage) -> list[Any]:
    payload = part.get_payload()
    return list(payload) if isinstance(payload, list) else []


def _preferred(choices: list[Any]) -> Any:
    """Return the plain text of the alternatives, else the last one, which is the richest."""
    plain = (c for c in choices if c.get_content_type() == "text/plain" and _body_text(c).strip())
    return next(plain, choices[-1] if choices else None)


def _content(part: EmailMessage) -> bytes:
    """Return the bytes of an attachment, those of a mail included."""
    if part.get_content_type() == "message/rfc822":
        payload = _children(part)
        return payload[0].as_bytes() if payload else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _body_text(part: EmailMessage) -> str:
    text, _ = decode(_content(part) or b" ", part.get_content_charset())
    text = text.replace("\r\n", "\n")
    return html_text(text) if part.get_content_type() == "text/html" else text
