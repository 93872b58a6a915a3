"""The schema that stands for a format of plain text in tasks, results and caches."""

from __future__ import annotations

from functools import lru_cache

from structgen import json_text
from structgen.schema import Schema
from structgen.types import TextFormat


@lru_cache(256)
def text_schema(text_format: TextFormat) -> Schema:
    """Return the schema of a string whose hash identifies the format."""
    definition = text_format.regex or text_format.lark or json_text.dumps(text_format.choices)
    return Schema.parse({"type": "string", "$comment": f"{text_format.kind}: {definition}"})
