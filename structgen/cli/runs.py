"""Runs of `extract`: one document, or many with a row each and a summary."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from structgen import json_text
from structgen.cli import console, rows
from structgen.cli.backend import Asking
from structgen.cli.batch import in_order, progress
from structgen.cli.errors import OF_THE_DOCUMENT, exit_code, problem, report
from structgen.cli.inputs import Document
from structgen.errors import StructgenError
from structgen.suggestions import plural


@dataclass(frozen=True)
class Shape:
    """How the result of a document is printed."""

    full: bool
    with_source: bool

    def row(self, source: str, body: dict[str, Any], document_id: str | int | None = None) -> Any:
        """Return the row of a result, given as the body of a 200."""
        named = _named(source, document_id)
        if self.full:
            return {**named, **body}
        if self.with_source:
            return {**named, "schema_hash": body["schema"]["hash"], "data": body["data"]}
        return body["data"]

    def stamp(self, schema_hash: str) -> str:
        """Return what rows that may be kept have in common."""
        return f"{'full' if self.full else 'source' if self.with_source else 'data'}:{schema_hash}"

    def failure(self, document: Document, error: StructgenError) -> Any:
        """Return the row of a document that gives no object."""
        named, told = _named(document.source, document.id), problem(error)
        if self.full:
            return {**named, **told}
        if self.with_source:
            return {**named, "data": None, "error": {"type": told["type"], "detail": told["detail"]}}
        return None


def one(asking: Asking, source: str, text: str | None, shape: Shape, out: Path | None) -> None:
    """Extract from one document; what goes wrong is raised, and nothing is written."""
    with console.spinner(f"extracting from {source or 'the document'}"):
        began = time.monotonic()
        result = asking.extract(text)
    _account(source or "the document", result, time.monotonic() - began)
    rows.write(out, json_text.dumps(shape.row(source, result.to_json())))
    warnings = console.ResultWarnings()
    warnings.add(result.warnings)
    warnings.show()


def many(
    asking: Asking,
    documents: Iterable[Document],
    total: int | None,
    jobs: int,
    shape: Shape,
    out: Path | None,
    resume: bool,
) -> int:
    """Write a row for each document, in order; return the exit code. Faults of no single one are raised."""
    target = rows.opened(out, shape.stamp(asking.schema_hash()) if resume else None)
    warnings, counts, worst, whole = console.ResultWarnings(), Counter({"valid": 0}), 0, False
    began = time.monotonic()

    def work(document: Document) -> tuple[Any, float] | None:
        if target.kept(document.key):
            return None
        start = time.monotonic()
        result = asking.extract(document.text())
        return result, time.monotonic() - start

    def done(document: Document, result: Any, seconds: float) -> None:
        body = result.to_json()
        warnings.add(result.warnings, document.source)
        _account(document.source, result, seconds)
        row = shape.row(document.source, body, document.id)
        target.add(document.key, row, shape.stamp(body["schema"]["hash"]))

    def failed(document: Document, error: StructgenError) -> None:
        report(error, document.source)
        target.add(document.key, shape.failure(document, error), None)

    try:
        with progress(total) as say:
            for document, future in in_order(work, _distinct(documents) if resume else documents, jobs):
                try:
                    answer = future.result()
                except OF_THE_DOCUMENT as error:
                    worst = max(worst, exit_code(error))
                    counts[error.name] += 1
                    say(_call(failed, document, error))
                    continue
                if answer is None:
                    counts["kept"] += 1
                    say(_call(target.keep, document.key))
                else:
                    counts["valid"] += 1
                    say(_call(done, document, *answer))
        whole = True
    finally:
        target.close(whole)
    warnings.show()
    summarize(counts, time.monotonic() - began, "document")
    return worst


def _call(function: Callable[..., None], *arguments: Any) -> Callable[[], None]:
    return lambda: function(*arguments)


def _distinct(documents: Iterable[Document]) -> Iterator[Document]:
    """Refuse two documents of one id: a row kept for one would pass for the other's."""
    seen: dict[str, str] = {}
    for document in documents:
        if (
            document.id is not None
            and (first := seen.setdefault(document.key, document.source)) != document.source
        ):
            raise click.UsageError(
                f"--resume cannot tell {first} from {document.source}: both have the id {document.id!r}"
            )
        yield document


def _named(source: str, document_id: str | int | None) -> dict[str, Any]:
    named: dict[str, Any] = {"source": source} if source else {}
    return named if document_id is None else {**named, "document_id": document_id}


def _account(source: str, result: Any, seconds: float) -> None:
    attempts, tokens = len(result.attempts), result.usage.total_tokens
    console.detail(
        f"{source}: valid, {plural(attempts, 'attempt')}, {plural(tokens, 'token')}, {seconds:.1f} s",
        {"source": source, "attempts": attempts, "tokens": tokens, "seconds": round(seconds, 3)},
    )


def summarize(counts: Mapping[str, int], seconds: float, noun: str) -> None:
    """Say `12 documents: 11 valid, 1 incomplete, 34.1 s`."""
    total = sum(counts.values())
    named = {name: count for name, count in counts.items() if count}
    parts = ", ".join(f"{count} {name}" for name, count in named.items()) or "nothing to do"
    console.note(
        f"{plural(total, noun)}: {parts}, {seconds:.1f} s",
        {"summary": {f"{noun}s": total, **named, "seconds": round(seconds, 3)}},
    )
