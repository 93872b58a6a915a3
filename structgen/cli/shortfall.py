"""Rows of a document that no item of a list comes from, named by their lines."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

from structgen.cli import console
from structgen.cli.file_reader import DocumentText
from structgen.errors import Incomplete
from structgen.messages import counted
from structgen.types import Coverage, Span

CODE = "shortfall"
"""Code of the warning about a list that lacks rows."""
_SHOWN = 3
"""Rows that a message names."""
_LENGTH = 60
"""Characters of a row that a message shows."""


def shortfalls(coverage: Mapping[str, Coverage], document: DocumentText | None) -> dict[str, str]:
    """Return for each list that lacks rows which ones these are, by its pointer.

    `document` is its text, its file or what was read of it. Without it, or beyond its end, a row is named by
    its characters.
    """
    lacking = {at: each for at, each in coverage.items() if each.unclaimed}
    text = _text(document) if lacking else None
    return {at: _lacking(each, text) for at, each in lacking.items()}


def with_rows(error: Incomplete, document: DocumentText | None) -> Incomplete:
    """Return a copy of the error whose detail names the rows that lists lack; itself where none lacks any."""
    named = [f"{at or '/'}: {rows}" for at, rows in shortfalls(error.coverage or {}, document).items()]
    if not named:
        return error
    copied = copy.copy(error)
    copied.args = (f"{error}; {'; '.join(named)}", *error.args[1:])
    return copied


def warn_of(rows: Mapping[str, str], source: str = "") -> None:
    """Print a warning for each list that lacks rows."""
    for at, lacking in rows.items():
        console.warn(lacking, CODE, at, source=source)


def _text(document: DocumentText | None) -> str | None:
    if isinstance(document, Path):
        from structgen.files.isolated import read_file

        document = read_file(document)
    return document if document is None or isinstance(document, str) else document.text


def _lacking(coverage: Coverage, text: str | None) -> str:
    spans = coverage.unclaimed
    of_all = f" of {coverage.expected:,}" if coverage.expected is not None else ""
    more = f" and {len(spans) - _SHOWN:,} more" if len(spans) > _SHOWN else ""
    named = ", ".join(_named(span, text) for span in spans[:_SHOWN])
    verb = "has" if len(spans) == 1 else "have"
    return f"{counted(len(spans), 'row')}{of_all} {verb} no item: {named}{more}"


def _named(span: Span, text: str | None) -> str:
    row = "" if text is None else " ".join(text[span.start : span.end].split())
    if text is None or not row:
        return f"characters {span.start} to {span.end}"
    first = span.start + len(text[span.start : span.end]) - len(text[span.start : span.end].lstrip())
    number = text.count("\n", 0, first) + 1
    return f"line {number} ({row if len(row) <= _LENGTH else row[:_LENGTH].rstrip() + '…'})"
