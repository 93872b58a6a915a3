"""The documents of a run: whole files, or the lines of files. Each knows its source."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.cli import files
from structgen.cli.decoding import check, decoded
from structgen.cli.file_reader import TEXT_AND_FILES, DocumentText, FileReader
from structgen.errors import BadRequest
from structgen.suggestions import nearest_name

_SIMILARITY = 0.8
"""Similarity to `document` from which on a name is a misspelling: `documents`, `Document`, `documnt`."""


@dataclass(frozen=True)
class Document:
    """A document to read: a file, or the bytes of a line. `source` names it in rows and messages."""

    source: str
    path: str | None = None
    line: bytes | None = None
    reader: FileReader = TEXT_AND_FILES
    id: str | int | None = None
    fault: str | None = None
    """Why the line has no document."""

    def text(self) -> DocumentText:
        """Return the text, or the path of a PDF and the like; `BadRequest` if the line has no document."""
        if self.fault is not None:
            raise BadRequest(f"{self.source}: {self.fault}")
        if self.line is not None:
            return decoded(self.line, self.source)
        return self.reader.read(self.path or files.STDIN)

    @property
    def key(self) -> str:
        """The id or source, which identifies the document in a later run."""
        return self.source if self.id is None else f"{self.source.rpartition(':')[0]}#{self.id}"


def from_files(paths: Sequence[str], reader: FileReader) -> Iterator[Document]:
    """Yield a document for each file; one for standard input where there is none."""
    for path in paths or (files.STDIN,):
        yield Document(files.source_name(path), path, reader=reader)


def from_lines(paths: Sequence[str]) -> Iterator[Document]:
    """Yield a document for each line that is not empty, as soon as the line arrives.

    A line with a JSON object that has a `document` stands for that text, with its `id` if it has one. Any
    other line is a text itself.
    """
    for path in paths or (files.STDIN,):
        name = files.source_name(path)
        with files.open_binary(path) as stream:
            for number, line in enumerate(stream, 1):
                if number == 1:  # once for the file: each line of a PDF would be refused
                    check(line, name)
                    line = line.removeprefix(codecs.BOM_UTF8)
                if line.strip():
                    yield _from_line(f"{name}:{number}", line.rstrip(b"\r\n"))


def _from_line(source: str, line: bytes) -> Document:
    if line.lstrip().startswith(b"{"):
        try:
            value = json_text.loads(line)
        except json_text.JsonError:
            value = None
        if isinstance(value, dict) and "document" in value:
            text, name = value["document"], value.get("id")
            if not isinstance(text, str):
                return Document(source, line=b"", fault="the member `document` of the line is not a string")
            if name is not None and (isinstance(name, bool) or not isinstance(name, str | int)):
                return Document(
                    source, line=b"", fault="the member `id` of the line is neither a string nor an integer"
                )
            return Document(source, line=text.encode("utf-8", "surrogatepass"), id=name)
        if isinstance(value, dict) and (name := _misspelt(value)) is not None:
            return Document(source, line=b"", fault=f"unknown member {name!r}; did you mean 'document'?")
    return Document(source, line=line)


def _misspelt(value: dict[str, Any]) -> str | None:
    """Return the member that probably means `document`, in an object with no other member than `id`.

    Other objects are texts, such as the lines of a log.
    """
    names = [name for name in value if name != "id"]
    return names[0] if len(names) == 1 and nearest_name(names[0], ["document"], _SIMILARITY) else None
