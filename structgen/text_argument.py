"""Check the text that a caller gives to a repair."""

from __future__ import annotations

from typing import Any, TypeAlias

from structgen.errors import BadRequest
from structgen.types import Violation

RepairInput: TypeAlias = str | bytes | bytearray | memoryview
"""Types of a text that a repair takes."""


def checked_text(text: Any) -> str | bytes:
    """Return the text as `str` or `bytes` itself; raise `BadRequest` for a value of another type.

    Subclasses of `str`, byte arrays and memory views are copied.
    """
    if type(text) is str:
        return text
    if isinstance(text, str):
        return str.__str__(text)
    if isinstance(text, bytes | bytearray | memoryview):
        return bytes(text)
    kind = type(text).__name__
    message = f"must be a str, or bytes in UTF-8, not {kind}"
    if isinstance(text, list | tuple):
        message += ": repair several texts one by one"
    raise BadRequest.from_violations([Violation("/text", "type", message)], "the request")
