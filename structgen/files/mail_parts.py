"""The parts of a mail: those that are its text, and those that are attached to it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from email import errors
from email.message import EmailMessage
from typing import Any

from structgen.errors import UnreadableFile
from structgen.files.decoding import decode
from structgen.files.html import html_text
from structgen.files.limits import FileLimits, exceeded

MAX_PARTS = 2_000
"""Parts of a mail, attachments and bodies included."""
MAILS = frozenset({"message/rfc822", "message/global", "message/news"})
LACKING, MORE = 0.1, 1.2
"""Part of the words of an HTML text that a plain one may lack; how much longer one that says more is."""
_WORD = re.compile(r"\w+")
_BROKEN = (
    errors.CloseBoundaryNotFoundDefect, errors.StartBoundaryNotFoundDefect, errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64CharactersDefect, errors.InvalidBase64LengthDefect,
)  # fmt: skip


@dataclass
class MailParts:
    """The parts of a mail that are read."""

    bodies: list[EmailMessage] = field(default_factory=list)
    attachments: list[EmailMessage] = field(default_factory=list)
    lacks_words: bool = False
    """Whether an HTML text beside a plain one has words that the plain one lacks."""


def parts(message: EmailMessage, limits: FileLimits) -> MailParts:
    """Return the parts that are the text of a mail, and those that are attached to it."""
    found = MailParts()
    stack, count = [(message, True)], 0
    while stack:
        part, is_read = stack.pop()
        count += 1
        if count > MAX_PARTS:
            raise UnreadableFile(f"the mail has more than {MAX_PARTS:,} parts", "limit")
        kind = part.get_content_type()
        children = _children(part)
        if kind == "multipart/alternative" and is_read:
            preferred, lacks_words = _preferred(children)
            found.lacks_words = found.lacks_words or lacks_words
            stack += [(each, each is preferred) for each in reversed(children)]
        elif part.is_multipart() and kind not in MAILS and (part.get_content_maintype() != "message"):
            stack += [(each, is_read) for each in reversed(children)]
        elif _is_body(part, kind):
            if is_read or kind not in ("text/plain", "text/html"):
                found.bodies.append(part)
        elif is_read or not _belongs_to_html(part):
            found.attachments.append(part)
    if len(found.attachments) > limits.max_attachments:
        exceeded("max_attachments", limits, len(found.attachments))
    return found


def _is_body(part: EmailMessage, kind: str) -> bool:
    """Return whether a part is read as text of the mail, as a calendar or a report of delivery is, too."""
    is_text = kind.startswith("text/") or (kind.startswith("message/") and kind not in MAILS)
    return is_text and not part.is_attachment() and part.get_filename() is None


def _belongs_to_html(part: EmailMessage) -> bool:
    """Return whether a part of an alternative that is not read is an image of its layout."""
    return part.get_content_maintype() == "image" and "content-id" in part


def _children(part: EmailMessage) -> list[Any]:
    payload = part.get_payload()
    return list(payload) if isinstance(payload, list) else []


def _preferred(choices: list[Any]) -> tuple[Any, bool]:
    """Return the plain text of the alternatives, unless HTML says more; else the last one, the richest.

    Beside it is whether the plain text lacks words of the HTML text.
    """
    plain = next((each for each in choices if each.get_content_type() == "text/plain"), None)
    rich: Any = choices[-1] if choices else None
    if plain is None or plain is rich:
        return rich, False
    pages = (each for each in rich.walk() if each.get_content_type() == "text/html")
    page = next((each for each in pages if not each.is_attachment()), None)
    says = Counter(_WORD.findall(body_text(plain)[0]))
    if page is None:
        return (plain if says else rich), False
    needed = Counter(_WORD.findall(body_text(page)[0]))
    lacks = (needed - says).total() > LACKING * needed.total()
    is_longer = needed.total() > MORE * says.total()
    return (rich, False) if lacks and is_longer else (plain, lacks)


def content(part: EmailMessage) -> bytes:
    """Return the bytes of a part, those of an attached mail included."""
    if part.get_content_type() in MAILS:
        payload = _children(part)
        return payload[0].as_bytes() if payload else b""
    if part.is_multipart():  # a report of delivery
        return part.as_bytes()
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def body_text(part: EmailMessage) -> tuple[str, bool]:
    """Return the text of a part, and whether its encoding is a guess."""
    kind = part.get_content_type()
    try:
        text, guessed = decode(content(part) or b" ", part.get_content_charset())
    except UnreadableFile as error:
        detail = f"a text of the mail ({kind}) has bytes that are no text, or is damaged: send it anew"
        raise UnreadableFile(detail, "damaged") from error
    text = text.replace("\r\n", "\n")
    return (html_text(text) if kind == "text/html" else text), guessed


def is_broken(message: EmailMessage) -> bool:
    """Return whether a mail whose parts were read is cut off, or has parts that are not in their coding."""
    return any(isinstance(defect, _BROKEN) for part in message.walk() for defect in part.defects)
