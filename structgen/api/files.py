"""A file in the body of a request."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from structgen.api.base import Body


def _file_bytes(value: Any) -> Any:
    """Decode base64; the bytes of a form are taken as they are."""
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("base64", "is not base64: send the bytes of the file in it") from None


class FileBody(Body):
    """A PDF, HTML page, DOCX, workbook, CSV, mail or plain text, whose text is read."""

    name: str | None = Field(
        default=None, max_length=1000, description="The file's name: its suffix helps to tell the kind."
    )
    media_type: str | None = Field(default=None, max_length=1000, description="Such as `application/pdf`.")
    data: Annotated[bytes, BeforeValidator(_file_bytes)] = Field(
        description="The bytes in base64.",
        json_schema_extra={"type": "string", "contentEncoding": "base64", "format": "base64"},
    )
