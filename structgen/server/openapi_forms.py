"""Requests as `multipart/form-data` in the document: a part with a file, and the members of the JSON body."""

from __future__ import annotations

from typing import Any

from structgen.api.forms import FILE, MEDIA_TYPE, REQUEST

_FILE_PART = {
    "type": "string",
    "contentMediaType": "application/octet-stream",
    "format": "binary",
    "description": "The file itself, with its name and media type.",
}
_TEXT = "text/plain"


def form_schema(body: dict[str, Any], model: str) -> dict[str, Any]:
    """Return the schema of the form with the members of a JSON body, a component of that name."""
    members = {name: member for name, member in body["properties"].items() if name != FILE}
    described = f"A JSON object with members of {model}. A member is in it, or has a part of its own."
    request = {"type": "object", "description": described}
    return {
        "type": "object",
        "description": f"{model} with a file: parts that are no texts are JSON.",
        "properties": {FILE: _FILE_PART, REQUEST: request, **members},
        "required": [FILE],
        "additionalProperties": False,
    }


def form_content(body: dict[str, Any], reference: str, example: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the request body: its schema, and how each part is written."""
    encoding = {
        FILE: {"contentType": "application/octet-stream"},
        REQUEST: {"contentType": "application/json"},
    }
    for name, member in body["properties"].items():
        if name != FILE:
            encoding[name] = {"contentType": _TEXT if member.get("type") == "string" else "application/json"}
    parts = {name: value for name, value in example.items() if name not in ("document", "source", "pages")}
    shown = {FILE: "the bytes of the file", REQUEST: parts}
    return {MEDIA_TYPE: {"schema": {"$ref": reference}, "encoding": encoding, "example": shown}}
