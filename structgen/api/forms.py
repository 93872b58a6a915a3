"""Requests as `multipart/form-data`: a part with the file, and the other members of the JSON body."""

from __future__ import annotations

import io
from typing import Any

from structgen import json_text
from structgen.api.base import BodyT, parse_given
from structgen.errors import BadRequest
from structgen.types import Violation

MEDIA_TYPE = "multipart/form-data"
FILE, REQUEST = "file", "request"
"""The part with the file, and that with a JSON object of members."""
MAX_PARTS = 64
_PLAIN = frozenset({"binary", "8bit", "7bit"})
"""Transfer encodings that leave the bytes as they are: forms have no others (RFC 7578)."""
_TEXTS = frozenset({"prompt", "document", "source", "strategy"})
"""Members that are texts even where they look like JSON."""


def parse_form(body: type[BodyT], content: bytes, content_type: str) -> BodyT:
    """Parse and validate a form as the body of a request; `BadRequest` lists every error."""
    given: dict[str, Any] = {}
    for name, file_name, media_type, data in _parts(content, content_type):
        if name == FILE:
            members = {"name": file_name, "media_type": media_type, "data": data}
            _add(given, FILE, members)
        elif name == REQUEST:
            members = _json(data, name)
            if not isinstance(members, dict):
                raise _fault(name, "give a JSON object with the other members of the request")
            for member, value in members.items():
                _add(given, member, value)
        else:
            _add(given, name, _text(data, name) if name in _TEXTS else _json_or_text(data, name))
    return parse_given(body, given)


def _parts(content: bytes, content_type: str) -> list[tuple[str, str | None, str | None, bytes]]:
    """Return name, file name, media type and bytes of each part."""
    import multipart

    _, options = multipart.parse_options_header(content_type)
    boundary = options.get("boundary")
    if not boundary:
        raise _fault("", "the Content-Type of the form names no boundary")
    size = len(content) + 1
    try:
        parser = multipart.MultipartParser(
            io.BytesIO(content),
            boundary,
            content_length=len(content),
            part_limit=MAX_PARTS,
            spool_limit=size,
            memory_limit=size,
            strict=True,
        )
        parts = list(parser)
    except (multipart.MultipartError, ValueError) as error:
        message = f"the form cannot be read: {error}; at most {MAX_PARTS} parts are read"
        raise _fault("", message) from error
    for part in parts:
        coding = part.headers.get("Content-Transfer-Encoding", "binary").strip().lower()
        if coding not in _PLAIN:
            raise _fault(part.name, f"the part is in {coding[:40]!r}: send its bytes as they are")
    return [
        (part.name, part.filename, part.content_type if part.filename else None, part.raw) for part in parts
    ]


def _add(given: dict[str, Any], name: str, value: Any) -> None:
    if name in given:
        raise _fault(name, "the form gives this member twice")
    given[name] = value


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _fault(name, f"the part is not UTF-8: the byte at {error.start}") from error


def _json(data: bytes, name: str) -> Any:
    try:
        return json_text.loads(_text(data, name))
    except json_text.JsonError as error:
        raise _fault(name, f"the part cannot be read: {error}") from error


def _json_or_text(data: bytes, name: str) -> Any:
    """Return the JSON value of a part; other parts, such as the name of a schema, are texts."""
    text = _text(data, name)
    start = text.lstrip()[:1]
    if start in ("{", "[", '"') or text.strip() in ("true", "false", "null"):
        return _json(data, name)
    try:
        return json_text.loads(text)
    except json_text.JsonError:
        return text


def _fault(name: str, message: str) -> BadRequest:
    pointer = f"/{name}" if name else ""
    return BadRequest.from_violations([Violation(pointer, "form", message)], "the form")
