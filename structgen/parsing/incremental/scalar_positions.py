"""Where the scalars of a JSON text stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from structgen import json_text
from structgen.schema.traversal import pointer

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}\[\],]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A string, number, boolean or null: its pointer and its place in the text, half-open."""

    pointer: str
    start: int
    end: int


def leaves(text: str) -> Iterator[Leaf]:
    """Yield the scalars of a valid JSON text in their order."""
    path: list[str | int] = []
    awaits_key: list[bool] = []
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in "{[":
            path.append("" if mark == "{" else 0)
            awaits_key.append(mark == "{")
        elif mark in "}]":
            path.pop()
            awaits_key.pop()
        elif mark == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            else:
                awaits_key[-1] = True
        elif awaits_key and awaits_key[-1]:
            path[-1] = str(json_text.loads(mark))
            awaits_key[-1] = False
        else:
            yield Leaf(pointer(path), token.start(), token.end())
