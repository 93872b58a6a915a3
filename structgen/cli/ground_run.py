"""Ground objects and write a row for each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from structgen import json_text
from structgen.cli import console, files, schema_source
from structgen.cli.calibration_file import read_calibration
from structgen.cli.errors import DOCUMENT_ERRORS, report
from structgen.cli.file_reader import DocumentText
from structgen.cli.journal import open_rows
from structgen.cli.output_file import write_text
from structgen.cli.progress import progress
from structgen.cli.summary import show_summary
from structgen.errors import BadRequest, StructgenError
from structgen.types import Violation

if TYPE_CHECKING:
    from structgen.evidence.source import Source

Text: TypeAlias = "str | Sequence[str] | Path | Source"
"""A text, the texts of its pages, a file, or what was read of one."""
GroundText = Callable[[Any, Text], dict[str, Any]]
"""Returns the evidence of a value in a text or a file, with its counts."""
_PAGE_BREAK = "\f"


@cache
def read_source(path: Path) -> Source:
    """Return what a file says, read once; print the warnings about it."""
    from structgen.files.isolated import read_file

    source = read_file(path)
    warn_of(source)
    return source


def warn_of(source: Source) -> None:
    """Print the warnings about what was read of a file."""
    for warning in source.warnings:
        console.warn(warning.message, warning.code)


@dataclass(frozen=True)
class Grounder:
    """The options of the search, and the service that makes it, if one is given."""

    schema: str | None
    folder: Path | None
    pages: bool
    signals: bool
    calibration: Path | None
    url: str | None
    api_key: str | None

    def source(self, text: Text) -> str | tuple[str, ...] | Source:
        """Return the text, its pages, or what was read from the file."""
        if isinstance(text, Path):
            return read_source(text)
        if isinstance(text, str):
            return tuple(text.split(_PAGE_BREAK)) if self.pages else text
        return tuple(text) if isinstance(text, Sequence) else text


@contextmanager
def open_grounder(options: Grounder) -> Iterator[GroundText]:
    """Open what grounds: a service, or this process."""
    from structgen.evidence.answer_evidence import EvidenceTask, response_members

    if options.url:
        from structgen.client.sync import Client

        name = options.schema
        target = None if name is None else schema_source.name_or_definition(name)
        with Client(options.url, options.api_key) as client:

            def there(data: Any, text: Text) -> dict[str, Any]:
                if isinstance(text, Path):
                    return response_members(client.ground(data, target, file=text))
                assert isinstance(text, Sequence)  # a service reads the files itself
                source = text.split(_PAGE_BREAK) if options.pages and isinstance(text, str) else text
                return response_members(client.ground(data, target, source))

            yield there
        return
    schema = None if options.schema is None else schema_source.parsed(options.schema, options.folder)
    for warning in () if schema is None else schema.warnings:
        console.warn(warning.message, warning.code, warning.pointer)
    calibration = None
    if options.calibration is not None:
        calibration = read_calibration(options.calibration, None if schema is None else schema.hash)

    def here(data: Any, text: Text) -> dict[str, Any]:
        task = EvidenceTask(
            data, options.source(text), list_signals=options.signals, max_leaves=None, calibration=calibration
        )
        return response_members(task.evidence(schema))

    yield here


def one_object(path: str, text: DocumentText, grounded: GroundText, out: Path | None) -> None:
    """Ground the JSON value of a file, and write its evidence. Errors are raised."""
    data = _value(files.json_bytes(path), files.source_name(path))
    write_text(out, json_text.dumps(grounded(data, text)))


@dataclass(frozen=True)
class Line:
    """One line of JSON Lines, with the name of its place."""

    source: str
    text: bytes


def read_lines(path: str) -> Iterator[Line]:
    """Yield the lines of a file that are not empty, as they arrive."""
    name = files.source_name(path)
    with files.open_binary(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield Line(f"{name}:{number}", line)


class GroundRun:
    """A run over many objects, which writes a row for each, in their order."""

    def __init__(self, grounded: GroundText, document: DocumentText | None, out: Path | None) -> None:
        self._grounded, self._document = grounded, document
        self._rows = open_rows(out, None)
        self._counts = Counter({"grounded": 0})
        self._exit_code = 0

    def run(self, lines: Iterable[Line]) -> int:
        """Ground all objects and return the exit code; errors of one object get a row."""
        started, complete = time.monotonic(), False
        try:
            with progress(None) as advance:
                for line in lines:
                    try:
                        row = self._row(line)
                    except DOCUMENT_ERRORS as error:
                        advance(partial(self._add_failure, line, error))
                    else:
                        advance(partial(self._add, line, row))
            complete = True
        finally:
            self._rows.close(complete=complete)
        show_summary(self._counts, time.monotonic() - started, "object")
        return self._exit_code

    def _row(self, line: Line) -> dict[str, Any]:
        row = _value(line.text, line.source)
        if not isinstance(row, dict) or "data" not in row:
            raise BadRequest(f'{line.source}: the line is no object with the member `data`: {{"data": ...}}')
        text = self._text(row, line.source)
        names = {"id": row["id"]} if "id" in row else {}
        return {**names, **self._grounded(row["data"], text)}

    def _text(self, row: dict[str, Any], name: str) -> Text:
        """Return the document of a row, or its pages, or the text of --source."""
        from structgen.evidence.row_members import read_source

        if row.get("document") is None and row.get("pages") is None:
            if self._document is None:
                raise BadRequest(
                    f"{name}: the line has no `document` and no `pages`: add it, or give --source"
                )
            return self._document
        faults: list[Violation] = []
        text = read_source(row, faults)
        if faults:
            raise BadRequest(f"{name}: {faults[0].pointer}: {faults[0].message}")
        return text

    def _add(self, line: Line, row: dict[str, Any]) -> None:
        self._counts["grounded"] += 1
        self._rows.add(line.source, row, None)

    def _add_failure(self, line: Line, error: StructgenError) -> None:
        self._exit_code = max(self._exit_code, error.exit_code)
        self._counts[error.name] += 1
        report(error, line.source)
        self._rows.add(line.source, None, None)


def _value(text: bytes, name: str) -> Any:
    try:
        return json_text.loads(text)
    except json_text.JsonError as fault:
        raise BadRequest(f"{name}: {fault}") from fault
