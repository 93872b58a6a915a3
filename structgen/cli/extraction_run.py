"""Extract from one document, or from many with a row for each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from structgen import json_text
from structgen.cli import console, shortfall
from structgen.cli.documents import Document
from structgen.cli.errors import DOCUMENT_ERRORS, report
from structgen.cli.file_reader import DocumentText
from structgen.cli.journal import open_rows
from structgen.cli.model_choice import Extractor
from structgen.cli.output_file import write_text
from structgen.cli.parallel import in_order
from structgen.cli.progress import progress, segment_progress
from structgen.cli.rows import RowFormat
from structgen.cli.summary import show_result, show_summary
from structgen.errors import Incomplete, StructgenError

if TYPE_CHECKING:
    from structgen.client.results import ExtractResult
    from structgen.strategies.result import Result


@dataclass(frozen=True)
class Output:
    """The format of rows, and the file that gets them."""

    format: RowFormat
    path: Path | None


def extract_one(extractor: Extractor, source: str, text: DocumentText | None, output: Output) -> None:
    """Extract from one document. Errors are raised, and nothing is written then."""
    name = source or "the document"
    with segment_progress(f"extracting from {name}") as on_progress:
        started = time.monotonic()
        try:
            result = extractor.extract(text, on_progress=on_progress)
        except Incomplete as error:
            raise shortfall.with_rows(error, text) from error
    show_result(name, result, time.monotonic() - started)
    write_text(output.path, json_text.dumps(output.format.row(source, result.to_json())))
    warnings = console.ResultWarnings()
    warnings.add(result.warnings)
    warnings.show()
    shortfall.warn_of(shortfall.shortfalls(result.coverage, text))


@dataclass(frozen=True)
class Extracted:
    """The result for one document of a run."""

    result: Result | ExtractResult[Any]
    seconds: float
    shortfalls: Mapping[str, str]
    """The rows that lists lack, by the pointers of these."""


class ExtractionRun:
    """A run over many documents, which writes a row for each, in their order."""

    def __init__(self, extractor: Extractor, output: Output, *, resume: bool) -> None:
        self._extractor, self._format, self._resume = extractor, output.format, resume
        stamps = output.format.kept_stamps(extractor.schema_hash()) if resume else None
        self._rows = open_rows(output.path, stamps)
        self._warnings = console.ResultWarnings()
        self._counts = Counter({"valid": 0})
        self._exit_code = 0

    def run(self, documents: Iterable[Document], total: int | None, jobs: int) -> int:
        """Extract from all documents and return the exit code.

        Errors of one document get a row; an error that would fail every document is raised.
        """
        started, complete = time.monotonic(), False
        if self._resume:
            documents = _with_distinct_ids(documents)
        try:
            with progress(total) as advance:
                for document, future in in_order(self._extract, documents, jobs):
                    try:
                        extracted = future.result()
                    except DOCUMENT_ERRORS as error:
                        advance(partial(self._add_failure, document, error))
                    else:
                        advance(partial(self._add, document, extracted))
            complete = True
        finally:
            self._rows.close(complete=complete)
        self._warnings.show()
        show_summary(self._counts, time.monotonic() - started, "document")
        return self._exit_code

    def _extract(self, document: Document) -> Extracted | None:
        """Return the result and its seconds; None if an earlier run left a valid row."""
        if self._rows.has_earlier(document.key):
            return None
        started, text = time.monotonic(), document.text()
        try:
            result = self._extractor.extract(text)
        except Incomplete as error:
            raise shortfall.with_rows(error, text) from error
        rows = shortfall.shortfalls(result.coverage, text)
        return Extracted(result, time.monotonic() - started, rows)

    def _add(self, document: Document, extracted: Extracted | None) -> None:
        if extracted is None:
            self._counts["kept"] += 1
            self._rows.add_earlier(document.key)
            return
        result = extracted.result
        self._counts["short" if extracted.shortfalls else "valid"] += 1
        self._warnings.add(result.warnings, document.source)
        show_result(document.source, result, extracted.seconds)
        shortfall.warn_of(extracted.shortfalls, document.source)
        body = result.to_json()
        row = self._format.row(document.source, body, document.id)
        self._rows.add(document.key, row, self._format.stamp(body["schema"]["hash"], body))

    def _add_failure(self, document: Document, error: StructgenError) -> None:
        self._exit_code = max(self._exit_code, error.exit_code)
        self._counts[error.name] += 1
        report(error, document.source)
        self._rows.add(document.key, self._format.failure_row(document, error), None)


def _with_distinct_ids(documents: Iterable[Document]) -> Iterator[Document]:
    """Refuse two documents with one id: the kept row of one would count for the other."""
    sources: dict[str, str] = {}
    for document in documents:
        if document.id is not None:
            first = sources.setdefault(document.key, document.source)
            if first != document.source:
                raise click.UsageError(
                    f"--resume cannot distinguish {first} from {document.source}: both have the id "
                    f"{document.id!r}; give each document its own id"
                )
        yield document
