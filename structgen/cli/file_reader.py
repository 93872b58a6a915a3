"""Read the documents of a command: as text, as files, or by a docling-serve where one is given."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from structgen.cli import files
from structgen.errors import BadRequest

if TYPE_CHECKING:
    from structgen.evidence.source import Source

DocumentText: TypeAlias = "str | Path | Source"
"""A text, a file that whoever extracts or grounds reads, or what was read of a file."""


@dataclass(frozen=True)
class FileReader:
    """The docling-serve, if there is one, that reads files of other formats."""

    docling_url: str | None = None

    @classmethod
    def checked(cls, docling_url: str | None, service: str | None) -> FileReader:
        """Return the reader of a command; refuse a wrong address, and one beside a service."""
        if docling_url is not None:
            if service:
                raise click.UsageError(
                    "--url cannot be combined with --docling-url, because the service reads the files: give "
                    "it to structgen serve"
                )
            from structgen.files.docling import Docling

            Docling.at(docling_url, setting="--docling-url")
        return cls(docling_url)

    def read(self, path: str) -> DocumentText:
        """Return the text of a file, or its path where it is more than its text, such as a PDF.

        With a docling-serve, what is no text in UTF-8 is read here: by structgen, else by the docling-serve.
        """
        if self.docling_url is None or path == files.STDIN:
            return files.read_document(path)
        if not files.is_read_as_file(path):
            with suppress(BadRequest):
                return files.read_text(path)
        from structgen.files.isolated import read_file

        key = os.environ.get("STRUCTGEN_DOCLING_KEY") or None
        return read_file(path, docling_url=self.docling_url, docling_key=key)


TEXT_AND_FILES = FileReader()
"""The reader without a docling-serve."""
