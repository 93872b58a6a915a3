"""The rows of a run: their contents, and where they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import click

from structgen import json_text
from structgen.cli.documents import Document
from structgen.cli.errors import problem
from structgen.cli.output_file import out_errors
from structgen.errors import StructgenError

_EVIDENCE = " with evidence"


@dataclass(frozen=True)
class RowFormat:
    """The contents of a row: the object alone, the whole result, or the object with its source."""

    full: bool
    with_source: bool
    evidence: bool = False
    """Whether the evidence of the object stands beside it."""

    def row(self, source: str, body: Mapping[str, Any], document_id: str | int | None = None) -> Any:
        """Return the row of a result, which is given as the body of a 200."""
        names = _source_members(source, document_id)
        if self.full:
            return {**names, **body}
        proof = {"evidence": body.get("evidence")} if self.evidence else {}
        if self.with_source:
            return {**names, "schema_hash": body["schema"]["hash"], "data": body["data"], **proof}
        return {"data": body["data"], **proof} if proof else body["data"]

    def failure_row(self, document: Document, error: StructgenError) -> Any:
        """Return the row of a document without a valid object."""
        names, body = _source_members(document.source, document.id), problem(error)
        if self.full:
            return {**names, **body}
        if self.with_source:
            return {**names, "data": None, "error": {"type": body["type"], "detail": body["detail"]}}
        return None

    def stamp(self, schema_hash: str) -> str:
        """Return the stamp that all rows of this format and schema have."""
        form = "full" if self.full else "source" if self.with_source else "data"
        return f"{form}{_EVIDENCE if self.evidence else ''}:{schema_hash}"


def stamp_of(row: Mapping[str, Any]) -> str | None:
    """Return the stamp of a valid row that names its schema, as `RowFormat.stamp` makes it."""
    proof = _EVIDENCE if "evidence" in row else ""
    if "schema_hash" in row:
        return f"source{proof}:{row['schema_hash']}"
    schema = row.get("schema")
    if isinstance(schema, dict) and row.get("status") == "completed":
        return f"full{proof}:{schema.get('hash')}"
    return None


def key_of(row: Mapping[str, Any]) -> str | None:
    """Return the key of the row's document, as `Document.key` makes it; None if the row has no source."""
    source, document_id = row.get("source"), row.get("document_id")
    if not isinstance(source, str):
        return None
    return source if document_id is None else f"{source.rpartition(':')[0]}#{document_id}"


def _source_members(source: str, document_id: str | int | None) -> dict[str, Any]:
    members: dict[str, Any] = {"source": source} if source else {}
    return members if document_id is None else {**members, "document_id": document_id}


class RowWriter(Protocol):
    """Writes the rows of a run in the order of its documents."""

    def has_earlier(self, key: str) -> bool:
        """Return whether an earlier run left a valid row for the document."""

    def add_earlier(self, key: str) -> None:
        """Write the row of the earlier run."""

    def add(self, key: str, row: Any, stamp: str | None) -> None:
        """Write a new row; a row without a stamp is that of a failure."""

    def close(self, *, complete: bool) -> None:
        """End the output; it is `complete` if every document has its row."""


class PrintedRows:
    """Rows on standard output, or in a pipe or device. They cannot be resumed."""

    def __init__(self, path: Path | None = None) -> None:
        with out_errors(path):
            self._file = None if path is None else path.open("w", encoding="utf-8")

    def has_earlier(self, key: str) -> bool:
        """Return False: there is no earlier run."""
        return False

    def add_earlier(self, key: str) -> None:
        """Do nothing: there is no earlier run."""

    def add(self, key: str, row: Any, stamp: str | None) -> None:
        """Print the row."""
        click.echo(json_text.dumps(row), file=self._file)

    def close(self, *, complete: bool) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
