"""Locate the scalars of a JSON text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from structgen import json_text
from structgen.schema.traversal import pointer

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}\[\],]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class ScalarPosition:
    """A string, number, boolean or null: its pointer, and its half-open range of the text."""

    pointer: str
    start: int
    end: int


def scalar_positions(text: str) -> Iterator[ScalarPosition]:
    """Yield the scalars of a valid JSON text in their order."""
    path: list[str | int] = []
    awaits_key: list[bool] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            path.append("" if token == "{" else 0)
            awaits_key.append(token == "{")
        elif token in "}]":
            path.pop()
            awaits_key.pop()
        elif token == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            else:
                awaits_key[-1] = True
        elif awaits_key and awaits_key[-1]:
            path[-1] = str(json_text.loads(token))
            awaits_key[-1] = False
        else:
            yield ScalarPosition(pointer(path), match.start(), match.end())
