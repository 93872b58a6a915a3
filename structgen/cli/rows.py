"""The rows of a run: their contents, and where they are written."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import click

from structgen import json_text
from structgen.cli.documents import Document
from structgen.cli.errors import problem
from structgen.cli.output_file import out_errors
from structgen.errors import StructgenError

_ACCOUNTS: dict[str, Any] = {"evidence": None, "coverage": {}, "absent": []}
"""Members of a result that may stand beside the object, with their values where a result has none."""
_LACKS = {"coverage": " short", "absent": " absent"}
"""What the stamp of a whole result adds if an option accepted it with one of these members."""


@dataclass(frozen=True)
class RowFormat:
    """The contents of a row: the object alone, the whole result, or the object with its source."""

    full: bool
    with_source: bool
    accounts: tuple[str, ...] = ()
    """Which of `evidence`, `coverage` and `absent` stand beside the object."""

    def row(self, source: str, body: Mapping[str, Any], document_id: str | int | None = None) -> Any:
        """Return the row of a result, which is given as the body of a 200."""
        names = _source_members(source, document_id)
        if self.full:
            return {**names, **body}
        accounts = {name: body.get(name, _ACCOUNTS[name]) for name in self.accounts}
        if self.with_source:
            return {**names, "schema_hash": body["schema"]["hash"], "data": body["data"], **accounts}
        return {"data": body["data"], **accounts} if accounts else body["data"]

    def failure_row(self, document: Document, error: StructgenError) -> Any:
        """Return the row of a document without a valid object."""
        names, body = _source_members(document.source, document.id), problem(error)
        if self.full:
            return {**names, **body}
        if self.with_source:
            return {**names, "data": None, "error": {"type": body["type"], "detail": body["detail"]}}
        return None

    def stamp(self, schema_hash: str, body: Mapping[str, Any] | None = None) -> str:
        """Return the stamp of rows of this format and schema; `body` is a whole result that may lack some."""
        form = "full" if self.full else "source" if self.with_source else "data"
        lacks = _lacks(body) if self.full and body is not None else ""
        return f"{form}{_listed(self.accounts, full=self.full)}{lacks}:{schema_hash}"

    def kept_stamps(self, schema_hash: str) -> frozenset[str]:
        """Return the stamps of the rows of an earlier run that this run would write as well.

        A whole result that lacks rows, or has nulls for what is absent, counts only where this run takes it.
        """
        if not self.full:
            return frozenset({self.stamp(schema_hash)})
        taken = [("", _LACKS[name]) if name in self.accounts else ("",) for name in _LACKS]
        listed = _listed(self.accounts, full=True)
        return frozenset(f"full{listed}{''.join(lacks)}:{schema_hash}" for lacks in product(*taken))


def stamp_of(row: Mapping[str, Any]) -> str | None:
    """Return the stamp of a valid row that names its schema, as `RowFormat.stamp` makes it."""
    if "schema_hash" in row:
        return f"source{_listed(row, full=False)}:{row['schema_hash']}"
    schema = row.get("schema")
    if isinstance(schema, dict) and row.get("status") == "completed":
        return f"full{_listed(row, full=True)}{_lacks(row)}:{schema.get('hash')}"
    return None


def _lacks(body: Mapping[str, Any]) -> str:
    """Name what a whole result has only by an option: a list that lacks rows, or nulls for what is absent."""
    coverage = body.get("coverage")
    each = coverage.values() if isinstance(coverage, dict) else ()
    is_short = any(isinstance(one, dict) and one.get("unclaimed") for one in each)
    return (_LACKS["coverage"] if is_short else "") + (_LACKS["absent"] if body.get("absent") else "")


def _listed(names: Container[str], *, full: bool) -> str:
    """Name the accounts in a row; a whole result has coverage and absent members wherever there are any."""
    listed = [name for name in _ACCOUNTS if name in names and not (full and name != "evidence")]
    return f" with {', '.join(listed)}" if listed else ""


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
