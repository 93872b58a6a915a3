"""The documents of a run, each with the name of its source: whole files, or the lines of files."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from structgen import json_text
from structgen.cli import reading
from structgen.cli.decoding import check, decoded
from structgen.errors import BadRequest
from structgen.suggestions import nearest

_NEAR = 0.8
"""Similarity to `document` above which a name is a slip: `documents`, `Document`, `documnt`."""


@dataclass(frozen=True)
class Document:
    """A document to read: a file, or bytes of a line of one. `source` names it in rows and messages."""

    source: str
    path: str | None = None
    line: bytes | None = None
    id: str | int | None = None
    fault: str | None = None
    """Why the line holds no document."""

    def text(self) -> str:
        """Return the text; `BadRequest` where there is none."""
        if self.fault is not None:
            raise BadRequest(f"{self.source}: {self.fault}")
        if self.line is not None:
            return decoded(self.line, self.source)
        return reading.document(self.path or reading.STDIN)

    @property
    def key(self) -> str:
        """Return what names the document from one run to the next: its id, or its source."""
        return self.source if self.id is None else f"{self.source.rpartition(':')[0]}#{self.id}"


def files(paths: Iterable[str]) -> Iterator[Document]:
    """Yield a document for each file."""
    for path in paths:
        yield Document(reading.name_of(path), path)


def lines(paths: Sequence[str]) -> Iterator[Document]:
    """Yield a document for each line of each file that is not empty, as the lines come.

    A line that is a JSON object with a `document` holds that text, and its `id` where it has one; any
    other line is a text as it stands.
    """
    for path in paths or (reading.STDIN,):
        name = reading.name_of(path)
        with _opened(path) as stream:
            for number, line in enumerate(stream, 1):
                if number == 1:  # a PDF would give thousands of rows
                    check(line, name)
                    line = line.removeprefix(codecs.BOM_UTF8)
                if line.strip():
                    yield _of_line(f"{name}:{number}", line.rstrip(b"\r\n"))


def _of_line(source: str, line: bytes) -> Document:
    if line.lstrip().startswith(b"{"):
        try:
            value = json_text.loads(line)
        except json_text.JsonFault:
            value = None
        if isinstance(value, dict) and "document" in value:
            text, name = value["document"], value.get("id")
            if not isinstance(text, str):
                return Document(source, line=b"", fault="its `document` is not a string")
            if name is not None and (isinstance(name, bool) or not isinstance(name, str | int)):
                return Document(source, line=b"", fault="its `id` is not a string or an integer")
            return Document(source, line=text.encode("utf-8", "surrogatepass"), id=name)
        if isinstance(value, dict) and (name := _misspelt(value)) is not None:
            return Document(source, line=b"", fault=f"no member {name!r} in a line; did you mean 'document'?")
    return Document(source, line=line)


def _misspelt(value: dict[str, Any]) -> str | None:
    """Return the member that was probably meant as `document`, in an object that has nothing else but `id`.

    Other objects are texts: the lines of a log, for example.
    """
    names = [name for name in value if name != "id"]
    return names[0] if len(names) == 1 and nearest(names[0], ["document"], _NEAR) else None


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == reading.STDIN:
        if sys.stdin is None:
            raise BadRequest("standard input is closed: name a file, or pipe one in")
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as stream:
            yield stream
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from error
